"""In which order classes go to workers, by what becomes of their databases."""

from __future__ import annotations

import unittest
from pathlib import Path

import pytest
from django.test import TestCase, TransactionTestCase

from cdds_django.runner.databases.forks import ForkPlan
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.suite import PooledSuite


class Flushes(TransactionTestCase):
    __test__ = False

    def test_a(self):
        pass


class RollsBack(TestCase):
    __test__ = False

    def test_b(self):
        pass


@pytest.mark.parametrize(
    ("can_reset", "first"),
    [(frozenset({"default"}), 0), (frozenset(), 1)],
)
def test_what_flushes_comes_last_unless_it_is_brought_back(can_reset, first):
    suites = [unittest.TestSuite([Flushes("test_a")]), unittest.TestSuite([RollsBack("test_b")])]
    suite = PooledSuite(suites, 2)
    flushing, other = (test.id() for test in suite.tests)
    suite.durations_s = {flushing: 2.0, other: 1.0}
    forks = ForkPlan(aliases={"default": "default"}, can_reset=can_reset)
    suite.plan = WorkerPlan(run="run", directory=Path(), forks=forks)
    assert suite.orders()[0].tests == (first,)
