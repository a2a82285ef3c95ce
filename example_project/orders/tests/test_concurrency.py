from functools import partial
from unittest import skipUnless

from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, tag

from example_project.events.models import TicketType
from example_project.exceptions import SoldOutError, TransitionError, VoucherError
from example_project.orders.models import Order, OrderLine, Ticket
from example_project.orders.services.changes import cancel_order
from example_project.orders.services.checkout import reserve
from example_project.orders.services.payment import mark_paid
from example_project.orders.services.tickets import check_in
from example_project.testing.concurrency import run_in_threads
from example_project.testing.factories import (
    BoxOfficeFactory,
    OrderFactory,
    TicketFactory,
    TicketTypeFactory,
    UserFactory,
    VoucherFactory,
)


def outcomes(results):
    """Count results by the name of their type."""
    names = [type(result).__name__ for result in results]
    return {name: names.count(name) for name in names}


@tag("slow", "concurrency")
class ConcurrentCheckoutTests(TransactionTestCase):
    def setUp(self):
        cache.clear()
        self.ticket_type = TicketTypeFactory(quantity=5)
        self.customers = UserFactory.create_batch(6, password=None)

    def race(self, quantity, **kwargs):
        return run_in_threads(
            [
                partial(reserve, customer, {self.ticket_type.pk: quantity}, **kwargs)
                for customer in self.customers
            ]
        )

    def test_no_ticket_is_sold_twice(self):
        self.assertEqual(outcomes(self.race(2)), {"Order": 2, "SoldOutError": 4})
        self.ticket_type.refresh_from_db()
        self.assertEqual(self.ticket_type.taken, 4)
        self.assertEqual(OrderLine.objects.count(), 2)

    def test_everybody_is_served_while_stocks_last(self):
        TicketType.objects.update(quantity=6)
        self.assertEqual(outcomes(self.race(1)), {"Order": 6})
        self.ticket_type.refresh_from_db()
        self.assertTrue(self.ticket_type.is_sold_out)

    def test_voucher_is_not_used_more_often_than_it_may(self):
        TicketType.objects.update(quantity=100)
        voucher = VoucherFactory(max_uses=1)
        results = self.race(1, voucher_code=voucher.code)
        self.assertEqual(outcomes(results), {"Order": 1, "VoucherError": 5})
        voucher.refresh_from_db()
        self.assertEqual(voucher.uses, 1)
        self.assertEqual(Order.objects.exclude(voucher=None).count(), 1)

    def test_losers_are_told_why(self):
        errors = [each for each in self.race(5) if isinstance(each, Exception)]
        self.assertEqual({type(each) for each in errors}, {SoldOutError})
        self.assertIn("none left", str(errors[0]))
        self.assertNotIsInstance(errors[0], VoucherError)


@tag("slow", "concurrency")
class ConcurrentChangeTests(TransactionTestCase):
    def test_two_scanners_let_one_person_in(self):
        ticket = TicketFactory()
        staff = BoxOfficeFactory(password=None)
        results = run_in_threads([partial(check_in, ticket, by=staff)] * 2)
        self.assertEqual(outcomes(results), {"Ticket": 1, "TransitionError": 1})

    def test_paid_or_cancelled_but_never_both(self):
        order = reserve(UserFactory(password=None), {TicketTypeFactory().pk: 2})
        pay, cancel = run_in_threads(
            [partial(mark_paid, order, charge_id="ch_1"), partial(cancel_order, order)]
        )
        paid = isinstance(cancel, TransitionError)
        self.assertEqual(isinstance(pay, TransitionError), not paid)
        order.refresh_from_db()
        self.assertEqual(order.status, "paid" if paid else "cancelled")
        self.assertEqual(Ticket.objects.count(), 2 if paid else 0)


@skipUnless(connection.vendor == "postgresql", "SQLite has no row locks.")
class RowLockTests(TransactionTestCase):
    def test_checkout_locks_the_ticket_types(self):
        order = OrderFactory()
        ticket_type = TicketTypeFactory(event=order.event)
        with self.assertNumQueries(6) as captured:
            reserve(order.customer, {ticket_type.pk: 1})
        locking = [each["sql"] for each in captured if "FOR UPDATE" in each["sql"]]
        self.assertEqual(len(locking), 1)
        self.assertIn('FOR UPDATE OF "events_tickettype"', locking[0])
