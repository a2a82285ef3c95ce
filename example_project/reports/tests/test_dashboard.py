from decimal import Decimal

from django.urls import reverse

from example_project.testing.base import PageTestCase
from example_project.testing.factories import (
    EventFactory,
    OrderFactory,
    OrganiserFactory,
    PaidOrderFactory,
    StaffFactory,
    TicketTypeFactory,
    UserFactory,
)


class DashboardTests(PageTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = OrganiserFactory()
        cls.event = EventFactory(title="Hamlet", organiser=cls.owner)
        TicketTypeFactory(event=cls.event, quantity=10, taken=5)
        PaidOrderFactory(event=cls.event, total=Decimal("1500.00"))
        OrderFactory(event=cls.event)
        EventFactory(title="Macbeth")
        cls.url = reverse("dashboard")

    def test_organiser(self):
        self.login(self.owner)
        response = self.client.get(self.url)
        self.assertTemplateUsed(response, "events/_sold_bar.html")
        self.assertContains(response, "1 open reservation<")
        self.assertContains(response, "Hamlet: £1,500.00")
        self.assertContains(response, ">50%</div>")
        self.assertNotContains(response, "Macbeth")

    def test_staff_see_all_events(self):
        self.login(StaffFactory())
        self.assertContains(self.client.get(self.url), "Macbeth: free")

    def test_nothing_on_sale(self):
        self.login(OrganiserFactory())
        self.assertContains(self.client.get(self.url), "Nothing is on sale.")

    def test_customers(self):
        self.login(UserFactory())
        self.assertEqual(self.client.get(self.url).status_code, 403)

    def test_login_comes_first(self):
        response = self.client.get(self.url)
        self.assertRedirects(response, "/admin/login/?next=/office/dashboard/")
