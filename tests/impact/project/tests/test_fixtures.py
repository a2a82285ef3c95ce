import unittest

from django.test import TestCase

from tests import factories
from tests.base import ShopCase


def setUpModule():
    factories.module_helper()


class Based(ShopCase):
    def test_kind(self):
        self.assertEqual(self.kind, "base")

    def test_helper(self):
        self.assertEqual(self.helper(), 1)


class SetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.value = factories.class_helper()
        cls.addClassCleanup(factories.cleanup_helper)

    def tearDown(self):
        factories.tear_down_helper()

    def test_one(self):
        self.assertEqual(self.value, 1)

    def test_two(self):
        pass


class Items(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.item = factories.make_item()

    def test_stamp(self):
        self.assertEqual(self.item.stamp, "saved")

    def test_gross(self):
        self.assertEqual(self.item.gross(), 2)
