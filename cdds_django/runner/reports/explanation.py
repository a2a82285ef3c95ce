"""`--explain`: which tests are selected, by cause, the cause of most tests first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cdds_django.impact.choice.selection import Reason
from cdds_django.impact.sources.upstream_operations import UPSTREAM
from cdds_django.runner.outcomes.outcome import NOT_SELECTED, RunOutcome, TestRow
from cdds_django.runner.reports.wording import cause_title, counted, kinds_of_dependencies

if TYPE_CHECKING:
    from cdds_django.impact.storage.store import ImpactMap

_SHOWN_TESTS = 10
_SHOWN_STEPS = 4
_SHOWN_OPERATIONS = 6

_Cause = tuple[str, str, str]


def lines(run: RunOutcome, *, all_tests: bool) -> Iterator[str]:
    """Yield the explanation; `all_tests` lists every test of a group."""
    yield (
        f"{run.selected:,} of {counted(run.discovered, 'test')} would run "
        f"({run.skip_ratio:.1%} skipped)."
    )
    if run.full_run_reason is not None:
        yield f"All of them, because {run.full_run_reason}."
        return
    groups: dict[_Cause, dict[TestRow, Reason]] = defaultdict(dict)
    for test in run.tests:
        if test.outcome != NOT_SELECTED:
            for reason in test.reasons:
                groups[_cause(reason)].setdefault(test, reason)
    for cause, found in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        yield ""
        ways = Counter(reason.via[-1] for reason in found.values() if reason.via)
        is_one_way = cause[0] == UPSTREAM and list(ways.values()) == [len(found)]
        way = f" → {next(iter(ways))}" if is_one_way else ""
        yield f"{cause_title(*cause)}{way} → {counted(len(found), 'test')}"
        yield from _ways(Counter() if is_one_way else ways)
        yield from _operations(found)
        tests = sorted(test.id for test in found)
        shown = tests if all_tests else tests[:_SHOWN_TESTS]
        yield from (f"    {test}" for test in shown)
        if len(tests) > len(shown):
            yield f"    … and {len(tests) - len(shown):,} more (-v 2 lists them)"


def asked_for(
    run: RunOutcome, impact_map: ImpactMap | None, *, label: str | None, all_tests: bool
) -> Iterator[str]:
    """Yield what --explain asks for: of one test, where its `label` says so, or of all."""
    named = [test for test in run.tests if test.id == label]
    if not named and label is not None and len(run.tests) == 1:
        named = list(run.tests)  # Its module has another name where the label begins elsewhere.
    if named and impact_map is not None:
        test = named[0]
        return lines_of_test(run, test, impact_map.kinds_of_dependencies(test.id))
    return lines(run, all_tests=all_tests)


def lines_of_test(run: RunOutcome, test: TestRow, dependencies: Mapping[str, int]) -> Iterator[str]:
    """Yield the explanation of one test, with the whole way of each cause.

    `dependencies` counts what it depended on when it last ran, by kind.
    """
    if test.outcome == NOT_SELECTED:
        yield f"{test.id} would be left out."
        yield "It passed when it last ran, and nothing that it depends on is another now:"
        yield f"  {kinds_of_dependencies(dependencies)}."
        return
    yield f"{test.id} would run."
    if run.full_run_reason is not None:
        yield f"All tests would, because {run.full_run_reason}."
        return
    for reason in test.reasons:
        yield ""
        yield cause_title(*_cause(reason))
        for depth, step in enumerate(reason.via, 1):
            yield f"{'  ' * depth}→ {step}"
        if reason.kind != "test":
            yield f"{'  ' * (len(reason.via) + 1)}→ this test"
    if test.operations:
        yield ""
        yield f"When it last ran it called {', '.join(sorted(test.operations))}."


def _ways(steps: Counter[str]) -> Iterator[str]:
    """Yield by what the change reached tests, most tests first."""
    for step, count in steps.most_common(_SHOWN_STEPS):
        yield f"  through {step} ({count:,})"
    if len(steps) > _SHOWN_STEPS:
        yield f"  and through {counted(len(steps) - _SHOWN_STEPS, 'other')}"


def _operations(tests: Iterable[TestRow]) -> Iterator[str]:
    called = Counter(operation for test in tests for operation in test.operations)
    if called:
        names = [name for name, _ in called.most_common(_SHOWN_OPERATIONS)]
        rest = len(called) - len(names)
        yield f"  they called {', '.join(names)}{f' and {rest:,} more' if rest else ''}"


def _cause(reason: Reason) -> _Cause:
    # New tests are one group, not as many as there are tests.
    key = "" if reason.kind == "test" else reason.key
    return (reason.kind, key, reason.change)
