from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from example_project.events.models import Event, EventStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    CategoryFactory,
    EventFactory,
    OrderFactory,
    OrganiserFactory,
    StaffFactory,
    UserFactory,
    VenueFactory,
)


class EventWriteTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        cls.venue = VenueFactory(name="Playhouse")
        CategoryFactory(slug="theatre")
        cls.start = timezone.now() + timedelta(days=60)

    def setUp(self):
        super().setUp()
        self.login(self.owner)

    def body(self, **fields):
        start = self.start.isoformat()
        body = {"title": "Hamlet", "venue": "playhouse", "category": "theatre", "starts_at": start}
        return body | fields

    def create(self, **fields):
        return self.client.post(reverse("event-list"), self.body(**fields))

    def test_create_a_draft_of_ones_own(self):
        response = self.create()
        self.assertStatus(response, 201)
        event = Event.objects.get(slug="hamlet")
        self.assertEqual((event.organiser, event.status), (self.owner, EventStatus.DRAFT))
        self.assertEqual(response.data["venue"]["name"], "Playhouse")

    def test_status_can_not_be_given(self):
        self.create(status="published")
        self.assertEqual(Event.objects.get().status, EventStatus.DRAFT)

    def test_start_must_be_ahead(self):
        response = self.create(starts_at=(timezone.now() - timedelta(hours=1)).isoformat())
        self.assertInvalid(response, "starts_at", "must start in the future")

    def test_doors_open_before_the_start(self):
        response = self.create(doors_open_at=(self.start + timedelta(minutes=5)).isoformat())
        self.assertInvalid(response, "doors_open_at", "before the event starts")

    def test_closed_venue(self):
        VenueFactory(name="Ruin", is_open=False)
        self.assertInvalid(self.create(venue="ruin"), "venue", "does_not_exist")

    def test_unknown_category(self):
        self.assertInvalid(self.create(category="opera"), "category", "does_not_exist")

    def test_change_one_field(self):
        event = EventFactory(organiser=self.owner)
        url = reverse("event-detail", args=[event.slug])
        response = self.client.patch(url, {"description": "With an interval."})
        self.assertStatus(response, 200)
        event.refresh_from_db()
        self.assertEqual(event.description, "With an interval.")

    def test_moving_the_start_before_the_doors(self):
        event = EventFactory(organiser=self.owner, doors_open_at=self.start, starts_at=self.start)
        url = reverse("event-detail", args=[event.slug])
        earlier = (self.start - timedelta(hours=1)).isoformat()
        self.assertStatus(self.client.patch(url, {"starts_at": earlier}), 400)

    def test_delete(self):
        event = EventFactory(organiser=self.owner)
        self.assertStatus(self.client.delete(reverse("event-detail", args=[event.slug])), 204)

    def test_event_with_orders_is_kept(self):
        event = EventFactory(organiser=self.owner)
        OrderFactory(event=event)
        response = self.client.delete(reverse("event-detail", args=[event.slug]))
        self.assertErrorCode(response, 409, "invalid_transition")
        self.assertTrue(Event.objects.filter(pk=event.pk).exists())


class EventPermissionTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory(title="Hamlet")
        cls.url = reverse("event-detail", args=["hamlet"])

    def test_customers_may_not_create(self):
        self.login(UserFactory())
        self.assertStatus(self.client.post(reverse("event-list"), {}), 403)

    def test_other_organisers_may_not_change(self):
        self.login(OrganiserFactory())
        response = self.client.patch(self.url, {"title": "Omelette"})
        self.assertStatus(response, 403)
        self.assertEqual(response.data["detail"], "Only the event's organiser may change it.")

    def test_staff_may(self):
        self.login(StaffFactory())
        self.assertStatus(self.client.patch(self.url, {"title": "Hamlet (moved)"}), 200)
