"""The tests that make another one fail are found, one or several, in few runs."""

from __future__ import annotations

import itertools
import math

import pytest

from cdds_django.runner.flaky.polluters import Verdict, find_polluters

POLLUTED = {
    "tests/__init__.py": "",
    "tests/test_a.py": """
from django.test import SimpleTestCase

import state


class ATests(SimpleTestCase):
    def test_a(self):
        pass

    def test_b_pollutes(self):
        state.value = 1

    def test_c(self):
        pass
""",
    "tests/test_b.py": """
from django.test import SimpleTestCase

import state


class BTests(SimpleTestCase):
    def test_d(self):
        pass

    def test_e_suffers(self):
        self.assertEqual(state.value, 0)

    def test_f_fails_by_itself(self):
        self.fail("always")
""",
    "state.py": "value = 0\n",
}


def test_found(make_project):
    project = make_project(POLLUTED)
    assert project.test("--parallel", "1").ids("failed") == [
        "BTests.test_e_suffers",
        "BTests.test_f_fails_by_itself",
    ]
    # It passes alone, which doesn't make the map forget.
    again = project.test("--parallel", "1", "tests.test_b.BTests.test_e_suffers")
    assert again.returncode == 0

    suffering = "tests.test_b.BTests.test_e_suffers"
    run = project.test("--parallel", "2", "--find-polluter", suffering)
    assert run.returncode == 1
    assert f"{suffering} fails after tests.test_a.ATests.test_b_pollutes.\n" in run.output
    assert run.report["polluters"] == ["tests.test_a.ATests.test_b_pollutes"]
    assert "AssertionError: 1 != 0" in run.errors
    assert run.last_line == "0 passed, 1 failed"

    alone = project.test("--find-polluter", "tests.test_b.BTests.test_f_fails_by_itself")
    assert "fails by itself: no other test makes it fail." in alone.output


def test_refused(make_project):
    project = make_project(POLLUTED)
    unknown = project.test("--find-polluter", "tests.test_b.BTests.test_x")
    assert (unknown.returncode, "there is no test" in unknown.errors) == (2, True)
    unrecorded = project.test("--find-polluter", "tests.test_b.BTests.test_d")
    assert unrecorded.returncode == 2
    assert "the impact map knows no run in which" in unrecorded.errors


@pytest.mark.parametrize("at_once", [1, 2, 8])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_search(number, at_once):
    tests = list(range(100, 130))
    for needed in itertools.islice(itertools.combinations(tests, number), 0, None, 97):
        steps = []

        def fails(sequences, needed=needed, steps=steps):
            steps.append(len(sequences))
            return [set(needed) <= set(sequence) for sequence in sequences]

        verdict = find_polluters(tests, fails, at_once=at_once)
        assert verdict == Verdict(fails_after_all=True, polluters=needed)
        assert max(steps) <= max(at_once, 2)
        per_polluter = math.ceil(math.log(len(tests), at_once + 1)) + 2
        assert len(steps) <= 1 + number * per_polluter


def test_too_many_to_name():
    verdict = find_polluters(range(10), lambda s: [len(q) > 7 for q in s], at_once=2)
    assert (verdict.is_complete, len(verdict.polluters)) == (False, 5)
