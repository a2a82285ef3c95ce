import json

from django.test import override_settings
from django.urls import reverse

from example_project.orders.models import OrderStatus
from example_project.orders.webhooks import sign
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import OrderFactory, OrderLineFactory, PaidOrderFactory


class WebhookTests(ApiTestCase):
    def send(self, order, kind="charge.captured", signature=None):
        charge = {"id": "ch_9", "reference": order.reference}
        body = json.dumps({"type": kind, "charge": charge}).encode()
        return self.client.generic(
            "POST",
            reverse("payment-webhook"),
            body,
            content_type="application/json",
            headers={"X-Signature": signature or sign(body)},
        )

    def test_payment_is_recorded(self):
        line = OrderLineFactory()
        response = self.send(line.order)
        self.assertStatus(response, 200)
        self.assertEqual(response.data, {"handled": True})
        line.order.refresh_from_db()
        self.assertEqual((line.order.status, line.order.charge_id), (OrderStatus.PAID, "ch_9"))
        self.assertEqual(line.tickets.count(), 2)

    def test_message_that_comes_twice(self):
        line = OrderLineFactory()
        self.send(line.order)
        self.assertEqual(self.send(line.order).data, {"handled": False})
        self.assertEqual(line.tickets.count(), 2)

    def test_order_that_was_paid_otherwise(self):
        order = PaidOrderFactory(charge_id="ch_1")
        self.assertEqual(self.send(order).data, {"handled": False})
        order.refresh_from_db()
        self.assertEqual(order.charge_id, "ch_1")

    def test_other_kinds_are_ignored(self):
        order = OrderFactory()
        self.assertEqual(self.send(order, "charge.disputed").data, {"handled": False})

    def test_unknown_order(self):
        order = OrderFactory.build(reference="T-UNKNOWN", event=None, currency="GBP", customer=None)
        self.assertEqual(self.send(order).data, {"handled": False})

    def test_wrong_signature(self):
        order = OrderFactory()
        self.assertStatus(self.send(order, signature="0" * 64), 403)
        order.refresh_from_db()
        self.assertEqual(order.status, OrderStatus.RESERVED)

    def test_signature_depends_on_the_secret(self):
        before = sign(b"{}")
        with override_settings(PAYMENTS_WEBHOOK_SECRET="whsec_other"):
            self.assertNotEqual(sign(b"{}"), before)
