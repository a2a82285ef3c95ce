"""How much later than the ideal the last of 16 workers ends, going by an earlier run's times.

    python -m benchmarks.makespan [WORKERS]

The example project runs twice, in one process. The order is made from the times of the first run
and simulated with those of the second. These are CPU seconds: on a busy machine a test's wall times
differ by more than any order can put right. A generated suite has a few very long classes, and its
second run differs from the first at random, by 15% on average. Django's order is that of discovery,
class by class.
"""

import json
import os
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django
from django.test.runner import partition_suite_by_case

from benchmarks.measuring import CHECKOUT, conditions, project
from cdds_django.runner.pool.schedule import Group, ideal, makespan, schedule
from cdds_django.runner.pool.suite import PooledSuite

_SEED = 5
_CPU_CLOCK = "import time\ntime.perf_counter = time.process_time\n"


@dataclass(frozen=True, kw_only=True)
class Times:
    """What one run took, in seconds: tests by id or place, set-ups by class."""

    tests: Mapping[Any, float]
    set_ups: Mapping[Any, float]


def recorded() -> tuple[Times, Times]:
    """Run the example project twice."""
    with project() as copy:
        manage = copy.path / "manage.py"
        manage.write_text(_CPU_CLOCK + manage.read_text(encoding="utf-8"), encoding="utf-8")
        runs = []
        for _ in range(2):
            _, report = copy.test("--parallel", "1")
            tests = {test["id"]: test["duration_s"] for test in report["tests"]}
            runs.append(Times(tests=tests, set_ups=report["set_ups_s"]))
    return runs[0], runs[1]


def example_suite() -> PooledSuite:
    """Load the example project's tests as our runner does."""
    os.chdir(CHECKOUT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
    django.setup()
    from cdds_django.runner.runner import DeltaDiscoverRunner

    runner = DeltaDiscoverRunner(verbosity=0, interactive=False)
    return PooledSuite(partition_suite_by_case(runner.build_suite(["example_project"])), 1)


def example(workers: int) -> tuple[float, float]:
    first, second = recorded()
    suite = example_suite()
    suite.processes = workers
    suite.durations_s, suite.set_ups_s = first.tests, first.set_ups
    names = [test.id() for test in suite.tests]
    places = [f"{type(t).__module__}.{type(t).__qualname__}" for t in suite.tests]

    def group(tests: Sequence[int]) -> Group:
        return Group(
            tests=tuple(tests),
            seconds=tuple(second.tests[names[i]] for i in tests),
            set_up_s=second.set_ups.get(places[tests[0]], 0.0),
        )

    ours = [group(order.tests) for order in suite.orders()]
    return ratios([group(tests) for tests in suite.classes], ours, workers)


def generated(workers: int) -> tuple[float, float]:
    """Make classes of very different lengths, most of them short."""
    generator = random.Random(_SEED)
    groups, later = [], []
    for number in range(600):
        size = min(400, int(generator.lognormvariate(1.5, 1.0)) + 1)
        mean_s = generator.lognormvariate(-3.0, 1.5)
        seconds = [mean_s * generator.lognormvariate(0, 0.5) for _ in range(size)]
        set_up_s = generator.lognormvariate(-4.0, 1.0)
        tests = tuple((number, place) for place in range(size))
        may_split = generator.random() < 0.8
        common = {"tests": tests, "may_split": may_split}
        groups.append(Group(seconds=tuple(seconds), set_up_s=set_up_s, **common))
        noisy = tuple(s * generator.lognormvariate(0, 0.15) for s in seconds)
        later.append(Group(seconds=noisy, set_up_s=set_up_s, **common))
    actual = {t: s for g in later for t, s in zip(g.tests, g.seconds, strict=True)}
    ours = [
        Group(tests=p.tests, seconds=tuple(actual[t] for t in p.tests), set_up_s=p.set_up_s)
        for p in schedule(groups, workers)
    ]
    return ratios(later, ours, workers)


def ratios(classes: list[Group], ours: list[Group], workers: int) -> tuple[float, float]:
    """Return how Django's order and ours end, against the ideal for whole or cut classes."""
    best_s = ideal(classes, workers)
    return tuple(
        makespan([g.total_s for g in order], workers) / best_s for order in (classes, ours)
    )


def main() -> None:
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    print(conditions())
    print()
    print(f"| suite, {workers} workers | Django's order | ours |")
    print("| --- | ---: | ---: |")
    for name, measure in (("example project", example), ("generated, heavy tail", generated)):
        before, after = measure(workers)
        print(f"| {name} | {before:.3f} | {after:.3f} |")
    print(json.dumps({"seed": _SEED}))


if __name__ == "__main__":
    main()
