from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from example_project.events.models import EventStatus
from example_project.events.services import upcoming_events
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import CategoryFactory, EventFactory, OrganiserFactory


class UpcomingEventsTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        shared = {"organiser": OrganiserFactory(password=None), "category": CategoryFactory()}
        now = timezone.now()
        for title, days in [("Past", -1), ("Tomorrow", 1.5), ("Next week", 8), ("Next month", 40)]:
            EventFactory(title=title, starts_at=now + timedelta(days=days), **shared)
        EventFactory(
            title="Secret",
            status=EventStatus.DRAFT,
            starts_at=now + timedelta(days=1),
            **shared,
        )

    def titles(self, **kwargs):
        return [event.title for event in upcoming_events(**kwargs)]

    def test_a_week_unless_told(self):
        self.assertEqual(self.titles(), ["Tomorrow"])

    def test_days(self):
        self.assertEqual(self.titles(days=9), ["Tomorrow", "Next week"])

    def test_days_are_kept_in_bounds(self):
        self.assertEqual(self.titles(days=-5), [])
        self.assertEqual(len(self.titles(days=1000)), 3)

    def test_limit(self):
        self.assertEqual(self.titles(days=90, limit=1), ["Tomorrow"])


class UpcomingApiTests(ApiTestCase):
    def test_list_without_pages(self):
        event = EventFactory(starts_at=timezone.now() + timedelta(days=2))
        response = self.client.get(reverse("event-upcoming"))
        self.assertStatus(response, 200)
        self.assertEqual([row["slug"] for row in response.data], [event.slug])

    def test_days_must_be_a_number(self):
        response = self.client.get(reverse("event-upcoming"), {"days": "soon"})
        self.assertInvalid(response, "days", "whole number of days")
