from datetime import UTC, datetime

from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import OrganiserFactory, PaidOrderFactory, StaffFactory


class RevenueReportTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()

    def report(self, since="2025-03-01", until="2025-03-31"):
        self.login(self.staff)
        return self.client.get(reverse("report-revenue"), {"since": since, "until": until})

    def test_days(self):
        PaidOrderFactory(paid_at=datetime(2025, 3, 8, 12, tzinfo=UTC))
        response = self.report()
        self.assertStatus(response, 200)
        self.assertEqual(response.data, [{"day": "2025-03-08", "orders": 1, "revenue": "43.75"}])

    def test_bad_periods(self):
        for since, until, field, text in [
            ("2025-03-02", "2025-03-01", "until", "before it begins"),
            ("2023-01-01", "2025-01-01", "until", "a year at most"),
            ("yesterday", "2025-01-01", "since", "wrong format"),
        ]:
            with self.subTest(since=since, until=until):
                self.assertInvalid(self.report(since, until), field, text)

    def test_not_for_organisers(self):
        self.login(OrganiserFactory())
        self.assertStatus(self.client.get(reverse("report-revenue")), 403)
