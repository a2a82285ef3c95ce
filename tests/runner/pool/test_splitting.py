"""Which classes may be cut, by the signs that their tests rely on each other."""

from __future__ import annotations

import unittest

import pytest
from django.test import SimpleTestCase
from django.test.testcases import SerializeMixin

from cdds_django.runner.pool.splitting import may_split


class Plain(SimpleTestCase):
    __test__ = False
    databases = {"default"}
    fixtures = ["data.json"]
    price = 3

    def test_a(self):
        self.value = self.price

    def test_b(self):
        pass


class Numbered(unittest.TestCase):
    __test__ = False

    def test_1_create(self):
        pass

    def test_2_update(self):
        pass


class Container(Plain):
    made = []


class InheritsContainer(Container):
    pass


class Stores(Plain):
    def test_b(self):
        type(self).token = 1


class StoresByName(Plain):
    def test_b(self):
        StoresByName.token = 1


class Serialized(SerializeMixin, SimpleTestCase):
    __test__ = False
    lockfile = __file__

    def test_a(self):
        pass


@unittest.skip("not now")
class Skipped(Plain):
    pass


class One(unittest.TestCase):
    __test__ = False

    def test_1(self):
        pass


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (Plain, True),
        (One, True),
        (Numbered, False),
        (Container, False),
        (InheritsContainer, False),
        (Stores, False),
        (StoresByName, False),
        (Serialized, False),
        (Skipped, False),
    ],
)
def test_signs(cls, expected):
    names = unittest.TestLoader().getTestCaseNames(cls)
    assert may_split(cls, [cls(name) for name in names]) is expected
