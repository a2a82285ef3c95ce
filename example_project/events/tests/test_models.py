from datetime import timedelta

from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from example_project.events.models import Event, EventStatus, TicketType
from example_project.testing.factories import EventFactory, TicketTypeFactory


class EventTests(TestCase):
    def test_slug_comes_from_the_title(self):
        self.assertEqual(EventFactory(title="Jazz & Blues Night").slug, "jazz-blues-night")

    def test_absolute_url(self):
        self.assertEqual(Event(slug="jazz-night").get_absolute_url(), "/events/jazz-night/")

    def test_on_sale_when_published_and_ahead(self):
        ahead, past = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(hours=1)
        for status, starts_at, expected in [
            (EventStatus.PUBLISHED, ahead, True),
            (EventStatus.PUBLISHED, past, False),
            (EventStatus.DRAFT, ahead, False),
            (EventStatus.CANCELLED, ahead, False),
        ]:
            with self.subTest(status=status, starts_at=starts_at):
                self.assertIs(Event(status=status, starts_at=starts_at).is_on_sale, expected)

    def test_doors_can_not_open_after_the_start(self):
        start = timezone.now() + timedelta(days=1)
        with self.assertRaises(IntegrityError), transaction.atomic():
            EventFactory(starts_at=start, doors_open_at=start + timedelta(minutes=1))

    def test_events_are_listed_by_start(self):
        now = timezone.now()
        later = EventFactory(starts_at=now + timedelta(days=9))
        sooner = EventFactory(starts_at=now + timedelta(days=2))
        self.assertQuerySetEqual(Event.objects.all(), [sooner, later])


class TicketTypeTests(TestCase):
    def test_remaining(self):
        ticket_type = TicketType(quantity=10, taken=7)
        self.assertEqual((ticket_type.remaining, ticket_type.is_sold_out), (3, False))

    def test_sold_out(self):
        self.assertTrue(TicketType(quantity=10, taken=10).is_sold_out)

    def test_database_refuses_to_oversell(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            TicketTypeFactory(quantity=10, taken=11)

    def test_names_are_unique_per_event(self):
        ticket_type = TicketTypeFactory(name="Stalls")
        with self.assertRaises(IntegrityError), transaction.atomic():
            TicketTypeFactory(name="Stalls", event=ticket_type.event)
