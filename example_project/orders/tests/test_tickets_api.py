from django.urls import reverse
from django.utils import timezone

from example_project.orders.models import TicketStatus
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import BoxOfficeFactory, TicketFactory, UserFactory


class TicketApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()
        cls.ticket = TicketFactory(
            line__order__customer=cls.user, line__order__event__title="Hamlet"
        )
        cls.other = TicketFactory(status=TicketStatus.VOID)

    def codes(self, **params):
        response = self.client.get(reverse("ticket-list"), params)
        self.assertStatus(response, 200)
        return {row["code"] for row in response.data["results"]}

    def test_own_tickets(self):
        self.login(self.user)
        self.assertEqual(self.codes(), {self.ticket.code})

    def test_detail(self):
        self.login(self.user)
        response = self.client.get(reverse("ticket-detail", args=[self.ticket.code]))
        self.assertEqual((response.data["event"], response.data["status"]), ("hamlet", "valid"))

    def test_tickets_of_others_are_not_found(self):
        self.login(self.user)
        response = self.client.get(reverse("ticket-detail", args=[self.other.code]))
        self.assertStatus(response, 404)

    def test_box_office_sees_and_filters_all(self):
        self.login(BoxOfficeFactory())
        self.assertEqual(self.codes(), {self.ticket.code, self.other.code})
        self.assertEqual(self.codes(event="hamlet"), {self.ticket.code})
        self.assertEqual(self.codes(status="void"), {self.other.code})

    def test_needs_a_login(self):
        self.assertStatus(self.client.get(reverse("ticket-list")), 401)


class CheckInTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = BoxOfficeFactory()
        cls.ticket = TicketFactory()
        cls.url = reverse("ticket-check-in", args=[cls.ticket.code])

    def test_check_in(self):
        self.login(self.staff)
        response = self.client.post(self.url)
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "used")
        self.ticket.refresh_from_db()
        self.assertEqual(self.ticket.checked_in_by, self.staff)

    def test_twice_says_when(self):
        self.login(self.staff)
        self.client.post(self.url)
        response = self.client.post(self.url)
        self.assertErrorCode(response, 409, "invalid_transition")
        self.ticket.refresh_from_db()
        when = timezone.localtime(self.ticket.checked_in_at)
        self.assertEqual(response.data["detail"], f"This ticket was used at {when:%H:%M}.")

    def test_void_ticket(self):
        self.ticket.status = TicketStatus.VOID
        self.ticket.save()
        self.login(self.staff)
        response = self.client.post(self.url)
        self.assertStatus(response, 409)
        self.assertEqual(response.data["detail"], "This ticket is void.")

    def test_customers_can_not_check_themselves_in(self):
        customer = self.ticket.line.order.customer
        customer.set_password("correct-horse-42")
        customer.save()
        self.login(customer)
        self.assertStatus(self.client.post(self.url), 403)
