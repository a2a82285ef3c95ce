from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from example_project.exceptions import VoucherError
from example_project.orders.services.vouchers import find_voucher
from example_project.testing.factories import EventFactory, VoucherFactory


class FindVoucherTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = EventFactory()
        cls.voucher = VoucherFactory(code="SPRING-24")

    def test_code_as_typed(self):
        self.assertEqual(find_voucher(" spring-24 ", event=self.event), self.voucher)

    def test_no_code(self):
        self.assertIsNone(find_voucher("", event=self.event))

    def test_unknown_code(self):
        with self.assertRaisesMessage(VoucherError, "AUTUMN-24 is unknown"):
            find_voucher("autumn-24", event=self.event)

    def test_ended(self):
        self.voucher.valid_until = timezone.now() - timedelta(minutes=1)
        self.voucher.save()
        with self.assertRaises(VoucherError):
            find_voucher("SPRING-24", event=self.event)

    def test_of_this_event(self):
        voucher = VoucherFactory(code="HAMLET", event=self.event)
        self.assertEqual(find_voucher("HAMLET", event=self.event), voucher)

    def test_of_another_event(self):
        VoucherFactory(code="MACBETH", event=EventFactory())
        with self.assertRaisesMessage(VoucherError, "not for this event"):
            find_voucher("MACBETH", event=self.event)
