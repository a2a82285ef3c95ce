import csv
import io
from decimal import Decimal

from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrganiserFactory,
    PaidOrderFactory,
    UserFactory,
)


class SalesReportTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        event = EventFactory(title="Hamlet", organiser=cls.owner)
        PaidOrderFactory.create_batch(2, event=event, total=Decimal("12.50"))
        EventFactory(title="Macbeth")
        cls.url = reverse("report-sales")

    def test_own_events(self):
        self.login(self.owner)
        response = self.client.get(self.url)
        self.assertStatus(response, 200)
        self.assertEqual(
            response.data,
            [
                {
                    "event": "hamlet",
                    "title": "Hamlet",
                    "currency": "GBP",
                    "orders": 2,
                    "revenue": "25.00",
                }
            ],
        )

    def test_csv(self):
        self.login(self.owner)
        for request in [{"headers": {"accept": "text/csv"}}, {"query_params": {"format": "csv"}}]:
            with self.subTest(request):
                response = self.client.get(self.url, **request)
                self.assertEqual(response["Content-Type"], "text/csv; charset=utf-8")
                rows = list(csv.DictReader(io.StringIO(response.content.decode())))
                self.assertEqual([row["revenue"] for row in rows], ["25.00"])

    def test_not_for_customers(self):
        self.login(UserFactory())
        response = self.client.get(self.url)
        self.assertStatus(response, 403)
        self.assertEqual(response.data["detail"], "Only organisers may see this.")
