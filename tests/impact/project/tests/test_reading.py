import os
import subprocess
import sys
import unittest

from shop import reading

from cdds_django.testing import covers, depends_on


class Files(unittest.TestCase):
    def test_prices(self):
        self.assertEqual(reading.prices(), {"price": 1})

    def test_optional(self):
        self.assertIsNone(reading.optional())

    def test_flag(self):
        self.assertFalse(reading.flag())

    def test_names(self):
        self.assertIn("prices.json", reading.names())

    def test_limits(self):
        self.assertEqual(reading.LIMITS, {"limit": 1})

    def test_early_template(self):
        self.assertIn("early", reading.early_template())

    def test_nothing(self):
        pass


class Surroundings(unittest.TestCase):
    def test_variable(self):
        self.assertEqual(reading.variable(), "")

    @unittest.skipIf(os.environ.get("SHOP_SKIP"), "asked for")
    def test_skip_if(self):
        pass

    @unittest.skip("always")
    def test_skipped(self):
        pass

    def test_child(self):
        subprocess.run([sys.executable, "-m", "pricing.children"], check=True, capture_output=True)

    @depends_on("declared.txt")
    def test_declared(self):
        pass

    @covers("GET /hello/")
    def test_covers(self):
        pass
