from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from example_project.orders.models import OrderStatus
from example_project.testing.base import PageTestCase
from example_project.testing.factories import (
    OrderFactory,
    OrderLineFactory,
    PaidOrderFactory,
    StaffFactory,
    VoucherFactory,
)


class OrderAdminTests(PageTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.order = OrderFactory(event__title="Hamlet")
        cls.line = OrderLineFactory(order=cls.order)
        cls.paid = PaidOrderFactory()

    def setUp(self):
        super().setUp()
        self.login(self.staff)
        self.list = reverse("admin:orders_order_changelist")

    def test_list(self):
        response = self.client.get(self.list)
        url = reverse("admin:events_event_change", args=[self.order.event_id])
        self.assertContains(response, f'<a href="{url}">Hamlet</a>', html=True)
        self.assertContains(response, "£43.75")

    def test_orders_are_not_made_or_deleted_by_hand(self):
        self.assertEqual(self.client.get(reverse("admin:orders_order_add")).status_code, 403)
        url = reverse("admin:orders_order_delete", args=[self.order.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)

    def test_cancel(self):
        data = {
            "action": "cancel_orders",
            ACTION_CHECKBOX_NAME: [self.order.pk, self.paid.pk],
        }
        response = self.client.post(self.list, data, follow=True)
        self.assertContains(response, "Cancelled 1 reservations.")
        self.assertContains(response, f"{self.paid.reference}: A paid order")
        self.order.refresh_from_db()
        self.assertEqual(self.order.status, OrderStatus.CANCELLED)

    def test_search_by_customer(self):
        response = self.client.get(self.list, {"q": self.paid.customer.email})
        self.assertContains(response, self.paid.reference)
        self.assertNotContains(response, self.order.reference)

    def test_voucher_form_validates_the_code(self):
        data = {"code": "nope!", "percent_off": 10}
        response = self.client.post(reverse("admin:orders_voucher_add"), data)
        self.assertContains(response, "capital letters, digits and hyphens")

    def test_voucher_list(self):
        VoucherFactory(code="SPRING-24")
        self.assertContains(
            self.client.get(reverse("admin:orders_voucher_changelist")), "SPRING-24"
        )
