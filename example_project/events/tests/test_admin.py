from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from example_project.events.models import Category, EventStatus
from example_project.testing.base import PageTestCase
from example_project.testing.factories import EventFactory, StaffFactory, TicketTypeFactory


class EventAdminTests(PageTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.ready = EventFactory(title="Hamlet", status=EventStatus.DRAFT)
        TicketTypeFactory(event=cls.ready, name="Stalls", quantity=40, taken=10)
        cls.empty = EventFactory(title="Macbeth", status=EventStatus.DRAFT)

    def setUp(self):
        super().setUp()
        self.login(self.staff)
        self.list = reverse("admin:events_event_changelist")

    def test_list_has_the_share_sold(self):
        response = self.client.get(self.list)
        self.assertContains(response, "25%")
        self.assertContains(response, "nothing to sell")

    def test_publish_reports_each_event(self):
        data = {"action": "publish", ACTION_CHECKBOX_NAME: [self.ready.pk, self.empty.pk]}
        response = self.client.post(self.list, data, follow=True)
        self.assertContains(response, "Hamlet is on sale.")
        self.assertContains(response, "Macbeth: The event has no tickets to sell.")
        self.ready.refresh_from_db()
        self.assertEqual(self.ready.status, EventStatus.PUBLISHED)

    def test_status_is_not_edited_by_hand(self):
        response = self.client.get(reverse("admin:events_event_change", args=[self.ready.pk]))
        self.assertNotContains(response, 'name="status"')
        self.assertContains(response, 'value="Stalls"')

    def test_category_positions_are_edited_in_the_list(self):
        categories = list(Category.objects.all())
        data = {
            "form-TOTAL_FORMS": len(categories),
            "form-INITIAL_FORMS": len(categories),
            "_save": "Save",
        }
        for index, category in enumerate(categories):
            data |= {f"form-{index}-id": category.pk, f"form-{index}-position": 100 - index}
        response = self.client.post(reverse("admin:events_category_changelist"), data)
        self.assertEqual(response.status_code, 302)
        self.assertEqual(Category.objects.get(slug="concerts").position, 100)
        self.assertEqual(Category.objects.first().slug, "other")
