from decimal import Decimal

from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import TicketTypeFactory, VoucherFactory


class QuoteApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ticket_type = TicketTypeFactory(price=Decimal("60.00"), event__currency="EUR")
        VoucherFactory(code="HALF-OFF", percent_off=50)

    def quote(self, quantity=1, **body):
        items = [{"ticket_type": self.ticket_type.pk, "quantity": quantity}]
        return self.client.post(reverse("order-quote"), {"items": items} | body)

    def test_price_for_anybody(self):
        response = self.quote()
        self.assertStatus(response, 200)
        self.assertEqual(
            response.data,
            {
                "currency": "EUR",
                "subtotal": "60.00",
                "discount": "0.00",
                "fees": "2.65",
                "total": "62.65",
            },
        )

    def test_voucher(self):
        response = self.quote(quantity=2, voucher="HALF-OFF")
        self.assertEqual((response.data["discount"], response.data["total"]), ("60.00", "64.40"))

    def test_limits_apply(self):
        self.assertErrorCode(self.quote(quantity=9), 400, "order_limit")

    def test_not_on_sale(self):
        self.ticket_type.event.delete()
        self.assertErrorCode(self.quote(), 409, "not_on_sale")

    def test_throttled(self):
        url = reverse("order-quote")
        statuses = [self.client.post(url, {}).status_code for _ in range(31)]
        self.assertEqual(statuses, [400] * 30 + [429])
