from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from example_project.events.models import Event, EventStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import EventFactory, OrganiserFactory, TicketTypeFactory


class DuplicateTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        cls.event = EventFactory(title="Hamlet", organiser=cls.owner)
        TicketTypeFactory(event=cls.event, name="Stalls", quantity=40, taken=40)
        cls.start = timezone.now() + timedelta(days=90)

    def duplicate(self, **body):
        self.login(self.owner)
        return self.client.post(reverse("event-duplicate", args=["hamlet"]), body)

    def test_copy_is_a_draft_with_everything_left(self):
        response = self.duplicate(starts_at=self.start.isoformat())
        self.assertStatus(response, 201)
        copy = Event.objects.get(slug="hamlet-2")
        self.assertEqual((copy.status, copy.starts_at), (EventStatus.DRAFT, self.start))
        ticket_type = copy.ticket_types.get()
        self.assertEqual((ticket_type.name, ticket_type.remaining), ("Stalls", 40))

    def test_original_stays(self):
        self.duplicate(starts_at=self.start.isoformat())
        self.event.refresh_from_db()
        self.assertEqual(self.event.status, EventStatus.PUBLISHED)
        self.assertEqual(self.event.ticket_types.get().taken, 40)

    def test_date_is_required(self):
        self.assertInvalid(self.duplicate(), "starts_at", "required")
