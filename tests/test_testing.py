"""`@covers` and `@depends_on` on tests, classes and what derives from them."""

from __future__ import annotations

import unittest

from cdds_django.impact.records import Dependency
from cdds_django.runner.choice.delta import declared_dependencies
from cdds_django.testing import covers, depends_on


@covers("orders_list", "GET /orders/{id}/")
@depends_on("prices.csv")
class Orders(unittest.TestCase):
    def test_plain(self):
        pass

    @covers("orders_create")
    @covers("orders_update")
    def test_marked(self):
        pass


class Derived(Orders):
    pass


@depends_on("more.csv")
class Extended(Orders):
    pass


def declared(test):
    return {(kind, key) for kind, key in declared_dependencies(test)}


CLASS = {("operation", "orders_list"), ("operation", "GET /orders/{id}/"), ("file", "prices.csv")}


def test_of_a_class():
    assert declared(Orders("test_plain")) == CLASS
    assert declared(Derived("test_plain")) == CLASS


def test_of_a_test():
    own = {("operation", "orders_create"), ("operation", "orders_update")}
    assert declared(Orders("test_marked")) == CLASS | own


def test_derived_class_adds_without_touching_its_base():
    assert declared(Extended("test_plain")) == CLASS | {("file", "more.csv")}
    assert declared(Orders("test_plain")) == CLASS


def test_unmarked():
    assert declared_dependencies(unittest.FunctionTestCase(lambda: None)) == frozenset()
    assert isinstance(next(iter(declared_dependencies(Orders("test_plain")))), Dependency)
