from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from example_project.events.models import EventStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrganiserFactory,
    TicketTypeFactory,
    VenueFactory,
)


class EventReadTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory(first_name="Ada", last_name="Lovelace")
        venue = VenueFactory(name="Playhouse", city="Leeds")
        cls.event = EventFactory(title="Hamlet", venue=venue, organiser=cls.owner)
        TicketTypeFactory(event=cls.event, name="Stalls", price=Decimal("30.00"), taken=25)
        TicketTypeFactory(event=cls.event, name="Gods", price=Decimal("9.00"))
        cls.draft = EventFactory(title="Macbeth", status=EventStatus.DRAFT, organiser=cls.owner)

    def test_list(self):
        response = self.client.get(reverse("event-list"))
        self.assertEqual(self.slugs(response), ["hamlet"])
        row = response.data["results"][0]
        self.assertEqual((row["city"], row["min_price"]), ("Leeds", "9.00"))

    def test_list_takes_two_queries_however_many_events(self):
        for _ in range(3):
            TicketTypeFactory(event=EventFactory())
        with self.assertNumQueries(2):
            response = self.client.get(reverse("event-list"))
        self.assertEqual(len(response.data["results"]), 4)

    def test_detail(self):
        response = self.client.get(reverse("event-detail", args=["hamlet"]))
        self.assertStatus(response, 200)
        self.assertEqual(response.data["venue"]["slug"], "playhouse")
        self.assertEqual(response.data["organiser"], "Ada Lovelace")
        self.assertEqual(
            [(each["name"], each["remaining"]) for each in response.data["ticket_types"]],
            [("Stalls", 75), ("Gods", 100)],
        )

    def test_drafts_are_hidden(self):
        self.assertStatus(self.client.get(reverse("event-detail", args=["macbeth"])), 404)

    def test_owner_sees_the_draft(self):
        self.login(self.owner)
        response = self.client.get(reverse("event-detail", args=["macbeth"]))
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "draft")

    def test_search_in_titles_and_venues(self):
        EventFactory(title="Football")
        for words in ["ham", "playh"]:
            with self.subTest(words):
                response = self.client.get(reverse("event-list"), {"search": words})
                self.assertEqual(self.slugs(response), ["hamlet"])

    def test_order_by_start(self):
        EventFactory(title="Othello", starts_at=timezone.now() + timedelta(days=1))
        response = self.client.get(reverse("event-list"), {"ordering": "-starts_at"})
        self.assertEqual(self.slugs(response), ["hamlet", "othello"])
