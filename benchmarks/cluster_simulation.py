"""How long a run takes on 2 to 512 places of a cluster, and what it costs.

    python -m benchmarks.cluster_simulation [TESTS]

The example project runs once, in one process. Its classes, with the times that their tests and
set-ups took, are drawn at random until there are TESTS tests (18,400). The order is the pool's own
(`schedule`), and so is what hands orders out and what happens when a place dies (`Pool`). Only time
is simulated: each test takes what was recorded, give or take 15% that the order doesn't know of.

Places need START_S before their first test. One of twenty is three times as slow as the others. In
the last columns, one of ten goes away at some time of the run, without a word, and is back after
BACK_S.
"""

import heapq
import random
import sys
import unittest
from dataclasses import dataclass, field

from benchmarks.makespan import Times, example_suite
from benchmarks.measuring import conditions, project
from cdds_django.impact.records import Recording
from cdds_django.runner.pool.dispatch import Death, Pool
from cdds_django.runner.pool.orders import BatchAnswer, Ended, Order
from cdds_django.runner.pool.schedule import Group, ideal, schedule, together

START_S = 4.0
BACK_S = 20.0
ORDER_S = 0.02
"""Between two orders of a place, as measured on one machine."""
SHORTEST_S = 0.5
"""Shorter classes share an order, as in `cluster/run.py`."""
PART_S = 3.0
"""How often a place hands over what it has done, as `outbox.py` does."""
SLOW, SLOWNESS = 0.05, 3.0
KILLED = 0.1
WORKERS = (2, 4, 8, 16, 32, 64, 128, 256, 512)
SEED = 8


@dataclass
class Place:
    is_there: bool = False
    slowness: float = 1.0
    order: Order | None = None
    generation: int = 0


@dataclass
class SimulatedWorkers:
    """See `orders.Workers`: places in a time of their own."""

    number: int
    seconds: dict[int, float]
    set_ups: dict[int, float]
    killed_by_s: float
    """Till when places are killed; 0 if none is."""
    now_s: float = 0.0
    places: dict[int, Place] = field(default_factory=dict)
    events: list = field(default_factory=list)
    kills: int = 0
    paid_s: float = 0.0
    since: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = random.Random(SEED)
        for worker in range(1, self.number + 1):
            slow = SLOWNESS if chance.random() < SLOW else 1.0
            self.places[worker] = Place(slowness=slow)
            self.since[worker] = 0.0
            self.at(START_S * chance.uniform(0.9, 1.5), "there", worker)
            if self.killed_by_s and chance.random() < KILLED:
                self.at(chance.uniform(START_S, self.killed_by_s), "killed", worker)

    def at(self, seconds: float, what: str, worker: int, *rest: object) -> None:
        heapq.heappush(self.events, (seconds, len(self.events), what, worker, *rest))

    def has_place(self, worker: int) -> bool:
        return self.places[worker].is_there

    def begin(self, worker: int) -> None:
        pass

    def submit(self, worker: int, order: Order) -> None:
        place = self.places[worker]
        place.order = order
        at_s = self.now_s + ORDER_S + self.set_ups[order.tests[0]] * place.slowness
        told, told_at_s = 0, at_s
        for done, test in enumerate(order.tests, 1):
            at_s += self.seconds[test] * place.slowness
            is_last = done == len(order.tests)
            if is_last or at_s - told_at_s > PART_S:
                self.at(at_s, "answer", worker, place.generation, told, done, is_last)
                told, told_at_s = done, at_s

    def wait(self, timeout_s: float) -> list:
        while self.events:
            self.now_s, _, what, worker, *rest = heapq.heappop(self.events)
            place = self.places[worker]
            if what == "there":
                place.is_there = True
                return []
            if what == "killed":
                if not place.is_there:
                    continue
                self.kills += 1
                place.is_there, place.generation = False, place.generation + 1
                self.at(self.now_s + BACK_S + START_S, "there", worker)
                if place.order is not None:
                    place.order = None
                    return [Ended(worker=worker, running="", how="gone", is_unknown=True)]
                continue
            generation, told, done, is_last = rest
            if generation != place.generation:
                continue
            if is_last:
                place.order = None
            return [
                BatchAnswer(
                    worker=worker, batch_id="", first=told, done=done, is_last=is_last,
                    events=(), recording=Recording(),
                )
            ]  # fmt: skip
        raise AssertionError("nobody does anything any more")

    def end(self, worker: int) -> None:
        pass

    def ask_to_stop(self) -> None:
        pass

    def close(self, *, at_once: bool = False) -> None:
        self.paid_s = self.now_s * self.number


