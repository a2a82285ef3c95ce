from decimal import Decimal

from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    OrderFactory,
    OrderLineFactory,
    PaidOrderFactory,
    UserFactory,
    VoucherFactory,
)


class ReceiptTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()

    def receipt(self, order):
        self.login(self.user)
        return self.client.get(reverse("order-receipt", args=[order.reference]))

    def test_page(self):
        order = PaidOrderFactory(customer=self.user, event__title="Hamlet")
        OrderLineFactory(order=order, ticket_type__name="Stalls", quantity=2)
        response = self.receipt(order)
        self.assertEqual(response["Content-Type"], "text/html; charset=utf-8")
        self.assertTemplateUsed(response, "orders/_lines.html")
        self.assertContains(response, f"<h1>Receipt {order.reference}</h1>", html=True)
        self.assertContains(response, "2 &times; Stalls: £40.00")
        self.assertContains(response, "Booking fees: £3.75")
        self.assertContains(response, "Total: £43.75")
        self.assertContains(response, "Paid on")

    def test_voucher_line(self):
        voucher = VoucherFactory(code="HALF-OFF")
        order = OrderFactory(customer=self.user, voucher=voucher, discount=Decimal("20.00"))
        self.assertContains(self.receipt(order), "Voucher HALF-OFF: &minus;£20.00")

    def test_unpaid(self):
        response = self.receipt(OrderFactory(customer=self.user))
        self.assertContains(response, "Not paid")
        self.assertNotContains(response, "Voucher")

    def test_receipts_of_others_are_not_found(self):
        self.assertEqual(self.receipt(OrderFactory()).status_code, 404)
