from django.test import SimpleTestCase, TestCase, override_settings
from django.urls import reverse


class RequestIdTests(TestCase):
    def get(self, **headers):
        return self.client.get(reverse("city-list"), headers=headers)

    def test_each_request_has_its_own_id(self):
        first, second = self.get()["X-Request-ID"], self.get()["X-Request-ID"]
        self.assertRegex(first, r"^[0-9a-f]{32}$")
        self.assertNotEqual(first, second)

    def test_id_of_the_caller_is_kept(self):
        response = self.get(**{"X-Request-ID": "web-7f3a-0001"})
        self.assertEqual(response["X-Request-ID"], "web-7f3a-0001")

    def test_odd_ids_are_replaced(self):
        for odd in ["short", "x" * 65, "semi;colon-injection", "new\tline-0001"]:
            with self.subTest(odd):
                response = self.get(**{"X-Request-ID": odd})
                self.assertNotEqual(response["X-Request-ID"], odd)


@override_settings(TICKETS={"READ_ONLY": True})
class ReadOnlyTests(TestCase):
    def test_writes_are_refused(self):
        response = self.client.post(reverse("order-quote"), {}, content_type="application/json")
        self.assertEqual(response.status_code, 503)
        self.assertEqual(response.json()["code"], "read_only")
        self.assertEqual(response["Retry-After"], "120")

    def test_refused_requests_still_have_an_id(self):
        self.assertIn("X-Request-ID", self.client.post(reverse("order-quote")))

    def test_reads_are_answered(self):
        self.assertEqual(self.client.get(reverse("city-list")).status_code, 200)

    def test_admin_stays_usable(self):
        response = self.client.post(reverse("admin:login"), {"username": "a", "password": "b"})
        self.assertEqual(response.status_code, 200)

    def test_pages_say_so(self):
        self.assertContains(self.client.get(reverse("home")), "Sales are paused")


class NotReadOnlyTests(SimpleTestCase):
    def test_writes_reach_the_view(self):
        response = self.client.post(reverse("payment-webhook"), {}, "application/json")
        self.assertEqual(response.status_code, 403)