class Nobody(unittest.TestCase):
    def runTest(self) -> None:
        pass


def classes_of(times: Times) -> list[Group]:
    """Return the example project's classes, as the pool sees them."""
    suite = example_suite()
    suite.durations_s, suite.set_ups_s = times.tests, times.set_ups
    return [suite._group(tests) for tests in suite.classes]


def drawn(classes: list[Group], tests: int) -> list[Group]:
    """Return that many tests in classes like these, numbered anew."""
    chance = random.Random(SEED)
    found: list[Group] = []
    number = 0
    while number < tests:
        like = chance.choice(classes)
        places = tuple(range(number, number + len(like.tests)))
        number += len(places)
        found.append(
            Group(
                tests=places,
                seconds=like.seconds,
                set_up_s=like.set_up_s,
                may_split=like.may_split,
                is_late=like.is_late,
            )
        )
    return found


def simulated(groups: list[Group], number: int, killed_by_s: float = 0.0) -> SimulatedWorkers:
    """Run the pool; return its workers when all is done."""
    chance = random.Random(SEED)
    seconds = {
        test: known * chance.lognormvariate(0, 0.15)
        for group in groups
        for test, known in zip(group.tests, group.seconds, strict=True)
    }
    set_ups = {test: group.set_up_s for group in groups for test in group.tests}
    parts = together(schedule(groups, number), SHORTEST_S, number)
    orders = [Order(tests=part.tests) for part in parts]
    workers = SimulatedWorkers(number, seconds, set_ups, killed_by_s)
    everybody = [Nobody()] * len(seconds)
    done: set[int] = set()
    for item in Pool(workers, number, everybody, is_stopped=lambda: False).run(orders):
        assert not isinstance(item, Death), "nobody is to blame here"
        order, answer = item
        done.update(order.tests[answer.first : answer.done])
    assert done == set(seconds), "every test ran"
    return workers


def main() -> None:
    tests = int(sys.argv[1]) if len(sys.argv) > 1 else 18_400
    with project() as copy:
        _, report = copy.test("--parallel", "1")
    recorded = {test["id"]: test["duration_s"] for test in report["tests"]}
    groups = drawn(classes_of(Times(tests=recorded, set_ups=report["set_ups_s"])), tests)
    work_s = sum(group.total_s for group in groups)
    print(f"{conditions()}\n")
    print(
        f"{sum(len(g.tests) for g in groups):,} tests in {len(groups):,} classes, {work_s:,.0f} s"
    )
    print(
        "\n| places | ends after s | to the ideal | to half as many places | paid s | of it tests "
        "| with kills: ends after s | kills | paid s |"
    )
    print(f"|{' ---: |' * 9}")
    before_s = None
    for number in WORKERS:
        plain = simulated(groups, number)
        killed = simulated(groups, number, plain.now_s)
        gain = f"{before_s / plain.now_s:.2f}" if before_s else ""
        cells = (
            f"{number}",
            f"{plain.now_s:,.1f}",
            f"{plain.now_s / ideal(groups, number):.2f}",
            gain,
            f"{plain.paid_s:,.0f}",
            f"{work_s / plain.paid_s:.0%}",
            f"{killed.now_s:,.1f}",
            f"{killed.kills}",
            f"{killed.paid_s:,.0f}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)
        before_s = plain.now_s


if __name__ == "__main__":
    main()
