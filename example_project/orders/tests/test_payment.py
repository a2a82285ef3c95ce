from datetime import timedelta
from decimal import Decimal

from django.core import mail
from django.test import TestCase
from django.utils import timezone

from example_project.exceptions import (
    PaymentDeclinedError,
    ReservationExpiredError,
    TransitionError,
)
from example_project.orders.models import OrderStatus, Ticket, TicketStatus
from example_project.orders.services.payment import mark_paid, pay
from example_project.testing.factories import OrderFactory, OrderLineFactory
from example_project.testing.payments import PaymentsMixin


class PayTests(PaymentsMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.order = OrderFactory(total=Decimal("43.75"))
        OrderLineFactory(order=cls.order, quantity=2)

    def test_charges_and_captures(self):
        order = pay(self.order, source="tok_visa")
        self.assertEqual(self.calls(), ["createCharge", "captureCharge"])
        (charge,) = self.charges()
        self.assertEqual(charge["status"], "captured")
        self.assertEqual((charge["amount"], charge["currency"]), (4375, "GBP"))
        self.assertEqual(charge["reference"], self.order.reference)
        self.assertEqual((order.status, order.charge_id), (OrderStatus.PAID, charge["id"]))
        self.assertIsNotNone(order.paid_at)

    def test_issues_one_ticket_per_place(self):
        pay(self.order, source="tok_visa")
        tickets = Ticket.objects.filter(line__order=self.order)
        self.assertEqual([ticket.status for ticket in tickets], [TicketStatus.VALID] * 2)
        self.assertEqual(len({ticket.code for ticket in tickets}), 2)

    def test_mails_the_tickets_after_commit(self):
        with self.captureOnCommitCallbacks(execute=True):
            pay(self.order, source="tok_visa")
        message = mail.outbox[0]
        self.assertEqual(message.to, [self.order.customer.email])
        for ticket in Ticket.objects.all():
            self.assertIn(ticket.code, message.body)

    def test_declined_card_changes_nothing(self):
        with self.assertRaisesMessage(PaymentDeclinedError, "Insufficient funds."):
            pay(self.order, source="tok_poor")
        self.order.refresh_from_db()
        self.assertEqual(self.order.status, OrderStatus.RESERVED)
        self.assertFalse(Ticket.objects.exists())

    def test_too_late(self):
        self.order.expires_at = timezone.now() - timedelta(seconds=1)
        self.order.save()
        with self.assertRaises(ReservationExpiredError):
            pay(self.order, source="tok_visa")
        self.assertEqual(self.calls(), [])

    def test_twice(self):
        pay(self.order, source="tok_visa")
        with self.assertRaisesMessage(TransitionError, "A paid order can't be paid."):
            pay(self.order, source="tok_visa")
        self.assertEqual(self.calls(), ["createCharge", "captureCharge"])

    def test_free_orders_need_no_charge(self):
        self.order.total = 0
        self.order.save()
        self.assertEqual(pay(self.order, source="tok_none").status, OrderStatus.PAID)
        self.assertEqual(self.calls(), [])


class MarkPaidTests(TestCase):
    def test_ended_orders_stay_ended(self):
        for status in [OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.REFUNDED]:
            with self.subTest(status), self.assertRaises(TransitionError):
                mark_paid(OrderFactory(status=status), charge_id="ch_1")
