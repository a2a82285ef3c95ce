from django.core.cache import cache
from django.test import SimpleTestCase, TestCase

from shop.prices import gross, rounded


class PriceTests(SimpleTestCase):
    def test_gross(self):
        self.assertEqual(gross(1), 2)

    def test_cache(self):
        cache.set("key", 1)
        self.assertEqual(cache.get("key"), 1)


class RoundingTests(SimpleTestCase):
    def test_rounded(self):
        self.assertEqual(rounded(19), 10)


class OrderTests(TestCase):
    def test_create(self):
        answer = self.client.post("/orders/", {"name": "x", "net": 1})
        self.assertEqual(answer.status_code, 201)
