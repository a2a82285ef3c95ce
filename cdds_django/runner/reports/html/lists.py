"""The lists on the page: what was slow, what doesn't always end alike, what was left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow
from cdds_django.runner.reports.html.embedding import readable
from cdds_django.runner.reports.html.failures import in_a_line, shortened
from cdds_django.runner.reports.html.numbers import duration

_SLOWEST = 12
_WORTH_TELLING_S = 0.001
_MIXED = 200
_UNTIDY = 200
_LETTERS = {
    "passed": "P",
    "failed": "F",
    "error": "E",
    "skipped": "S",
    "expected_failure": "X",
    "unexpected_success": "U",
    "flaky": "~",
}


@dataclass(frozen=True, kw_only=True)
class Slow:
    name: str
    below: str
    """Where it is from."""
    took: str
    percent: str
    """Of the slowest one in the list, for a bar."""
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class Past:
    """How a test ended once."""

    outcome: str
    letter: str
    is_now: bool


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """A test that didn't always end alike."""

    name: str
    below: str
    """The class that it belongs to."""
    place: int
    past: tuple[Past, ...]
    flips: int
    """How often it ended otherwise than the time before."""
    words: str
    text: str
    """What it failed of before it passed in this run, if it did."""

    @property
    def headline(self) -> str:
        return in_a_line(self.text)


@dataclass(frozen=True, kw_only=True)
class Untidy:
    name: str
    place: int
    left: tuple[str, ...]


def slowest_tests(run: RunOutcome, places: Mapping[str, int]) -> list[Slow]:
    """Return the slowest tests, the slowest first."""
    return _slowest(((test.id, test.duration_s) for test in run.tests), places)


def slowest_set_ups(run: RunOutcome) -> list[Slow]:
    """Return the classes and modules whose set-ups took the longest."""
    return _slowest(run.set_ups_s.items(), {})


def mixed(run: RunOutcome, places: Mapping[str, int]) -> tuple[list[Mixed], int]:
    """Return tests with a mixed history, those that changed most often first; and how many more."""
    rows = [test for test in run.tests if test.history or test.is_flaky or test.id in run.varying]
    found = [_mixed(run, test, places[test.id]) for test in rows]
    found.sort(key=lambda row: (-row.flips, row.place))
    return found[:_MIXED], len(found) - len(found[:_MIXED])


def untidy(run: RunOutcome, places: Mapping[str, int]) -> tuple[list[Untidy], int]:
    """Return what tests left behind, and how many more tests did."""
    rows = [
        Untidy(
            name=readable(test.id),
            place=places[test.id],
            left=tuple(readable(one) for one in test.leftovers),
        )
        for test in run.tests
        if test.leftovers
    ]
    return rows[:_UNTIDY], len(rows) - len(rows[:_UNTIDY])


def _slowest(took_s: Iterable[tuple[str, float]], places: Mapping[str, int]) -> list[Slow]:
    found = sorted(took_s, key=lambda item: (-item[1], item[0]))[:_SLOWEST]
    return [
        Slow(
            name=readable(name.rpartition(".")[2]),
            below=readable(name.rpartition(".")[0]),
            took=duration(seconds),
            percent=f"{100 * seconds / found[0][1]:.1f}",
            place=places.get(name),
        )
        for name, seconds in found
        if seconds >= _WORTH_TELLING_S
    ]


def _mixed(run: RunOutcome, test: TestRow, place: int) -> Mixed:
    now = "flaky" if test.is_flaky else test.outcome
    outcomes = [*test.history, now]
    flips = sum(one != other for one, other in pairwise(outcomes))
    # What failed in the end is among the failures.
    failures = run.earlier_failures.get(test.id, ()) if test.is_flaky else ()
    return Mixed(
        name=readable(test.id.rpartition(".")[2]),
        below=readable(test.id.rpartition(".")[0]),
        place=place,
        past=tuple(
            Past(
                outcome=outcome.replace("_", " "),
                letter=_LETTERS.get(outcome, "?"),
                is_now=number == len(outcomes) - 1,
            )
            for number, outcome in enumerate(outcomes)
        ),
        # A test that is flaky within one run has changed as often as it gets.
        flips=flips + outcomes.count("flaky") * len(outcomes) * 2,
        words=_words(run, test),
        text=shortened(readable(failures[0])) if failures else "",
    )


def _words(run: RunOutcome, test: TestRow) -> str:
    if counts := run.varying.get(test.id):
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
        return f"in {run.rounds} rounds: {told}"
    if test.is_flaky:
        return f"passed in attempt {test.attempts}"
    return ""
