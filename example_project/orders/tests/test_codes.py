import unittest

from example_project.orders.codes import ALPHABET, new_code, new_order_reference, new_ticket_code


class CodeTests(unittest.TestCase):
    def test_nothing_to_confuse(self):
        self.assertFalse(set("0O1IL") & set(ALPHABET))

    def test_shapes(self):
        self.assertRegex(new_order_reference(), rf"^T-[{ALPHABET}]{{8}}$")
        self.assertRegex(new_ticket_code(), rf"^[{ALPHABET}]{{12}}$")

    def test_codes_differ(self):
        self.assertEqual(len({new_code(12) for _ in range(100)}), 100)
