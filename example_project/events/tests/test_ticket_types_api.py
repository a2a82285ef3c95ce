from decimal import Decimal

from django.urls import reverse

from example_project.events.models import EventStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrganiserFactory,
    SectionFactory,
    TicketTypeFactory,
    VenueFactory,
)


class TicketTypeApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        cls.venue = VenueFactory(capacity=200)
        cls.event = EventFactory(title="Hamlet", organiser=cls.owner, venue=cls.venue)
        cls.stalls = TicketTypeFactory(event=cls.event, name="Stalls", quantity=150, taken=30)
        cls.list = reverse("event-ticket-type-list", args=["hamlet"])
        cls.detail = reverse("event-ticket-type-detail", args=["hamlet", cls.stalls.pk])

    def create(self, **fields):
        self.login(self.owner)
        body = {"name": "Gods", "price": "9.00", "quantity": 50} | fields
        return self.client.post(self.list, body)

    def test_list_is_public(self):
        response = self.client.get(self.list)
        self.assertStatus(response, 200)
        self.assertEqual([row["remaining"] for row in response.data], [120])

    def test_types_of_drafts_are_hidden(self):
        EventFactory(title="Macbeth", status=EventStatus.DRAFT)
        url = reverse("event-ticket-type-list", args=["macbeth"])
        self.assertStatus(self.client.get(url), 404)

    def test_detail(self):
        self.assertEqual(self.client.get(self.detail).data["name"], "Stalls")

    def test_create(self):
        self.assertStatus(self.create(), 201)
        self.assertEqual(self.event.ticket_types.get(name="Gods").price, Decimal("9.00"))

    def test_together_they_fit_the_venue(self):
        self.assertInvalid(self.create(quantity=51), "quantity", "would have 201 tickets")

    def test_section_limits_the_quantity(self):
        box = SectionFactory(venue=self.venue, name="Box", seats=4)
        response = self.create(section=box.pk, quantity=5)
        self.assertInvalid(response, "quantity", "Box has 4 seats")

    def test_section_of_another_venue(self):
        response = self.create(section=SectionFactory().pk)
        self.assertInvalid(response, "section", "not in the event's venue")

    def test_negative_price(self):
        self.assertInvalid(self.create(price="-1.00"), "price", "greater than or equal to 0")

    def test_name_in_use(self):
        self.assertInvalid(self.create(name="stalls"), "name", "tickets of this name")

    def test_quantity_can_not_go_below_what_is_taken(self):
        self.login(self.owner)
        response = self.client.patch(self.detail, {"quantity": 29})
        self.assertInvalid(response, "quantity", "30 are taken already")
        self.assertStatus(self.client.patch(self.detail, {"quantity": 30}), 200)

    def test_delete_unless_taken(self):
        self.login(self.owner)
        self.assertErrorCode(self.client.delete(self.detail), 409, "invalid_transition")
        unsold = TicketTypeFactory(event=self.event, quantity=5)
        url = reverse("event-ticket-type-detail", args=["hamlet", unsold.pk])
        self.assertStatus(self.client.delete(url), 204)

    def test_other_organisers_may_not_write(self):
        self.login(OrganiserFactory())
        self.assertStatus(self.client.patch(self.detail, {"price": "0.01"}), 403)
        self.assertStatus(self.client.post(self.list, {"name": "Free"}), 403)
