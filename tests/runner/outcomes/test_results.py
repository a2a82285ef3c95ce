"""Results travel from workers as text, and are counted as if they had been seen here."""

from __future__ import annotations

import io
import pickle
import unittest

from cdds_django.runner.outcomes.events import WorkerResult
from cdds_django.runner.outcomes.results import OutcomeKeeper, tags_of


class StrangeError(Exception):
    def __reduce__(self):
        raise TypeError("not to be pickled")


class Kinds(unittest.TestCase):
    __test__ = False  # Not for pytest to run.

    def test_passes(self):
        pass

    def test_strange(self):
        raise StrangeError("so strange")

    def test_subtests(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertEqual(number, 1)

    def test_subtest_skips(self):
        with self.subTest("one"):
            self.skipTest("not now")

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()


class Keeper(OutcomeKeeper, unittest.TextTestResult):
    pass


def ran(names, keeper):
    """Run tests as a worker does, and replay what it hands back."""
    tests = [Kinds(name) for name in names]
    worker = WorkerResult(tests, lambda: False)
    unittest.TestSuite(tests)(worker)
    tests = [Kinds(name) for name in names]
    for event in pickle.loads(pickle.dumps(worker.events)):
        keeper.replay(event, tests)
    return tests


def test_replayed():
    text = io.StringIO()
    keeper = Keeper(unittest.runner._WritelnDecorator(text), True, 1)
    names = [name for name in dir(Kinds) if name.startswith("test_")]
    tests = ran(names, keeper)
    outcomes = {
        test.rpartition(".")[2]: outcome.outcome
        for test, outcome in keeper.final_outcomes(tests).items()
    }
    assert outcomes == {
        "test_passes": "passed",
        "test_strange": "error",
        "test_subtests": "failed",
        "test_subtest_skips": "skipped",
        "test_expected": "expected_failure",
    }
    assert keeper.testsRun == 5
    assert len(keeper.failures) == 2
    assert len(keeper.errors) == 1
    assert 'raise StrangeError("so strange")' in keeper.errors[0][1]
    assert [str(test).splitlines()[0].partition(" [")[0] for test, _ in keeper.skipped]
    keeper.printErrors()
    assert "(number=0)" in text.getvalue()
    assert "(number=2)" in text.getvalue()


def test_stops_when_asked():
    asked = []
    result = WorkerResult([], lambda: bool(asked))
    assert not result.shouldStop
    asked.append(True)
    assert result.shouldStop


def test_tags():
    class Tagged(unittest.TestCase):
        tags = {"slow"}

        def test_one(self):
            pass

        test_one.tags = {"net"}

    assert tags_of(Tagged("test_one")) == {"slow", "net"}
    assert tags_of(Kinds("test_passes")) == frozenset()
