from django.test import TestCase

from example_project.slugs import unique_slug
from example_project.testing.factories import VenueFactory
from example_project.venues.models import Venue


class UniqueSlugTests(TestCase):
    def test_second_and_third_of_a_name_are_numbered(self):
        slugs = [VenueFactory(name="The Roundhouse").slug for _ in range(3)]
        self.assertEqual(slugs, ["the-roundhouse", "the-roundhouse-2", "the-roundhouse-3"])

    def test_own_row_is_no_clash(self):
        venue = VenueFactory(name="Barbican")
        self.assertEqual(unique_slug(venue, "Barbican"), "barbican")

    def test_long_names_leave_room_for_the_number(self):
        slug = unique_slug(Venue(), "long " * 40, max_length=30)
        self.assertEqual(len(slug), 26)

    def test_nothing_to_make_a_slug_of(self):
        self.assertEqual(unique_slug(Venue(), "???"), "untitled")
