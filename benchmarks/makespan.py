"""How much later than the ideal the last of 16 workers ends, going by an earlier run's times.

    python -m benchmarks.makespan [--workers 16] [--runs 4] [REPORT ...]

The example project runs again and again in one process, the first time for compiled modules and
templates. Orders are made from the times of each run and simulated with those of each other one.
These are CPU seconds without the garbage collector: on a busy machine a test's wall times differ by
more than any order can put right, and so do those of 16 workers with a third of a second to do each
when a collection that takes 0.1 s comes in this test or that. A generated suite has a few very long
classes, and its second run differs from the first at random, by 15% on average. Django's order is
that of discovery, class by class.

`REPORT`s are JSON reports of runs of another project, made with `--parallel 1`; whether its classes
may be cut isn't known then, and none is.
"""

import argparse
import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from statistics import median
from typing import Any

import django
from django.test.runner import partition_suite_by_case

from benchmarks.measuring import CHECKOUT, conditions, project
from cdds_django.runner.databases.forks import ForkPlan
from cdds_django.runner.pool.plan import WorkerPlan
from cdds_django.runner.pool.schedule import Group, ideal, makespan, schedule
from cdds_django.runner.pool.suite import PooledSuite

_SEED = 5
_CPU_CLOCK = "import gc, time\ngc.disable()\ntime.perf_counter = time.process_time\n"


@dataclass(frozen=True, kw_only=True)
class Times:
    """What one run took, in seconds: tests by id or place, set-ups by class."""

    tests: Mapping[Any, float]
    set_ups: Mapping[Any, float]


def recorded(number: int) -> list[Times]:
    """Run the example project that many times."""
    with project() as copy:
        manage = copy.path / "manage.py"
        manage.write_text(_CPU_CLOCK + manage.read_text(encoding="utf-8"), encoding="utf-8")
        reports = [copy.test("--parallel", "1")[1] for _ in range(number + 1)]
    return list(map(times_of, reports[1:]))


def times_of(report: dict[str, Any]) -> Times:
    tests = {test["id"]: test["duration_s"] or 0.0 for test in report["tests"]}
    return Times(tests=tests, set_ups=report["set_ups_s"])


def example_suite() -> PooledSuite:
    """Load the example project's tests as our runner does."""
    os.chdir(CHECKOUT)
    os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
    django.setup()
    from cdds_django.runner.runner import DeltaDiscoverRunner

    runner = DeltaDiscoverRunner(verbosity=0, interactive=False)
    return PooledSuite(partition_suite_by_case(runner.build_suite(["example_project"])), 1)


def example(workers: int, runs: int) -> list[tuple[float, float]]:
    times = recorded(runs)
    suite = example_suite()
    suite.processes = workers
    # As on SQLite and PostgreSQL: no test has to wait for others.
    suite.plan = WorkerPlan(run="", forks=ForkPlan())
    names = [test.id() for test in suite.tests]
    places = [f"{type(t).__module__}.{type(t).__qualname__}" for t in suite.tests]

    def group(tests: Sequence[int], found: Times) -> Group:
        return Group(
            tests=tuple(tests),
            seconds=tuple(found.tests[names[i]] for i in tests),
            set_up_s=found.set_ups.get(places[tests[0]], 0.0),
        )

    rows = []
    for first, second in permutations(times, 2):
        suite.durations_s, suite.set_ups_s = first.tests, first.set_ups
        ours = [group(order.tests, second) for order in suite.orders()]
        rows.append(ratios([group(tests, second) for tests in suite.classes], ours, workers))
    return rows


def reported(paths: Sequence[Path], workers: int) -> list[tuple[float, float]]:
    """Simulate what reports say; classes stay whole."""
    times = [times_of(json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    by_class: dict[str, list[str]] = {}
    for test in times[0].tests:
        by_class.setdefault(test.rpartition(".")[0], []).append(test)

    def groups(found: Times) -> list[Group]:
        return [
            Group(
                tests=(number,),
                seconds=tuple(found.tests[test] for test in tests),
                set_up_s=found.set_ups.get(name, 0.0),
            )
            for number, (name, tests) in enumerate(by_class.items())
        ]

    rows = []
    for first, second in permutations(times, 2):
        later = groups(second)
        ours = [later[one.tests[0]] for one in schedule(groups(first), workers)]
        rows.append(ratios(later, ours, workers))
    return rows


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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--runs", type=int, default=4)
    options = parser.parse_args()
    workers = options.workers
    print(conditions())
    print()
    print(f"| suite, {workers} workers | pairs of runs | Django's order | ours | its worst |")
    print("| --- | ---: | ---: | ---: | ---: |")
    if options.reports:
        measured = {"reports": reported(options.reports, workers)}
    else:
        measured = {
            "example project": example(workers, options.runs),
            "generated, heavy tail": [generated(workers)],
        }
    for name, rows in measured.items():
        before, after = (median(row[place] for row in rows) for place in (0, 1))
        worst = max(row[1] for row in rows)
        print(f"| {name} | {len(rows)} | {before:.3f} | {after:.3f} | {worst:.3f} |")


if __name__ == "__main__":
    main()
