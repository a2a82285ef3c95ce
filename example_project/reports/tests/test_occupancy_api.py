from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrganiserFactory,
    StaffFactory,
    TicketTypeFactory,
)


class OccupancyReportTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        event = EventFactory(title="Hamlet", organiser=cls.owner)
        TicketTypeFactory(event=event, quantity=40, taken=30)
        EventFactory(
            title="Past", organiser=cls.owner, starts_at=timezone.now() - timedelta(days=1)
        )
        EventFactory(title="Macbeth", starts_at=timezone.now() + timedelta(days=50))
        cls.url = reverse("report-occupancy")

    def test_own_coming_events(self):
        self.login(self.owner)
        response = self.client.get(self.url)
        self.assertStatus(response, 200)
        self.assertEqual(
            response.data, [{"event": "hamlet", "total": 40, "taken": 30, "percent": 75}]
        )

    def test_staff_see_all(self):
        self.login(StaffFactory())
        response = self.client.get(self.url)
        self.assertEqual([row["event"] for row in response.data], ["hamlet", "macbeth"])
