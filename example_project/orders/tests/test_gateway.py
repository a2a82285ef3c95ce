from decimal import Decimal
from unittest import mock

import requests
from django.test import SimpleTestCase, override_settings
from django.urls import reverse

from cdds_django.mock.messages import MockResponse
from example_project.exceptions import PaymentDeclinedError, PaymentUnavailableError
from example_project.orders import gateway
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    OrderFactory,
    OrderLineFactory,
    StaffFactory,
    UserFactory,
)
from example_project.testing.payments import CHARGE, PaymentsMixin


class GatewayTests(PaymentsMixin, SimpleTestCase):
    def create_charge(self, source="tok_visa", reference="T-7KQ2MXWB"):
        return gateway.create_charge(
            amount=Decimal("45.75"), currency="GBP", reference=reference, source=source
        )

    def test_create_charge(self):
        charge = self.create_charge()
        self.assertEqual((charge.status, charge.amount), ("authorized", 4575))
        (row,) = self.charges()
        self.assertEqual(row["id"], charge.id)
        self.assertEqual(row["reference"], "T-7KQ2MXWB")

    def test_requests_carry_the_key(self):
        @self.mock.handler("createCharge")
        def create_charge(scene):
            self.assertEqual(scene.headers["authorization"], "Bearer pk_example")
            return scene.default()

        self.create_charge()

    def test_repetition_charges_once(self):
        self.assertEqual(self.create_charge(), self.create_charge())
        self.assertEqual(len(self.charges()), 1)
        self.create_charge(reference="T-OTHER")
        self.assertEqual(len(self.charges()), 2)

    def test_capture(self):
        charge = self.create_charge()
        self.assertEqual(gateway.capture_charge(charge.id).status, "captured")

    def test_get(self):
        self.assertEqual(gateway.get_charge("ch_77").amount, 4375)
        with self.assertRaises(PaymentUnavailableError):
            gateway.get_charge("ch_0")

    def test_refund(self):
        refund = gateway.refund_charge("ch_77", amount=Decimal(10))
        (row,) = self.mock.rows["/charges/ch_77/refunds"]
        self.assertEqual((row["id"], row["amount"]), (refund, 1000))

    def test_list(self):
        charges = gateway.list_charges(reference=CHARGE["reference"], limit=5)
        self.assertEqual([charge.id for charge in charges], ["ch_77"])
        self.assertEqual(gateway.list_charges(reference="T-NONE"), [])

    def test_declined(self):
        with self.assertRaisesMessage(PaymentDeclinedError, "Insufficient funds."):
            self.create_charge("tok_poor")

    def test_failures_are_all_alike_to_the_customer(self):
        for fault in [{"status": 500}, {"status": 404}, {"status": 401}, {"drop": True}]:
            with self.subTest(fault):
                self.mock.fail("getCharge", times=1, **fault)
                with self.assertRaises(PaymentUnavailableError):
                    gateway.get_charge("ch_77")

    def test_what_is_no_json(self):
        html = (b"content-type", b"text/html")
        self.mock.handler("getCharge")(lambda scene: MockResponse(200, (html,), b"<html>"))
        with self.assertRaises(PaymentUnavailableError):
            gateway.get_charge("ch_77")

    def test_health(self):
        self.assertIs(gateway.is_healthy(), True)
        self.mock.handler("getHealth")(lambda scene: {"status": "degraded"})
        self.assertIs(gateway.is_healthy(), False)
        self.mock.fail("getHealth", status=503)
        self.assertIs(gateway.is_healthy(), False)


class TimeoutTests(PaymentsMixin, SimpleTestCase):
    @override_settings(PAYMENTS_TIMEOUT=0.01)
    def test_slow_service(self):
        self.mock.fail("getCharge", delay_s=5)
        with self.assertRaises(PaymentUnavailableError):
            gateway.get_charge("ch_77")

    @override_settings(PAYMENTS_URL="http://payments.invalid/", PAYMENTS_TIMEOUT=10)
    def test_how_it_is_asked(self):
        with (
            mock.patch.object(requests, "request", side_effect=requests.Timeout) as request,
            self.assertRaises(PaymentUnavailableError),
        ):
            gateway.get_charge("ch_1")
        self.assertEqual(request.call_args.args, ("GET", "http://payments.invalid/charges/ch_1"))
        self.assertEqual(request.call_args.kwargs["timeout"], 10)


class PayThroughGatewayTests(PaymentsMixin, ApiTestCase):
    def test_from_reservation_to_tickets(self):
        user = UserFactory()
        order = OrderFactory(customer=user)
        OrderLineFactory(order=order)
        self.login(user)
        url = reverse("order-pay", args=[order.reference])
        response = self.client.post(url, {"source": "tok_visa"})
        self.assertStatus(response, 200)
        order.refresh_from_db()
        (charge,) = self.charges()
        self.assertEqual((order.charge_id, charge["amount"]), (charge["id"], 4375))

    def test_health_for_staff(self):
        self.login(StaffFactory())
        self.assertEqual(self.client.get(reverse("payment-health")).data, {"healthy": True})
