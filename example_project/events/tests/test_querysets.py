from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.test import TestCase
from django.utils import timezone

from example_project.events.models import Event, EventStatus
from example_project.testing.factories import (
    EventFactory,
    OrganiserFactory,
    StaffFactory,
    TicketTypeFactory,
)


class VisibilityTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory(password=None)
        cls.draft = EventFactory(status=EventStatus.DRAFT, organiser=cls.owner)
        cls.published = EventFactory()
        cls.cancelled = EventFactory(status=EventStatus.CANCELLED)

    def assertSees(self, user, expected):
        self.assertQuerySetEqual(Event.objects.visible_to(user), expected, ordered=False)

    def test_nobody_sees_drafts(self):
        self.assertSees(AnonymousUser(), [self.published, self.cancelled])

    def test_organisers_see_their_own(self):
        self.assertSees(self.owner, [self.draft, self.published, self.cancelled])

    def test_organisers_do_not_see_drafts_of_others(self):
        self.assertSees(OrganiserFactory(password=None), [self.published, self.cancelled])

    def test_staff_see_all(self):
        self.assertSees(StaffFactory(password=None), [self.draft, self.published, self.cancelled])


class AnnotationTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory()
        TicketTypeFactory(event=cls.event, price=Decimal("35.00"), quantity=50, taken=20)
        TicketTypeFactory(event=cls.event, price=Decimal("12.50"), quantity=100, taken=100)
        cls.empty = EventFactory()

    def test_min_price(self):
        prices = dict(Event.objects.with_prices().values_list("pk", "min_price"))
        self.assertEqual(prices, {self.event.pk: Decimal("12.50"), self.empty.pk: None})

    def test_sales(self):
        rows = Event.objects.with_sales().values_list("pk", "tickets_total", "tickets_taken")
        self.assertEqual(set(rows), {(self.event.pk, 150, 120), (self.empty.pk, 0, 0)})

    def test_upcoming(self):
        EventFactory(starts_at=timezone.now() - timedelta(minutes=1))
        self.assertQuerySetEqual(Event.objects.upcoming(), [self.event, self.empty], ordered=False)

    def test_published(self):
        EventFactory(status=EventStatus.DRAFT)
        self.assertEqual(Event.objects.published().count(), 2)
