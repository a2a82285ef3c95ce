"""What failed, by what it failed of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cdds_django.runner.outcomes.outcome import FAILED_OUTCOMES, RunOutcome, TestRow
from cdds_django.runner.reports.html.embedding import breakable, readable
from cdds_django.runner.reports.html.rerunning import label
from cdds_django.runner.reports.wording import headline

STATIC = 100
"""How many failures are on the page without scripts; the others are in the table alone."""
_LONGEST = 40_000
_HEAD = 10_000
_LONGEST_LINE = 300
_SEEN_AT_ONCE = 5
"""Of failures with the same words."""
_ALL_TEXTS = 8_000_000
"""How many characters of texts the page has besides these failures'."""
_WORDS = {
    "failed": "failed",
    "error": "error",
    "unexpected_success": "unexpected success",
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One test, or a fixture."""

    name: str
    shown: str
    """The name as HTML."""
    outcome: str
    """In words."""
    text: str
    place: int | None = None
    """The test's number on the page; None for a fixture."""
    label: str = ""
    """What runs it again, behind the command."""


@dataclass(frozen=True, kw_only=True)
class FailureGroup:
    """Failures that went wrong in the same words."""

    headline: str
    failures: tuple[Failure, ...]

    @property
    def first(self) -> tuple[Failure, ...]:
        """Those that are seen at once."""
        return self.failures[:_SEEN_AT_ONCE]

    @property
    def others(self) -> tuple[Failure, ...]:
        return self.failures[_SEEN_AT_ONCE:]


@dataclass(frozen=True, kw_only=True)
class Failures:
    """All of them."""

    groups: tuple[FailureGroup, ...]
    hidden: int
    """How many tests failed besides."""

    @property
    def labels(self) -> list[str]:
        """What runs them again, behind the command."""
        return [
            failure.label for group in self.groups for failure in group.failures if failure.label
        ]


def failures_of(run: RunOutcome, places: Mapping[str, int]) -> Failures:
    """Return what failed, the largest groups first. `places` are the tests' numbers on the page."""
    failed = [test for test in run.tests if test.outcome in FAILED_OUTCOMES]
    found = [
        Failure(
            name=readable(place),
            shown=breakable(place),
            outcome="fixture failed",
            text=shortened(readable(text)),
        )
        for place, text in run.fixture_failures.items()
    ]
    shown = _first(failed, STATIC)
    found += [
        Failure(
            name=readable(test.id),
            shown=breakable(test.id),
            outcome=_WORDS[test.outcome],
            text=shortened(readable(test.detail).rstrip()),
            place=places[test.id],
            label=readable(label(test.id)),
        )
        for test in shown
    ]
    groups: dict[str, list[Failure]] = defaultdict(list)
    for failure in found:
        groups[in_a_line(failure.text)].append(failure)
    return Failures(
        groups=tuple(
            FailureGroup(headline=line, failures=tuple(group))
            for line, group in sorted(groups.items(), key=lambda item: -len(item[1]))
        ),
        hidden=len(failed) - len(shown),
    )


def other_texts(run: RunOutcome) -> dict[str, str]:
    """Return the texts of tests that `failures_of` hasn't, by id, as many as a page can bear."""
    shown = {test.id for test in _first(_failed(run.tests), STATIC)}
    found: dict[str, str] = {}
    room = _ALL_TEXTS
    known: set[str] = set()
    for test in run.tests:
        if not test.detail or test.id in shown:
            continue
        text = shortened(test.detail)
        room -= 0 if text in known else len(text)
        if room < 0:
            break
        known.add(text)
        found[test.id] = text
    return found


def in_a_line(text: str) -> str:
    """Return the line of an error text that says what went wrong, shortened where it is long."""
    line = headline(text).strip()
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def shortened(text: str) -> str:
    """Return the text without its middle where it is too long for a page."""
    if len(text) <= _LONGEST:
        return text
    left_out = len(text) - _LONGEST
    note = f"\n… {left_out:,} characters are left out here; --report-json has them …\n"
    return text[:_HEAD] + note + text[_HEAD + left_out :]


def _failed(tests: Iterable[TestRow]) -> Iterator[TestRow]:
    return (test for test in tests if test.outcome in FAILED_OUTCOMES)


def _first(tests: Iterable[TestRow], number: int) -> list[TestRow]:
    return [test for test, _ in zip(tests, range(number), strict=False)]
