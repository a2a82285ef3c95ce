from django.test import TestCase

from example_project.testing.factories import SectionFactory, VenueFactory
from example_project.venues.filters import VenueFilter
from example_project.venues.models import Venue


class VenueFilterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.small = VenueFactory(name="Cellar", city="Leeds", capacity=80)
        cls.large = VenueFactory(name="Arena", city="Leeds", capacity=9000)
        cls.other = VenueFactory(name="Minster", city="York", capacity=700, is_open=False)

    def assertFinds(self, expected, **data):
        filtered = VenueFilter(data, queryset=Venue.objects.all())
        self.assertTrue(filtered.is_valid(), filtered.errors)
        self.assertQuerySetEqual(filtered.qs, expected, ordered=False)

    def test_city_ignores_case(self):
        self.assertFinds([self.small, self.large], city="leeds")

    def test_city_is_matched_whole(self):
        self.assertFinds([], city="Lee")

    def test_min_capacity(self):
        self.assertFinds([self.large, self.other], min_capacity=700)

    def test_open(self):
        self.assertFinds([self.other], is_open="false")

    def test_step_free_counts_each_venue_once(self):
        SectionFactory(venue=self.large, has_step_free_access=True)
        SectionFactory(venue=self.large, has_step_free_access=True)
        SectionFactory(venue=self.small)
        self.assertFinds([self.large], step_free="true")
