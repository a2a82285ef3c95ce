from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from example_project.orders.models import Order, OrderLine, OrderStatus, Voucher
from example_project.orders.validators import validate_voucher_code
from example_project.testing.factories import (
    BoxOfficeFactory,
    OrderFactory,
    OrderLineFactory,
    PaidOrderFactory,
    VoucherFactory,
)


class VoucherCodeTests(SimpleTestCase):
    def test_accepted(self):
        for code in ["SPRING-24", "AB123", "A" * 20]:
            with self.subTest(code):
                validate_voucher_code(code)

    def test_refused(self):
        for code in ["AB12", "spring-24", "-SPRING", "SPRING-", "A" * 21, "SPRING 24"]:
            with self.subTest(code), self.assertRaises(ValidationError):
                validate_voucher_code(code)


class VoucherTests(TestCase):
    def test_usable(self):
        now = timezone.now()
        good = [
            VoucherFactory(code="ALWAYS"),
            VoucherFactory(code="TODAY", valid_until=now + timedelta(hours=1)),
            VoucherFactory(code="TWICE", max_uses=2, uses=1),
        ]
        VoucherFactory(code="ENDED", valid_until=now - timedelta(seconds=1))
        VoucherFactory(code="SPENT", max_uses=2, uses=2)
        self.assertQuerySetEqual(Voucher.objects.usable(now), good)

    def test_percentage_is_checked_by_the_database(self):
        for percent in [0, 101]:
            with (
                self.subTest(percent),
                self.assertRaises(IntegrityError),
                transaction.atomic(),
            ):
                VoucherFactory(percent_off=percent)


class OrderTests(TestCase):
    def test_customers_see_their_own_orders(self):
        order = OrderFactory()
        OrderFactory()
        self.assertQuerySetEqual(Order.objects.visible_to(order.customer), [order])

    def test_the_box_office_sees_all(self):
        OrderFactory.create_batch(2)
        box_office = BoxOfficeFactory(password=None)
        self.assertEqual(Order.objects.visible_to(box_office).count(), 2)

    def test_overdue(self):
        now = timezone.now()
        late = OrderFactory(expires_at=now)
        OrderFactory(expires_at=now + timedelta(seconds=1))
        PaidOrderFactory(expires_at=now - timedelta(days=1))
        self.assertQuerySetEqual(Order.objects.overdue(now), [late])

    def test_is_overdue(self):
        past = timezone.now() - timedelta(seconds=1)
        self.assertTrue(Order(expires_at=past).is_overdue)
        self.assertFalse(Order(expires_at=past, status=OrderStatus.PAID).is_overdue)

    def test_total_can_not_be_negative(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            OrderFactory(total=Decimal("-0.01"))

    def test_customers_with_orders_are_kept(self):
        order = OrderFactory()
        with self.assertRaises(ProtectedError):
            order.customer.delete()

    def test_ticket_count(self):
        order = OrderFactory()
        OrderLineFactory(order=order, quantity=2)
        OrderLineFactory(order=order, quantity=3)
        self.assertEqual(Order.objects.with_ticket_count().get().ticket_count, 5)

    def test_line_amount(self):
        line = OrderLine(quantity=3, unit_price=Decimal("12.50"))
        self.assertEqual(line.amount, Decimal("37.50"))
