from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrganiserFactory,
    SectionFactory,
    StaffFactory,
    VenueFactory,
)
from example_project.venues.models import Venue


class VenueReadTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.venue = VenueFactory(name="Barrowland", city="Glasgow", capacity=1900)
        SectionFactory(venue=cls.venue, name="Balcony", seats=200)
        VenueFactory(name="Usher Hall", city="Edinburgh", capacity=2200)

    def test_list(self):
        response = self.client.get(reverse("venue-list"))
        self.assertEqual(self.slugs(response), ["barrowland", "usher-hall"])
        self.assertNotIn("sections", response.data["results"][0])

    def test_list_takes_two_queries(self):
        with self.assertNumQueries(2):
            self.client.get(reverse("venue-list"))

    def test_detail_with_sections(self):
        response = self.client.get(reverse("venue-detail", args=["barrowland"]))
        self.assertStatus(response, 200)
        self.assertEqual(response.data["seat_count"], 200)
        self.assertEqual([each["name"] for each in response.data["sections"]], ["Balcony"])

    def test_unknown_venue(self):
        self.assertStatus(self.client.get(reverse("venue-detail", args=["nowhere"])), 404)

    def test_largest_first(self):
        response = self.client.get(reverse("venue-list"), {"ordering": "-capacity"})
        self.assertEqual(self.slugs(response), ["usher-hall", "barrowland"])

    def test_search(self):
        response = self.client.get(reverse("venue-list"), {"search": "glas"})
        self.assertEqual(self.slugs(response), ["barrowland"])


class VenueWriteTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.venue = VenueFactory(name="Barrowland", capacity=1900)

    def setUp(self):
        super().setUp()
        self.login(self.staff)
        self.detail = reverse("venue-detail", args=["barrowland"])

    def test_create(self):
        body = {"name": "Usher Hall", "city": "Edinburgh", "capacity": 2200}
        response = self.client.post(reverse("venue-list"), body)
        self.assertStatus(response, 201)
        self.assertEqual(response.data["slug"], "usher-hall")
        self.assertEqual(Venue.objects.get(slug="usher-hall").city, "Edinburgh")

    def test_capacity_must_be_positive(self):
        response = self.client.post(
            reverse("venue-list"), {"name": "Shed", "city": "York", "capacity": 0}
        )
        self.assertInvalid(response, "capacity", "greater than or equal to 1")

    def test_postcode_is_checked(self):
        response = self.client.patch(self.detail, {"postcode": "glasgow"})
        self.assertInvalid(response, "postcode", "SW7 2AP")

    def test_update(self):
        body = {"name": "Barrowland Ballroom", "city": "Glasgow", "capacity": 1950}
        self.assertStatus(self.client.put(self.detail, body), 200)
        self.venue.refresh_from_db()
        self.assertEqual((self.venue.name, self.venue.capacity), ("Barrowland Ballroom", 1950))

    def test_capacity_can_not_go_below_the_seats(self):
        SectionFactory(venue=self.venue, seats=300)
        response = self.client.patch(self.detail, {"capacity": 299})
        self.assertInvalid(response, "capacity", "more seats than that")

    def test_slug_is_not_writable(self):
        self.client.patch(self.detail, {"slug": "elsewhere"})
        self.venue.refresh_from_db()
        self.assertEqual(self.venue.slug, "barrowland")

    def test_delete(self):
        self.assertStatus(self.client.delete(self.detail), 204)
        self.assertFalse(Venue.objects.exists())


class VenuePermissionTests(ApiTestCase):
    def test_organisers_may_not_write(self):
        venue = VenueFactory()
        self.login(OrganiserFactory())
        response = self.client.delete(reverse("venue-detail", args=[venue.slug]))
        self.assertStatus(response, 403)
        self.assertEqual(response.data["detail"], "Only staff may change this.")

    def test_nobody_writes_without_login(self):
        self.assertStatus(self.client.post(reverse("venue-list"), {}), 401)

    def test_venue_with_events_is_kept(self):
        event = EventFactory()
        self.login(StaffFactory())
        url = reverse("venue-detail", args=[event.venue.slug])
        self.assertErrorCode(self.client.delete(url), 409, "invalid_transition")
