from django.template.loader import render_to_string
from django.test import SimpleTestCase


class Pages(SimpleTestCase):
    def test_hello(self):
        self.assertEqual(self.client.get("/hello/").content, b"hello")

    def test_cached_first(self):
        self.assertEqual(self.client.get("/cached/").content, b"1")

    def test_cached_second(self):
        self.assertEqual(self.client.get("/cached/").content, b"1")

    def test_page(self):
        self.assertContains(self.client.get("/page/"), "PAGE")

    def test_page_again(self):
        self.assertIn("A", render_to_string("page.html", {"name": "a"}))

    def test_plain(self):
        self.assertIn("plain", render_to_string("plain.html"))
