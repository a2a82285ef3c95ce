from datetime import timedelta

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from example_project.events.models import EventStatus
from example_project.events.services import publish_event
from example_project.exceptions import TransitionError
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import EventFactory, OrganiserFactory, TicketTypeFactory


class PublishEventTests(TestCase):
    def draft(self, **fields):
        event = EventFactory(status=EventStatus.DRAFT, **fields)
        TicketTypeFactory(event=event)
        return event

    def test_publish(self):
        event = publish_event(self.draft())
        self.assertEqual(event.status, EventStatus.PUBLISHED)
        self.assertAlmostEqual(event.published_at, timezone.now(), delta=timedelta(minutes=1))

    def test_only_drafts(self):
        for status in [EventStatus.PUBLISHED, EventStatus.CANCELLED]:
            with self.subTest(status):
                event = EventFactory(status=status)
                with self.assertRaisesMessage(TransitionError, f"A {status.value} event"):
                    publish_event(event)

    def test_not_after_the_start(self):
        event = self.draft(starts_at=timezone.now() - timedelta(minutes=1))
        with self.assertRaisesMessage(TransitionError, "started already"):
            publish_event(event)

    def test_not_without_tickets(self):
        with self.assertRaisesMessage(TransitionError, "no tickets to sell"):
            publish_event(EventFactory(status=EventStatus.DRAFT))


class PublishApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        cls.event = EventFactory(title="Hamlet", status=EventStatus.DRAFT, organiser=cls.owner)
        TicketTypeFactory(event=cls.event)
        cls.url = reverse("event-publish", args=["hamlet"])

    def test_owner_publishes(self):
        self.login(self.owner)
        response = self.client.post(self.url)
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "published")
        self.client.logout()
        self.assertStatus(self.client.get(reverse("event-detail", args=["hamlet"])), 200)

    def test_twice(self):
        self.login(self.owner)
        self.client.post(self.url)
        self.assertErrorCode(self.client.post(self.url), 409, "invalid_transition")

    def test_others_do_not_even_find_the_draft(self):
        self.login(OrganiserFactory())
        self.assertStatus(self.client.post(self.url), 404)
