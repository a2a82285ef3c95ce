from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import OrderFactory, UserFactory, VenueFactory


class PageNumberTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        for number in range(23):
            VenueFactory(name=f"Hall {number:02}")

    def test_first_page(self):
        response = self.client.get(reverse("venue-list"))
        self.assertEqual(response.data["count"], 23)
        self.assertEqual(len(response.data["results"]), 20)
        self.assertIsNone(response.data["previous"])

    def test_last_page(self):
        response = self.client.get(reverse("venue-list"), {"page": 2})
        self.assertEqual(self.slugs(response), ["hall-20", "hall-21", "hall-22"])
        self.assertIsNone(response.data["next"])

    def test_page_size(self):
        response = self.client.get(reverse("venue-list"), {"page_size": 5})
        self.assertEqual(len(response.data["results"]), 5)

    def test_page_past_the_end(self):
        self.assertStatus(self.client.get(reverse("venue-list"), {"page": 3}), 404)


class CursorTests(ApiTestCase):
    def test_no_order_is_shown_twice_when_new_ones_come(self):
        user = UserFactory()
        older = OrderFactory.create_batch(12, customer=user)
        self.login(user)
        first = self.client.get(reverse("order-list"))
        OrderFactory(customer=user, event=older[0].event)
        second = self.client.get(first.data["next"])
        seen = [row["reference"] for row in first.data["results"] + second.data["results"]]
        self.assertEqual(seen, [order.reference for order in reversed(older)])
