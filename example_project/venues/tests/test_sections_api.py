from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    SectionFactory,
    StaffFactory,
    UserFactory,
    VenueFactory,
)
from example_project.venues.models import Section


class SectionApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.venue = VenueFactory(capacity=100)
        cls.stalls = SectionFactory(venue=cls.venue, name="Stalls", seats=60)
        cls.elsewhere = SectionFactory(name="Circle")

    def setUp(self):
        super().setUp()
        self.list = reverse("venue-section-list", args=[self.venue.slug])
        self.detail = reverse("venue-section-detail", args=[self.venue.slug, self.stalls.pk])

    def test_sections_of_this_venue_only(self):
        response = self.client.get(self.list)
        self.assertStatus(response, 200)
        self.assertEqual([each["name"] for each in response.data], ["Stalls"])

    def test_unknown_venue(self):
        self.assertStatus(self.client.get(reverse("venue-section-list", args=["nowhere"])), 404)

    def test_section_of_another_venue_is_not_found(self):
        url = reverse("venue-section-detail", args=[self.venue.slug, self.elsewhere.pk])
        self.assertStatus(self.client.get(url), 404)

    def test_create(self):
        self.login(self.staff)
        body = {"name": "Circle", "seats": 40, "has_step_free_access": True}
        self.assertStatus(self.client.post(self.list, body), 201)
        section = Section.objects.get(venue=self.venue, name="Circle")
        self.assertTrue(section.has_step_free_access)

    def test_seats_must_fit_the_venue(self):
        self.login(self.staff)
        response = self.client.post(self.list, {"name": "Circle", "seats": 41})
        self.assertInvalid(response, "seats", "would have 101 seats")

    def test_own_seats_do_not_count_twice_on_change(self):
        self.login(self.staff)
        self.assertStatus(self.client.patch(self.detail, {"seats": 100}), 200)
        self.assertStatus(self.client.patch(self.detail, {"seats": 101}), 400)

    def test_name_is_unique_whatever_its_case(self):
        self.login(self.staff)
        response = self.client.post(self.list, {"name": "STALLS", "seats": 1})
        self.assertInvalid(response, "name", "has a section of this name")

    def test_delete(self):
        self.login(self.staff)
        self.assertStatus(self.client.delete(self.detail), 204)
        self.assertFalse(self.venue.sections.exists())

    def test_customers_may_not_write(self):
        self.login(UserFactory())
        self.assertStatus(self.client.delete(self.detail), 403)
