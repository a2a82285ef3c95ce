from django.core.cache import cache
from django.test import TestCase, override_settings
from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import VenueFactory
from example_project.venues.models import Venue
from example_project.venues.services import CITIES_CACHE_KEY, cities


class CitiesApiTests(ApiTestCase):
    def test_open_venues_by_city(self):
        VenueFactory(city="York", capacity=100)
        VenueFactory(city="Leeds", capacity=200)
        VenueFactory(city="Leeds", capacity=300)
        VenueFactory(city="Leeds", capacity=999, is_open=False)
        response = self.client.get(reverse("city-list"))
        self.assertStatus(response, 200)
        self.assertEqual(
            response.data,
            [
                {"city": "Leeds", "venues": 2, "capacity": 500},
                {"city": "York", "venues": 1, "capacity": 100},
            ],
        )


class CitiesCacheTests(TestCase):
    def setUp(self):
        cache.clear()
        self.venue = VenueFactory(city="Leeds", capacity=100)

    def test_second_call_asks_no_database(self):
        cities()
        with self.assertNumQueries(0):
            self.assertEqual(cities()[0]["city"], "Leeds")

    def test_empty_result_is_cached_too(self):
        self.venue.delete()
        cities()
        with self.assertNumQueries(0):
            self.assertEqual(cities(), [])

    def test_saving_a_venue_forgets(self):
        cities()
        VenueFactory(city="York")
        self.assertEqual([row["city"] for row in cities()], ["Leeds", "York"])

    def test_deleting_a_venue_forgets(self):
        cities()
        self.venue.delete()
        self.assertIsNone(cache.get(CITIES_CACHE_KEY))

    def test_bulk_updates_are_not_noticed(self):
        cities()
        Venue.objects.update(city="York")
        self.assertEqual(cities()[0]["city"], "Leeds")

    @override_settings(TICKETS={"CITIES_CACHE_SECONDS": 0})
    def test_zero_seconds_turn_the_cache_off(self):
        cities()
        Venue.objects.update(city="York")
        self.assertEqual(cities()[0]["city"], "York")
