from decimal import Decimal
from unittest import mock

import requests
from django.test import SimpleTestCase, override_settings
from django.urls import reverse

from example_project.exceptions import PaymentDeclinedError, PaymentUnavailableError
from example_project.orders import gateway
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    OrderFactory,
    OrderLineFactory,
    StaffFactory,
    UserFactory,
)
from example_project.testing.payments import FakePaymentsMixin

CHARGE = {
    "id": "ch_8Zk2Qw",
    "status": "authorized",
    "amount": 4575,
    "currency": "GBP",
    "reference": "T-7KQ2MXWA",
    "created_at": "2025-05-04T10:15:00Z",
}


class GatewayTests(FakePaymentsMixin, SimpleTestCase):
    def create_charge(self):
        return gateway.create_charge(
            amount=Decimal("45.75"), currency="GBP", reference="T-7KQ2MXWA", source="tok_visa"
        )

    def test_create_charge(self):
        self.payments.answers["POST /charges"] = (201, CHARGE)
        charge = self.create_charge()
        self.assertEqual((charge.id, charge.amount), ("ch_8Zk2Qw", 4575))
        self.assertEqual(
            self.payments.received[0]["json"],
            {
                "amount": 4575,
                "currency": "GBP",
                "reference": "T-7KQ2MXWA",
                "source": "tok_visa",
            },
        )

    def test_requests_carry_the_key_and_guard_against_repetition(self):
        self.payments.answers["POST /charges"] = (201, CHARGE)
        self.create_charge()
        headers = self.payments.received[0]["headers"]
        self.assertEqual(headers["Authorization"], "Bearer pk_example")
        self.assertEqual(headers["Idempotency-Key"], "T-7KQ2MXWA")

    def test_capture_and_get(self):
        captured = CHARGE | {"status": "captured"}
        self.payments.answers["POST /charges/ch_8Zk2Qw/capture"] = (200, captured)
        self.payments.answers["GET /charges/ch_8Zk2Qw"] = (200, captured)
        self.assertEqual(gateway.capture_charge("ch_8Zk2Qw").status, "captured")
        self.assertEqual(gateway.get_charge("ch_8Zk2Qw").status, "captured")

    def test_refund(self):
        refund = {"id": "re_5Tn1Ax", "charge": "ch_8Zk2Qw", "amount": 1000}
        self.payments.answers["POST /charges/ch_8Zk2Qw/refunds"] = (201, refund)
        self.assertEqual(gateway.refund_charge("ch_8Zk2Qw", amount=Decimal(10)), "re_5Tn1Ax")
        self.assertEqual(self.payments.received[0]["json"], {"amount": 1000})

    def test_list(self):
        self.payments.answers["GET /charges"] = (200, {"data": [CHARGE], "has_more": False})
        charges = gateway.list_charges(reference="T-7KQ2MXWA", limit=5)
        self.assertEqual([charge.id for charge in charges], ["ch_8Zk2Qw"])
        self.assertEqual(self.payments.received[0]["query"], "limit=5&reference=T-7KQ2MXWA")

    def test_declined(self):
        answer = {"code": "card_declined", "message": "Insufficient funds."}
        self.payments.answers["POST /charges"] = (402, answer)
        with self.assertRaisesMessage(PaymentDeclinedError, "Insufficient funds."):
            self.create_charge()

    def test_failures_are_all_alike_to_the_customer(self):
        for answer in [(500, {}), (404, {}), (401, {}), (200, "<html>")]:
            with self.subTest(answer):
                self.payments.answers["POST /charges"] = answer
                with self.assertRaises(PaymentUnavailableError):
                    self.create_charge()

    def test_health(self):
        for answer, healthy in [
            ((200, {"status": "ok"}), True),
            ((200, {"status": "degraded"}), False),
            ((503, {"status": "degraded"}), False),
        ]:
            with self.subTest(answer):
                self.payments.answers["GET /health"] = answer
                self.assertIs(gateway.is_healthy(), healthy)


class TimeoutTests(SimpleTestCase):
    @override_settings(PAYMENTS_URL="http://payments.invalid/", PAYMENTS_TIMEOUT=10)
    def test_slow_service(self):
        with (
            mock.patch.object(requests, "request", side_effect=requests.Timeout) as request,
            self.assertRaises(PaymentUnavailableError),
        ):
            gateway.get_charge("ch_1")
        self.assertEqual(request.call_args.args, ("GET", "http://payments.invalid/charges/ch_1"))
        self.assertEqual(request.call_args.kwargs["timeout"], 10)


class PayThroughGatewayTests(FakePaymentsMixin, ApiTestCase):
    def test_from_reservation_to_tickets(self):
        user = UserFactory()
        order = OrderFactory(customer=user)
        OrderLineFactory(order=order)
        self.payments.answers["POST /charges"] = (201, CHARGE)
        self.payments.answers["POST /charges/ch_8Zk2Qw/capture"] = (200, CHARGE)
        self.login(user)
        url = reverse("order-pay", args=[order.reference])
        response = self.client.post(url, {"source": "tok_visa"})
        self.assertStatus(response, 200)
        order.refresh_from_db()
        self.assertEqual(order.charge_id, "ch_8Zk2Qw")
        self.assertEqual(self.payments.received[0]["json"]["amount"], 4375)

    def test_health_for_staff(self):
        self.login(StaffFactory())
        self.payments.answers["GET /health"] = (200, {"status": "ok"})
        self.assertEqual(self.client.get(reverse("payment-health")).data, {"healthy": True})
