from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import OrderFactory, OrderLineFactory, UserFactory
from example_project.testing.payments import PaymentsMixin


class PaymentApiTests(PaymentsMixin, ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()
        cls.order = OrderFactory(customer=cls.user)
        OrderLineFactory(order=cls.order, quantity=3)
        cls.url = reverse("order-pay", args=[cls.order.reference])

    def pay(self, source="tok_visa"):
        self.login(self.user)
        return self.client.post(self.url, {"source": source})

    def test_paid_order_has_its_tickets(self):
        response = self.pay()
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "paid")
        self.assertEqual(len(response.data["tickets"]), 3)

    def test_declined(self):
        response = self.pay("tok_poor")
        self.assertErrorCode(response, 402, "payment_declined")
        self.assertEqual(response.data["detail"], "Insufficient funds.")

    def test_service_down(self):
        self.mock.fail("captureCharge", status=503)
        self.assertErrorCode(self.pay(), 503, "payment_unavailable")

    def test_source_must_be_a_token(self):
        self.assertInvalid(self.pay("4111111111111111"), "source", "does not match")
        self.assertEqual(self.calls(), [])

    def test_orders_of_others_are_not_found(self):
        self.login(UserFactory())
        self.assertStatus(self.client.post(self.url, {"source": "tok_visa"}), 404)


class PaymentHealthTests(ApiTestCase):
    def test_for_staff_only(self):
        self.login(UserFactory())
        self.assertStatus(self.client.get(reverse("payment-health")), 403)
