from importlib import import_module

from django.apps import apps
from django.test import TestCase
from django.urls import reverse

from example_project.orders.models import Voucher
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrderFactory,
    OrganiserFactory,
    StaffFactory,
    VoucherFactory,
)

migration = import_module("example_project.orders.migrations.0002_uppercase_voucher_codes")


class VoucherApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.voucher = VoucherFactory(code="SPRING-24", percent_off=10)
        cls.detail = reverse("voucher-detail", args=[cls.voucher.pk])

    def setUp(self):
        super().setUp()
        self.login(self.staff)

    def test_create_writes_capitals(self):
        event = EventFactory()
        body = {"code": "summer-24", "percent_off": 20, "event": event.slug}
        self.assertStatus(self.client.post(reverse("voucher-list"), body), 201)
        self.assertEqual(Voucher.objects.get(code="SUMMER-24").event, event)

    def test_invalid(self):
        for body, field in [
            ({"code": "X", "percent_off": 20}, "code"),
            ({"code": "SPRING-24", "percent_off": 20}, "code"),
            ({"code": "SUMMER-24", "percent_off": 101}, "percent_off"),
            ({"code": "SUMMER-24", "percent_off": 20, "event": "nowhere"}, "event"),
        ]:
            with self.subTest(body=body):
                response = self.client.post(reverse("voucher-list"), body)
                self.assertStatus(response, 400)
                self.assertEqual(list(response.data), [field])

    def test_uses_are_counted_not_set(self):
        self.client.patch(self.detail, {"uses": 5, "max_uses": 9})
        self.voucher.refresh_from_db()
        self.assertEqual((self.voucher.uses, self.voucher.max_uses), (0, 9))

    def test_filter(self):
        VoucherFactory(code="HALF-OFF", percent_off=50)
        response = self.client.get(reverse("voucher-list"), {"percent_off": 50})
        self.assertEqual([row["code"] for row in response.data["results"]], ["HALF-OFF"])

    def test_delete_unless_used(self):
        used = OrderFactory(voucher=VoucherFactory()).voucher
        response = self.client.delete(reverse("voucher-detail", args=[used.pk]))
        self.assertErrorCode(response, 409, "invalid_transition")
        self.assertStatus(self.client.delete(self.detail), 204)

    def test_organisers_may_not_even_look(self):
        self.login(OrganiserFactory())
        self.assertStatus(self.client.get(self.detail), 403)


class VoucherCheckTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory(title="Hamlet")
        VoucherFactory(code="SPRING-24", percent_off=10)

    def check(self, code="spring-24", event="hamlet"):
        return self.client.post(reverse("voucher-check"), {"code": code, "event": event})

    def test_usable(self):
        response = self.check()
        self.assertStatus(response, 200)
        self.assertEqual(response.data, {"code": "SPRING-24", "event": "hamlet", "percent_off": 10})

    def test_unknown(self):
        self.assertErrorCode(self.check("AUTUMN-24"), 400, "invalid_voucher")

    def test_event_must_be_on_sale(self):
        self.assertInvalid(self.check(event="macbeth"), "event", "does_not_exist")

    def test_checking_is_no_use(self):
        self.check()
        self.assertEqual(Voucher.objects.get().uses, 0)


class UppercaseCodesTests(TestCase):
    def test_codes_are_in_capitals_afterwards(self):
        VoucherFactory(code="Spring-24")
        migration.uppercase_codes(apps, None)
        self.assertEqual(Voucher.objects.get().code, "SPRING-24")
