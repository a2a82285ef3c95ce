from datetime import timedelta
from decimal import Decimal

from django.test import TestCase, override_settings
from django.utils import timezone

from example_project import exceptions
from example_project.events.models import EventStatus
from example_project.orders.models import Order, OrderStatus
from example_project.orders.services.checkout import quote, reserve
from example_project.testing.factories import (
    EventFactory,
    TicketTypeFactory,
    UserFactory,
    VoucherFactory,
)


class CheckoutTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.customer = UserFactory(password=None)
        cls.event = EventFactory()
        cls.stalls = TicketTypeFactory(event=cls.event, price=Decimal("20.00"), quantity=10)
        cls.gods = TicketTypeFactory(event=cls.event, price=Decimal("8.00"), quantity=3)

    def reserve(self, quantities, **kwargs):
        return reserve(self.customer, quantities, **kwargs)

    def taken(self, ticket_type):
        ticket_type.refresh_from_db()
        return ticket_type.taken


class ReserveTests(CheckoutTestCase):
    def test_order(self):
        order = self.reserve({self.stalls.pk: 2, self.gods.pk: 1})
        self.assertEqual((order.status, order.event), (OrderStatus.RESERVED, self.event))
        self.assertEqual(order.subtotal, Decimal("48.00"))
        self.assertEqual(order.total, Decimal("52.25"))
        self.assertEqual(
            set(order.lines.values_list("ticket_type", "quantity", "unit_price")),
            {(self.stalls.pk, 2, Decimal("20.00")), (self.gods.pk, 1, Decimal("8.00"))},
        )

    def test_tickets_are_taken(self):
        self.reserve({self.stalls.pk: 4})
        self.reserve({self.stalls.pk: 5})
        self.assertEqual(self.taken(self.stalls), 9)

    def test_last_ticket(self):
        self.reserve({self.gods.pk: 3})
        with self.assertRaisesRegex(exceptions.SoldOutError, "1 asked for, none left"):
            self.reserve({self.gods.pk: 1})

    def test_all_or_nothing(self):
        with self.assertRaises(exceptions.SoldOutError):
            self.reserve({self.stalls.pk: 1, self.gods.pk: 4})
        self.assertEqual((self.taken(self.stalls), self.taken(self.gods)), (0, 0))
        self.assertFalse(Order.objects.exists())

    def test_price_is_that_of_the_reservation(self):
        order = self.reserve({self.stalls.pk: 1})
        self.stalls.price = Decimal("99.00")
        self.stalls.save()
        self.assertEqual(order.lines.get().unit_price, Decimal("20.00"))

    def test_expiry(self):
        order = self.reserve({self.stalls.pk: 1})
        expected = timezone.now() + timedelta(minutes=15)
        self.assertAlmostEqual(order.expires_at, expected, delta=timedelta(minutes=1))

    @override_settings(TICKETS={"RESERVATION_MINUTES": 60})
    def test_expiry_is_a_rule(self):
        order = self.reserve({self.stalls.pk: 1})
        expected = timezone.now() + timedelta(minutes=60)
        self.assertAlmostEqual(order.expires_at, expected, delta=timedelta(minutes=1))

    def test_queries_do_not_grow_with_quantities(self):
        with self.assertNumQueries(6):
            self.reserve({self.stalls.pk: 8})


class LimitTests(CheckoutTestCase):
    def test_per_order(self):
        with self.assertRaisesMessage(exceptions.OrderLimitError, "An order can hold 8 tickets."):
            self.reserve({self.stalls.pk: 9})

    @override_settings(TICKETS={"MAX_TICKETS_PER_ORDER": 2})
    def test_per_order_is_a_rule_over_all_types(self):
        with self.assertRaisesMessage(exceptions.OrderLimitError, "2 tickets"):
            self.reserve({self.stalls.pk: 2, self.gods.pk: 1})

    def test_per_type(self):
        self.gods.max_per_order = 2
        self.gods.save()
        with self.assertRaisesMessage(exceptions.OrderLimitError, "2 tickets per order"):
            self.reserve({self.gods.pk: 3})

    def test_one_event_per_order(self):
        other = TicketTypeFactory()
        with self.assertRaisesMessage(exceptions.OrderLimitError, "one event only"):
            self.reserve({self.stalls.pk: 1, other.pk: 1})


class NotOnSaleTests(CheckoutTestCase):
    def test_status(self):
        for status in [EventStatus.DRAFT, EventStatus.CANCELLED]:
            with self.subTest(status):
                type(self.event).objects.update(status=status)
                with self.assertRaises(exceptions.NotOnSaleError):
                    self.reserve({self.stalls.pk: 1})

    def test_after_the_start(self):
        type(self.event).objects.update(starts_at=timezone.now() - timedelta(minutes=1))
        with self.assertRaises(exceptions.NotOnSaleError):
            self.reserve({self.stalls.pk: 1})

    def test_type_that_is_gone(self):
        with self.assertRaisesMessage(exceptions.NotOnSaleError, "don't exist any more"):
            self.reserve({self.stalls.pk: 1, 987654: 1})


class VoucherTests(CheckoutTestCase):
    def test_discount_and_use(self):
        voucher = VoucherFactory(code="HALF-OFF", percent_off=50, max_uses=1)
        order = self.reserve({self.stalls.pk: 2}, voucher_code="half-off")
        self.assertEqual((order.voucher, order.discount), (voucher, Decimal("20.00")))
        voucher.refresh_from_db()
        self.assertEqual(voucher.uses, 1)

    def test_used_up(self):
        VoucherFactory(code="HALF-OFF", max_uses=1)
        self.reserve({self.stalls.pk: 1}, voucher_code="HALF-OFF")
        with self.assertRaises(exceptions.VoucherError):
            self.reserve({self.stalls.pk: 1}, voucher_code="HALF-OFF")

    def test_bad_voucher_takes_no_tickets(self):
        with self.assertRaises(exceptions.VoucherError):
            self.reserve({self.stalls.pk: 1}, voucher_code="NOTHING")
        self.assertEqual(self.taken(self.stalls), 0)


class QuoteTests(CheckoutTestCase):
    def test_same_price_as_the_order(self):
        VoucherFactory(code="TENTH", percent_off=10)
        quantities = {self.stalls.pk: 3, self.gods.pk: 2}
        quoted = quote(quantities, voucher_code="TENTH")
        self.assertEqual(quoted.total, self.reserve(quantities, voucher_code="TENTH").total)

    def test_takes_nothing(self):
        quote({self.gods.pk: 3})
        self.assertEqual(self.taken(self.gods), 0)
