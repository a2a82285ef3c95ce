from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from example_project.testing.base import PageTestCase
from example_project.testing.factories import SectionFactory, StaffFactory, VenueFactory
from example_project.venues.models import Venue
from example_project.venues.services import cities


class VenueAdminTests(PageTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.venue = VenueFactory(name="Barrowland", city="Glasgow")
        SectionFactory(venue=cls.venue, seats=137)

    def setUp(self):
        super().setUp()
        self.login(self.staff)

    def test_list_has_the_seat_count(self):
        response = self.client.get(reverse("admin:venues_venue_changelist"))
        self.assertContains(response, '<td class="field-seat_count">137</td>', html=True)

    def test_change_page_edits_sections_inline(self):
        url = reverse("admin:venues_venue_change", args=[self.venue.pk])
        self.assertContains(self.client.get(url), 'name="sections-0-seats" value="137"')

    def test_closing_goes_through_save_so_that_caches_hear_of_it(self):
        self.assertEqual(len(cities()), 1)
        data = {"action": "close_venues", ACTION_CHECKBOX_NAME: [self.venue.pk]}
        response = self.client.post(reverse("admin:venues_venue_changelist"), data, follow=True)
        self.assertContains(response, "Closed 1 venues.")
        self.assertFalse(Venue.objects.get().is_open)
        self.assertEqual(cities(), [])
