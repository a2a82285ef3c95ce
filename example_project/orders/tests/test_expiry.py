from datetime import timedelta
from io import StringIO

from django.core import mail
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from example_project.exceptions import TransitionError
from example_project.orders.models import OrderStatus
from example_project.orders.services.changes import cancel_order, expire_orders
from example_project.testing.factories import OrderFactory, OrderLineFactory, PaidOrderFactory


class ExpiryTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.now = timezone.now()
        cls.old = OrderFactory(expires_at=cls.now - timedelta(minutes=9))
        cls.line = OrderLineFactory(order=cls.old, quantity=2)
        cls.older = OrderFactory(expires_at=cls.now - timedelta(hours=2))
        cls.open = OrderFactory(expires_at=cls.now + timedelta(minutes=9))

    def statuses(self):
        for order in (self.old, self.older, self.open):
            order.refresh_from_db()
        return [self.old.status, self.older.status, self.open.status]


class ExpireOrdersTests(ExpiryTestCase):
    def test_only_overdue_reservations(self):
        PaidOrderFactory(expires_at=self.now - timedelta(days=1))
        self.assertEqual(expire_orders(), [self.older, self.old])
        self.assertEqual(self.statuses(), ["expired", "expired", "reserved"])

    def test_tickets_go_back_on_sale(self):
        expire_orders()
        self.line.ticket_type.refresh_from_db()
        self.assertEqual(self.line.ticket_type.taken, 0)

    def test_now_can_be_given(self):
        self.assertEqual(len(expire_orders(now=self.now + timedelta(hours=1))), 3)

    def test_expired_orders_can_not_be_cancelled(self):
        expire_orders()
        with self.assertRaisesMessage(TransitionError, "A expired order can't become cancelled"):
            cancel_order(self.old)

    def test_customers_are_told(self):
        with self.captureOnCommitCallbacks(execute=True):
            expire_orders()
        recipients = {message.to[0] for message in mail.outbox}
        self.assertEqual(recipients, {self.old.customer.email, self.older.customer.email})


class ExpireReservationsCommandTests(ExpiryTestCase):
    def run_command(self, **options):
        out = StringIO()
        call_command("expire_reservations", stdout=out, **options)
        return out.getvalue()

    def test_reports_the_number(self):
        self.assertEqual(self.run_command(), "2 reservations expired.\n")
        self.assertEqual(self.old.__class__.objects.overdue().count(), 0)

    def test_limit_starts_with_the_oldest(self):
        self.assertEqual(self.run_command(limit=1), "1 reservations expired.\n")
        self.assertEqual(self.statuses(), ["reserved", OrderStatus.EXPIRED, "reserved"])

    def test_dry_run(self):
        out = self.run_command(dry_run=True)
        self.assertEqual(
            out,
            f"{self.older.reference}\n{self.old.reference}\n2 reservations would expire.\n",
        )
        self.assertEqual(self.statuses(), ["reserved"] * 3)

    def test_verbose(self):
        self.assertIn(self.old.reference, self.run_command(verbosity=2))
        self.assertEqual(self.run_command(), "0 reservations expired.\n")
