"""Starting workers has to pay."""

from __future__ import annotations

import unittest

import pytest

from cdds_django.runner.pool.sizing import processes_for


class Cases(unittest.TestCase):
    __test__ = False

    def test_a(self):
        pass

    def test_b(self):
        pass


TESTS = [Cases("test_a"), Cases("test_b")]
A, B = (test.id() for test in TESTS)
PLACE = A.rpartition(".")[0]


@pytest.mark.parametrize(
    ("asked", "durations_s", "set_ups_s", "limit", "expected"),
    [
        ("auto", {}, {}, None, 6),
        ("auto", {A: 0.5}, {}, None, 6),
        ("auto", {A: 0.5, B: 1.0}, {}, None, 1),
        ("auto", {A: 0.5, B: 1.0}, {PLACE: 1.0}, None, 6),
        ("auto", {A: 0.5, B: 2.0}, {}, None, 6),
        ("auto", {A: 0.5, B: 2.0}, {}, 3, 3),
        (4, {A: 0.5, B: 1.0}, {}, None, 4),
        (4, {}, {}, 2, 2),
        (1, {}, {}, None, 1),
    ],
)
def test_number(monkeypatch, asked, durations_s, set_ups_s, limit, expected):
    monkeypatch.setenv("DJANGO_TEST_PROCESSES", "6")
    number = processes_for(
        TESTS,
        [],
        asked=asked,
        limit=limit,
        durations_s=durations_s,
        set_ups_s=set_ups_s,
        log=lambda text: pytest.fail(text),
    )
    assert number == expected
