from decimal import Decimal

from django.test import TestCase
from django.urls import reverse

from example_project.events.models import Event
from example_project.events.services import upcoming_events
from example_project.notifications.models import NotificationPreference


class SeasonFixtureTests(TestCase):
    fixtures = ["season.json"]

    def test_past_and_coming_events(self):
        self.assertEqual(Event.objects.upcoming().get().slug, "spring-quartet")

    def test_far_events_are_not_upcoming_for_the_front_page(self):
        self.assertEqual(list(upcoming_events(days=90)), [])

    def test_cheapest_price(self):
        event = Event.objects.with_prices().get(slug="spring-quartet")
        self.assertEqual(event.min_price, Decimal("6.00"))

    def test_page(self):
        response = self.client.get(reverse("event-page", args=["spring-quartet"]))
        self.assertContains(response, "210 tickets left")
        self.assertContains(response, "sold out")

    def test_preferences_are_those_of_the_fixture(self):
        preference = NotificationPreference.objects.get(user__email="season@example.com")
        self.assertFalse(preference.email_orders)
