from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from example_project.testing.factories import SectionFactory, VenueFactory
from example_project.venues.models import Venue


class VenueTests(TestCase):
    def test_slug_comes_from_the_name(self):
        self.assertEqual(VenueFactory(name="Royal Albert Hall").slug, "royal-albert-hall")

    def test_slug_stays_when_the_name_changes(self):
        venue = VenueFactory(name="Brixton Academy")
        venue.name = "O2 Academy Brixton"
        venue.save()
        self.assertEqual(venue.slug, "brixton-academy")

    def test_str(self):
        self.assertEqual(
            str(Venue(name="The Leadmill", city="Sheffield")), "The Leadmill, Sheffield"
        )

    def test_unassigned_capacity(self):
        venue = VenueFactory(capacity=200)
        SectionFactory(venue=venue, seats=120)
        SectionFactory(venue=venue, seats=30)
        self.assertEqual(venue.unassigned_capacity, 50)

    def test_database_refuses_a_venue_without_places(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            VenueFactory(capacity=0)

    def test_validation_covers_postcode_and_capacity(self):
        with self.assertRaises(ValidationError) as caught:
            Venue(name="Hall", city="London", capacity=0, postcode="nowhere").full_clean()
        self.assertEqual(set(caught.exception.error_dict), {"capacity", "postcode"})


class VenueQuerySetTests(TestCase):
    def test_open(self):
        venue = VenueFactory()
        VenueFactory(is_open=False)
        self.assertQuerySetEqual(Venue.objects.open(), [venue])

    def test_seat_count(self):
        with_sections, without = VenueFactory(name="A"), VenueFactory(name="B")
        SectionFactory(venue=with_sections, seats=10)
        SectionFactory(venue=with_sections, seats=15)
        counts = dict(Venue.objects.with_seat_count().values_list("slug", "seat_count"))
        self.assertEqual(counts, {with_sections.slug: 25, without.slug: 0})

    def test_venues_are_listed_by_name(self):
        for name in ["Corn Exchange", "Apollo", "Bush Hall"]:
            VenueFactory(name=name)
        names = [venue.name for venue in Venue.objects.all()]
        self.assertEqual(names, ["Apollo", "Bush Hall", "Corn Exchange"])


class SectionTests(TestCase):
    def test_names_are_unique_within_a_venue_only(self):
        section = SectionFactory(name="Balcony")
        SectionFactory(name="Balcony")
        with self.assertRaises(IntegrityError), transaction.atomic():
            SectionFactory(name="Balcony", venue=section.venue)

    def test_sections_go_with_their_venue(self):
        section = SectionFactory()
        section.venue.delete()
        self.assertFalse(type(section).objects.exists())
