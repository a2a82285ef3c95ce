from django.urls import reverse

from example_project.orders.models import OrderStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    OrderFactory,
    OrderLineFactory,
    PaidOrderFactory,
    UserFactory,
    VoucherFactory,
)


class CancelTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()

    def cancel(self, order):
        self.login(self.user)
        return self.client.post(reverse("order-cancel", args=[order.reference]))

    def test_tickets_go_back_on_sale(self):
        line = OrderLineFactory(order=OrderFactory(customer=self.user), quantity=4)
        response = self.cancel(line.order)
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "cancelled")
        line.ticket_type.refresh_from_db()
        self.assertEqual(line.ticket_type.taken, 0)

    def test_voucher_can_be_used_again(self):
        voucher = VoucherFactory(uses=1, max_uses=1)
        self.cancel(OrderFactory(customer=self.user, voucher=voucher))
        voucher.refresh_from_db()
        self.assertEqual(voucher.uses, 0)

    def test_paid_orders_are_refunded_instead(self):
        order = PaidOrderFactory(customer=self.user)
        self.assertErrorCode(self.cancel(order), 409, "invalid_transition")
        order.refresh_from_db()
        self.assertEqual(order.status, OrderStatus.PAID)

    def test_orders_of_others_are_not_found(self):
        self.assertStatus(self.cancel(OrderFactory()), 404)
