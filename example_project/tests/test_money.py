import unittest
from decimal import Decimal

from example_project.money import format_money, round_money, to_minor_units


class MoneyTests(unittest.TestCase):
    def test_halves_round_up(self):
        for amount, expected in [("1.005", "1.01"), ("1.004", "1.00"), ("2.675", "2.68")]:
            with self.subTest(amount):
                self.assertEqual(round_money(Decimal(amount)), Decimal(expected))

    def test_minor_units(self):
        self.assertEqual(to_minor_units(Decimal("45.75")), 4575)

    def test_fractions_of_a_cent_are_refused(self):
        with self.assertRaisesRegex(ValueError, "0.005 is not a whole number of cents"):
            to_minor_units(Decimal("0.005"))

    def test_format(self):
        for amount, currency, expected in [
            ("1234.5", "GBP", "£1,234.50"),
            ("8", "EUR", "€8.00"),
            ("-3.2", "USD", "-$3.20"),
            ("5", "CHF", "CHF 5.00"),
        ]:
            with self.subTest(currency):
                self.assertEqual(format_money(Decimal(amount), currency), expected)
