from datetime import timedelta

from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from example_project.exceptions import PaymentUnavailableError, TransitionError
from example_project.orders.models import OrderStatus, TicketStatus
from example_project.orders.services.payment import refund
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import (
    EventFactory,
    OrderFactory,
    PaidOrderFactory,
    TicketFactory,
    UserFactory,
)
from example_project.testing.payments import PaymentsMixin


class RefundTests(PaymentsMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ticket = TicketFactory(line__order__charge_id="ch_77")
        cls.order = cls.ticket.line.order

    def test_money_tickets_and_stock(self):
        self.assertEqual(refund(self.order).status, OrderStatus.REFUNDED)
        (refunded,) = self.mock.rows["/charges/ch_77/refunds"]
        self.assertEqual((refunded["charge"], refunded["amount"]), ("ch_77", 4375))
        self.ticket.refresh_from_db()
        self.assertEqual(self.ticket.status, TicketStatus.VOID)
        self.ticket.line.ticket_type.refresh_from_db()
        self.assertEqual(self.ticket.line.ticket_type.taken, 0)

    def test_reservations_have_nothing_to_refund(self):
        with self.assertRaisesMessage(TransitionError, "A reserved order"):
            refund(OrderFactory())

    def test_too_close_to_the_event(self):
        event = EventFactory(starts_at=timezone.now() + timedelta(hours=23))
        with self.assertRaisesMessage(TransitionError, "too close"):
            refund(PaidOrderFactory(event=event))
        self.assertEqual(self.calls(), [])

    @override_settings(TICKETS={"REFUND_CUTOFF_HOURS": 2})
    def test_how_close_is_a_rule(self):
        event = EventFactory(starts_at=timezone.now() + timedelta(hours=23))
        self.assertEqual(
            refund(PaidOrderFactory(event=event, charge_id="ch_77")).status, OrderStatus.REFUNDED
        )

    def test_used_tickets(self):
        self.ticket.status = TicketStatus.USED
        self.ticket.save()
        with self.assertRaisesMessage(TransitionError, "were used"):
            refund(self.order)

    def test_free_orders_have_no_charge_to_refund(self):
        refund(PaidOrderFactory(charge_id="", total=0))
        self.assertEqual(self.calls(), [])

    def test_failure_of_the_service_changes_nothing(self):
        self.mock.fail("refundCharge", drop=True)
        with self.assertRaises(PaymentUnavailableError):
            refund(self.order)
        self.ticket.refresh_from_db()
        self.assertEqual(self.ticket.status, TicketStatus.VALID)


class RefundApiTests(PaymentsMixin, ApiTestCase):
    def test_refund(self):
        user = UserFactory()
        order = PaidOrderFactory(customer=user, charge_id="ch_77")
        self.login(user)
        response = self.client.post(reverse("order-refund", args=[order.reference]))
        self.assertStatus(response, 200)
        self.assertEqual(response.data["status"], "refunded")
        self.assertEqual(self.calls(), ["refundCharge"])
