from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from example_project.events.models import EventStatus
from example_project.testing.base import PageTestCase
from example_project.testing.factories import EventFactory, OrganiserFactory, TicketTypeFactory


class HomePageTests(PageTestCase):
    def test_cards(self):
        event = EventFactory(title="Hamlet", starts_at=timezone.now() + timedelta(days=3))
        TicketTypeFactory(event=event, price=Decimal("1250.00"))
        response = self.client.get(reverse("home"))
        self.assertTemplateUsed(response, "events/_card.html")
        self.assertContains(response, '<a href="/events/hamlet/">Hamlet</a>', html=True)
        self.assertContains(response, "from £1,250.00")

    def test_nothing_on(self):
        self.assertContains(self.client.get(reverse("home")), "No events in the next weeks.")

    def test_footer_has_the_support_address(self):
        self.assertContains(self.client.get(reverse("home")), "mailto:help@example.com")


class EventPageTests(PageTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        cls.event = EventFactory(
            title="Hamlet", description="First line.\n\nSecond.", organiser=cls.owner
        )
        TicketTypeFactory(event=cls.event, name="Stalls", quantity=20, taken=19)
        TicketTypeFactory(event=cls.event, name="Gods", quantity=5, taken=5, price=0)
        cls.url = reverse("event-page", args=["hamlet"])

    def test_title(self):
        self.assertContains(self.client.get(self.url), "<title>Hamlet | Ticket Office</title>")

    def test_ticket_types(self):
        response = self.client.get(self.url)
        self.assertContains(response, "1 ticket left")
        self.assertContains(response, "sold out")
        self.assertContains(response, "<td>free</td>", html=True)

    def test_bar(self):
        self.assertContains(self.client.get(self.url), "Last tickets")

    def test_description_is_escaped_and_cut_into_paragraphs(self):
        type(self.event).objects.update(description="<b>Bold</b>\n\nSecond.")
        response = self.client.get(self.url)
        self.assertContains(response, "<p>&lt;b&gt;Bold&lt;/b&gt;</p>")
        self.assertContains(response, "<p>Second.</p>")

    def test_cancelled(self):
        type(self.event).objects.update(status=EventStatus.CANCELLED)
        self.assertContains(self.client.get(self.url), "This event is cancelled.")

    def test_draft_is_for_its_organiser(self):
        type(self.event).objects.update(status=EventStatus.DRAFT)
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.login(self.owner)
        self.assertContains(self.client.get(self.url), "Hamlet")

    def test_queries(self):
        with self.assertNumQueries(2):
            self.client.get(self.url)
