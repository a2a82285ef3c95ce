from django.core.cache import cache
from django.test import TestCase, override_settings
from django.urls import reverse

from example_project.events.availability import availability, availability_key
from example_project.events.models import EventStatus, TicketType
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import EventFactory, TicketTypeFactory


class AvailabilityTests(TestCase):
    def setUp(self):
        cache.clear()
        self.event = EventFactory(title="Hamlet")
        self.stalls = TicketTypeFactory(event=self.event, name="Stalls", quantity=50, taken=20)
        TicketTypeFactory(event=self.event, name="Gods", quantity=10, taken=10)

    def test_figures(self):
        found = availability(self.event)
        self.assertEqual((found["event"], found["on_sale"]), ("hamlet", True))
        self.assertEqual(found["remaining"], 30)
        self.assertEqual(
            {row["name"]: row["remaining"] for row in found["ticket_types"]},
            {"Stalls": 30, "Gods": 0},
        )

    def test_cached(self):
        availability(self.event)
        with self.assertNumQueries(0):
            availability(self.event)

    def test_taking_tickets_forgets(self):
        availability(self.event)
        self.stalls.taken = 50
        self.stalls.save()
        self.assertEqual(availability(self.event)["remaining"], 0)

    def test_cancelling_forgets(self):
        availability(self.event)
        self.event.status = EventStatus.CANCELLED
        self.event.save()
        self.assertFalse(availability(self.event)["on_sale"])

    def test_deleting_a_type_forgets(self):
        availability(self.event)
        self.stalls.delete()
        self.assertIsNone(cache.get(availability_key(self.event.pk)))

    @override_settings(TICKETS={"AVAILABILITY_CACHE_SECONDS": 0})
    def test_zero_seconds_turn_the_cache_off(self):
        availability(self.event)
        TicketType.objects.update(taken=0)
        self.assertEqual(availability(self.event)["remaining"], 60)


class AvailabilityApiTests(ApiTestCase):
    def test_public(self):
        ticket_type = TicketTypeFactory(quantity=5)
        url = reverse("event-availability", args=[ticket_type.event.slug])
        response = self.client.get(url)
        self.assertStatus(response, 200)
        self.assertEqual(response.data["remaining"], 5)

    def test_drafts_are_hidden(self):
        event = EventFactory(status=EventStatus.DRAFT)
        url = reverse("event-availability", args=[event.slug])
        self.assertStatus(self.client.get(url), 404)
