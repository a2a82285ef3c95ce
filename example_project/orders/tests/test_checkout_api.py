from decimal import Decimal

from django.urls import reverse

from example_project.orders.models import Order
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import TicketTypeFactory, UserFactory, VoucherFactory


class CheckoutApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()
        cls.stalls = TicketTypeFactory(name="Stalls", price=Decimal("20.00"), quantity=5)

    def setUp(self):
        super().setUp()
        self.login(self.user)

    def order(self, quantity=2, **body):
        items = [{"ticket_type": self.stalls.pk, "quantity": quantity}]
        return self.client.post(reverse("order-list"), {"items": items} | body)

    def test_reserve(self):
        response = self.order()
        self.assertStatus(response, 201)
        self.assertEqual(response.data["status"], "reserved")
        self.assertEqual(response.data["total"], "43.75")
        self.assertEqual(
            response.data["lines"],
            [
                {
                    "ticket_type": "Stalls",
                    "quantity": 2,
                    "unit_price": "20.00",
                    "amount": "40.00",
                }
            ],
        )
        self.assertEqual(response.data["tickets"], [])

    def test_order_belongs_to_the_user(self):
        self.order()
        self.assertEqual(Order.objects.get().customer, self.user)

    def test_availability_falls(self):
        url = reverse("event-availability", args=[self.stalls.event.slug])
        self.assertEqual(self.client.get(url).data["remaining"], 5)
        self.order()
        self.assertEqual(self.client.get(url).data["remaining"], 3)

    def test_sold_out(self):
        response = self.order(quantity=6)
        self.assertErrorCode(response, 409, "sold_out")
        self.assertEqual(response.data["detail"], "Stalls: 6 asked for, 5 left.")

    def test_too_many(self):
        self.assertErrorCode(self.order(quantity=9), 400, "order_limit")

    def test_voucher(self):
        VoucherFactory(code="HALF-OFF", percent_off=50)
        response = self.order(voucher="half-off")
        self.assertStatus(response, 201)
        self.assertEqual(
            (response.data["voucher"], response.data["discount"]), ("HALF-OFF", "20.00")
        )

    def test_bad_voucher(self):
        self.assertErrorCode(self.order(voucher="NOTHING"), 400, "invalid_voucher")

    def test_invalid_items(self):
        line = {"ticket_type": self.stalls.pk, "quantity": 1}
        for items, text in [
            ([], "may not be empty"),
            ([line, line], "Name each ticket type once"),
            ([{**line, "quantity": 0}], "greater than or equal to 1"),
            ([{"quantity": 1}], "required"),
            ("two", "Expected a list"),
        ]:
            with self.subTest(items=items):
                response = self.client.post(reverse("order-list"), {"items": items})
                self.assertInvalid(response, "items", text)
        self.assertFalse(Order.objects.exists())

    def test_needs_a_login(self):
        self.client.logout()
        self.assertStatus(self.order(), 401)
