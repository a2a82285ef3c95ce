from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    BoxOfficeFactory,
    EventFactory,
    OrderFactory,
    OrderLineFactory,
    PaidOrderFactory,
    UserFactory,
)


class OrderListTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory(email="robin@example.com")
        cls.hamlet = EventFactory(title="Hamlet")
        cls.reserved = OrderFactory(customer=cls.user, event=cls.hamlet)
        OrderLineFactory(order=cls.reserved, quantity=3)
        cls.paid = PaidOrderFactory(customer=cls.user)
        cls.other = OrderFactory(event=cls.hamlet)

    def references(self, **params):
        response = self.client.get(reverse("order-list"), params)
        self.assertStatus(response, 200)
        return [row["reference"] for row in response.data["results"]]

    def test_own_orders_newest_first(self):
        self.login(self.user)
        self.assertEqual(self.references(), [self.paid.reference, self.reserved.reference])

    def test_ticket_count(self):
        self.login(self.user)
        response = self.client.get(reverse("order-list"), {"event": "hamlet"})
        self.assertEqual(response.data["results"][0]["ticket_count"], 3)

    def test_status_can_be_several(self):
        self.login(self.user)
        self.assertEqual(self.references(status="paid"), [self.paid.reference])
        self.assertEqual(len(self.references(status=["paid", "reserved"])), 2)

    def test_box_office_searches_by_customer(self):
        self.login(BoxOfficeFactory())
        self.assertEqual(len(self.references()), 3)
        self.assertEqual(len(self.references(search="robin@")), 2)

    def test_detail(self):
        self.login(self.user)
        response = self.client.get(reverse("order-detail", args=[self.reserved.reference]))
        self.assertStatus(response, 200)
        self.assertEqual(response.data["event"], "hamlet")
        self.assertEqual(response.data["lines"][0]["quantity"], 3)

    def test_orders_of_others_are_not_found(self):
        self.login(self.user)
        url = reverse("order-detail", args=[self.other.reference])
        self.assertStatus(self.client.get(url), 404)

    def test_orders_are_not_edited(self):
        self.login(self.user)
        url = reverse("order-detail", args=[self.paid.reference])
        self.assertStatus(self.client.patch(url, {"status": "refunded"}), 405)
