import json
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path
from unittest import mock

from example_project.events.models import Currency, TicketType
from example_project.orders.models import Voucher
from example_project.orders.services import pricing
from example_project.orders.services.pricing import load_fees, price_order, ticket_fee

fees = None


def setUpModule():
    global fees
    fees = load_fees("GBP")


def tearDownModule():
    global fees
    fees = None


def price(*items, currency="GBP", percent_off=None):
    types = [(TicketType(price=Decimal(amount)), quantity) for amount, quantity in items]
    voucher = Voucher(percent_off=percent_off) if percent_off else None
    return price_order(types, currency=currency, voucher=voucher)


class TicketFeeTests(unittest.TestCase):
    def test_tiers(self):
        for amount, fee in [
            ("0.00", "0.00"),
            ("0.01", "0.50"),
            ("10.00", "0.50"),
            ("10.01", "1.50"),
            ("50.00", "1.50"),
            ("50.01", "2.95"),
            ("900.00", "2.95"),
        ]:
            with self.subTest(amount):
                self.assertEqual(ticket_fee(Decimal(amount), fees), Decimal(fee))

    def test_last_tier_needs_to_be_open(self):
        with self.assertRaisesRegex(ValueError, "No fee tier fits 11"):
            ticket_fee(Decimal(11), {"per_ticket": [{"up_to": "10", "fee": "1"}]})


class PriceOrderTests(unittest.TestCase):
    def test_tickets_and_fees(self):
        quote = price(("20.00", 2), ("60.00", 1))
        self.assertEqual(quote.subtotal, Decimal("100.00"))
        self.assertEqual(quote.fees, 2 * Decimal("1.50") + Decimal("2.95") + Decimal("0.75"))
        self.assertEqual(quote.total, Decimal("106.70"))

    def test_free_tickets_have_no_fees(self):
        self.assertEqual(price(("0.00", 4)).total, 0)

    def test_voucher(self):
        quote = price(("20.00", 2), percent_off=25)
        self.assertEqual(quote.discount, Decimal("10.00"))
        self.assertEqual(quote.total, Decimal("30.00") + 2 * Decimal("1.50") + Decimal("0.75"))

    def test_fees_follow_the_reduced_price(self):
        self.assertEqual(price(("20.00", 1), percent_off=50).fees, Decimal("1.25"))

    def test_everything_off(self):
        self.assertEqual(price(("20.00", 3), percent_off=100).total, 0)

    def test_discount_is_rounded_per_ticket(self):
        self.assertEqual(price(("9.99", 3), percent_off=15).discount, Decimal("4.50"))

    def test_currencies_have_their_own_fees(self):
        for currency, expected in [("GBP", "2.25"), ("EUR", "2.65"), ("USD", "4.25")]:
            with self.subTest(currency):
                self.assertEqual(price(("20.00", 1), currency=currency).fees, Decimal(expected))


class FeesFileTests(unittest.TestCase):
    def test_every_currency_has_fees(self):
        for currency in Currency.values:
            with self.subTest(currency):
                tiers = load_fees(currency)["per_ticket"]
                self.assertIsNone(tiers[-1]["up_to"])
                limits = [Decimal(tier["up_to"]) for tier in tiers[:-1]]
                self.assertEqual(limits, sorted(limits))

    def test_edits_count_at_once(self):
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "fees.json"
            tiers = [{"up_to": None, "fee": "9.00"}]
            file.write_text(json.dumps({"GBP": {"per_order": "1.00", "per_ticket": tiers}}))
            with mock.patch.object(pricing, "FEES_FILE", file):
                self.assertEqual(price(("5.00", 1)).fees, Decimal("10.00"))
        self.assertEqual(price(("5.00", 1)).fees, Decimal("1.25"))

    def test_unknown_currency(self):
        with self.assertRaises(KeyError):
            load_fees("CHF")
