from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from example_project.events.models import Currency, EventStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    CategoryFactory,
    EventFactory,
    TicketTypeFactory,
    VenueFactory,
)


class EventFilterTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.now = timezone.now()
        leeds, york = VenueFactory(city="Leeds", name="Arena"), VenueFactory(city="York")
        cls.hamlet = EventFactory(
            title="Hamlet",
            venue=leeds,
            category=CategoryFactory(slug="theatre"),
            starts_at=cls.now + timedelta(days=3),
        )
        cls.derby = EventFactory(
            title="Derby",
            venue=york,
            currency=Currency.EUR,
            starts_at=cls.now + timedelta(days=8),
        )
        TicketTypeFactory(event=cls.hamlet, price=Decimal("15.00"))
        TicketTypeFactory(event=cls.derby, price=Decimal("40.00"), quantity=10, taken=10)

    def assertFinds(self, expected, **params):
        self.assertEqual(self.slugs(self.client.get(reverse("event-list"), params)), expected)

    def test_city(self):
        self.assertFinds(["derby"], city="york")

    def test_venue(self):
        self.assertFinds(["hamlet"], venue="arena")

    def test_category(self):
        self.assertFinds(["hamlet"], category="theatre")

    def test_dates(self):
        middle = (self.now + timedelta(days=5)).isoformat()
        self.assertFinds(["derby"], starts_after=middle)
        self.assertFinds(["hamlet"], starts_before=middle)

    def test_max_price(self):
        self.assertFinds(["hamlet"], max_price="15.00")
        self.assertFinds([], max_price="14.99")

    def test_currency(self):
        self.assertFinds(["derby"], currency="EUR")

    def test_status(self):
        EventFactory(title="Flop", status=EventStatus.CANCELLED)
        self.assertFinds(["flop"], status="cancelled")

    def test_available(self):
        self.assertFinds(["hamlet"], available="true")
        self.assertFinds(["derby"], available="false")

    def test_unknown_choice(self):
        response = self.client.get(reverse("event-list"), {"status": "sold"})
        self.assertInvalid(response, "status", "not one of the available choices")
