from decimal import Decimal

from django.template import Context, Template
from django.test import SimpleTestCase


class TicketingTagsTests(SimpleTestCase):
    def render(self, source, **context):
        return Template("{% load ticketing %}" + source).render(Context(context)).strip()

    def test_money(self):
        source = "{{ amount|money:'EUR' }}"
        self.assertEqual(self.render(source, amount=Decimal("7.5")), "€7.50")
        self.assertEqual(self.render(source, amount=Decimal("0.00")), "free")

    def test_sold_bar(self):
        for taken, total, text in [
            (0, 0, "0%"),
            (1, 3, "33%"),
            (89, 100, "89%"),
            (90, 100, "Last tickets"),
            (100, 100, "Sold out"),
        ]:
            with self.subTest(taken=taken, total=total):
                bar = self.render("{% sold_bar taken total %}", taken=taken, total=total)
                self.assertIn(f">{text}</div>", bar)

    def test_hot_bar(self):
        self.assertIn("bar-hot", self.render("{% sold_bar 95 100 %}"))
        self.assertNotIn("bar-hot", self.render("{% sold_bar 100 100 %}"))

    def test_plural(self):
        self.assertEqual(self.render("{% plural 1 'ticket' %}"), "1 ticket")
        self.assertEqual(self.render("{% plural 0 'ticket' %}"), "0 tickets")
