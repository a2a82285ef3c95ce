from decimal import Decimal

from django.test import SimpleTestCase

from shop.prices import discount_of, total_of


class PriceTests(SimpleTestCase):
    def test_few(self):
        self.assertEqual(total_of(Decimal("2.50"), 3), Decimal("7.50"))

    def test_many(self):
        self.assertEqual(total_of(Decimal("2.50"), 10), Decimal("22.50"))

    def test_no_discount(self):
        self.assertEqual(discount_of(9), 0)
