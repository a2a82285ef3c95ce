"""The pool with workers that do as they are told: answer, or die."""

from __future__ import annotations

import random
import unittest
from dataclasses import replace

import pytest

from cdds_django.errors import CddsError
from cdds_django.impact.records import Recording
from cdds_django.runner.pool.dispatch import Death, Pool
from cdds_django.runner.pool.orders import BatchAnswer, Ended, Order


class Cases(unittest.TestCase):
    __test__ = False

    def __init__(self, number):
        super().__init__("run_it")
        self.number = number

    def id(self):
        return f"test {self.number}"

    def run_it(self):
        pass


class ScriptedWorkers:
    """Workers that die of certain tests, or when `dies` says so. Keeps what happened to them."""

    def __init__(self, tests, *, deadly=(), dies=lambda: False):
        self.tests = tests
        self.deadly = set(deadly)
        self.dies = dies
        self.present = set()
        self.running = {}
        self.ran = []
        self.fresh = []
        self.unused = set()
        self.log = []
        self.begun = 0
        self.in_parts = False
        self.told = {}

    def has_place(self, worker):
        return True

    def begin(self, worker):
        assert worker not in self.present
        self.present.add(worker)
        self.unused.add(worker)
        self.begun += 1

    def submit(self, worker, order):
        assert worker in self.present
        assert worker not in self.running
        if order.is_fresh:
            assert worker in self.unused
        self.unused.discard(worker)
        self.running[worker] = order

    def wait(self, timeout_s):
        if not self.running:
            return []
        worker, order = self.running.popitem()
        first = self.told.pop(worker, 0)
        for number, place in enumerate(order.tests[first:], first):
            if number > first and self.in_parts and number % 2 == 0:
                self.running[worker] = order
                self.told[worker] = number
                self.ran += order.tests[first:number]
                return [self.answer(worker, first, number, is_last=False)]
            if place in self.deadly or self.dies():
                self.present.discard(worker)
                idle = self.dies() and place not in self.deadly
                running = "" if idle else f"test {place}"
                return [Ended(worker=worker, running=running, how="SIGKILL", batch_id="b")]
        self.ran += order.tests[first:]
        return [self.answer(worker, first, len(order.tests))]

    def answer(self, worker, first, done, *, is_last=True):
        return BatchAnswer(
            worker=worker,
            batch_id="b",
            first=first,
            done=done,
            is_last=is_last,
            events=(),
            recording=Recording(),
        )

    def end(self, worker):
        self.present.remove(worker)

    def ask_to_stop(self):
        self.log.append("stop")

    def close(self, *, at_once=False):
        self.log.append(("closed", at_once))


def pool_of(workers, number=3, stopped=None):
    return Pool(workers, number, workers.tests, is_stopped=lambda: bool(stopped))


TESTS = [Cases(number) for number in range(60)]
ORDERS = [Order(tests=tuple(range(start, start + 6))) for start in range(0, 60, 6)]


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_every_test_is_answered_for_whatever_dies(seed, in_parts):
    generator = random.Random(seed)
    deadly = generator.sample(range(60), generator.randint(0, 20))
    workers = ScriptedWorkers(TESTS, deadly=deadly, dies=lambda: generator.random() < 0.02)
    workers.in_parts = in_parts
    pool = pool_of(workers)
    events = list(pool.run(ORDERS))
    deaths = [event for event in events if isinstance(event, Death)]
    named = [place for death in deaths for place in death.tests]
    assert sorted([*workers.ran, *named]) == list(range(60))
    assert set(deadly) <= set(named)
    assert workers.log[-1] == ("closed", False)


def test_a_fresh_worker_for_those_who_ask():
    workers = ScriptedWorkers(TESTS)
    pool = pool_of(workers, number=1)
    fresh = Order(tests=(7,), is_fresh=True)
    for event in pool.run([Order(tests=(1, 2)), Order(tests=(3,))]):
        if workers.ran == [1, 2]:
            pool.add_first([fresh])
        assert not isinstance(event, Death)
    assert workers.ran == [1, 2, 7, 3]
    assert workers.begun == 2, "what follows the fresh one may use what it left"


def test_stopped():
    stopped = []
    workers = ScriptedWorkers(TESTS, deadly=[2])
    pool = pool_of(workers, number=1, stopped=stopped)
    stopped.extend(True for _ in pool.run(ORDERS))
    assert workers.ran == []
    assert "stop" in workers.log


def test_workers_that_always_die_idle():
    workers = ScriptedWorkers(TESTS, dies=lambda: True)
    pool = pool_of(workers)
    with pytest.raises(CddsError, match="die before they run a test"):
        list(pool.run(ORDERS))
    assert workers.log[-1] == ("closed", True)


def test_what_nobody_can_name_is_not_tried_for_ever():
    class Nameless(ScriptedWorkers):
        def wait(self, timeout_s):
            return [
                replace(e, running="something") if isinstance(e, Ended) else e
                for e in super().wait(timeout_s)
            ]

    workers = Nameless(TESTS, deadly=[8])
    pool = pool_of(workers)
    (death,) = [event for event in pool.run(ORDERS) if isinstance(event, Death)]
    assert death.tests == ORDERS[1].tests


class Vanishing(ScriptedWorkers):
    """Workers whose whole machine goes away, so that nobody can tell what they were running."""

    def wait(self, timeout_s):
        return [
            replace(e, running="", how="gone", is_unknown=True) if isinstance(e, Ended) else e
            for e in super().wait(timeout_s)
        ]


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_machine_that_goes_away_is_no_tests_fault(in_parts):
    goes = iter([False] * 8 + [True] + [False] * 9 + [True])
    workers = Vanishing(TESTS, dies=lambda: next(goes, False))
    workers.in_parts = in_parts
    events = list(pool_of(workers).run(ORDERS))
    assert not [event for event in events if isinstance(event, Death)]
    assert sorted(workers.ran) == list(range(60))
    assert workers.begun == 5


def test_a_test_that_takes_machines_along_is_found_by_three_deaths():
    workers = Vanishing(TESTS, deadly=[8])
    (death,) = [event for event in pool_of(workers).run(ORDERS) if isinstance(event, Death)]
    assert (death.tests, death.ended.running) == ((8,), "test 8")
    assert sorted([*workers.ran, 8]) == list(range(60))
    assert workers.begun == 3 + 3


def test_orders_go_where_there_is_a_place():
    class Coming(ScriptedWorkers):
        def has_place(self, worker):
            return worker == 2

    workers = Coming(TESTS)
    answers = [answer for _, answer in pool_of(workers).run(ORDERS)]
    assert {answer.worker for answer in answers} == {2}
    assert sorted(workers.ran) == list(range(60))
