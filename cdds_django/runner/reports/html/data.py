"""The tests of a run as the page's scripts read them: columns, with each text said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow
from cdds_django.runner.reports.html.causes import Cause
from cdds_django.runner.reports.html.embedding import readable
from cdds_django.runner.reports.html.interning import Interned

_PER_SECOND = 10_000
"""Times are whole numbers of tenths of milliseconds."""


def in_order(run: RunOutcome) -> list[TestRow]:
    """Return the tests in the order in which the page numbers them: those of a class together."""
    return sorted(run.tests, key=lambda test: test.id.rpartition(".")[::2])


def as_columns(run: RunOutcome, texts: Mapping[str, str], *, command: str) -> dict[str, Any]:
    """Return what scripts/data.js reads.

    `texts` are the details that aren't on the page as HTML, by test id; `command` is what runs
    tests again, without their names.
    """
    tests = in_order(run)
    classes = _classes(tests)
    names = _Names()
    return {
        "command": command,
        "workers": run.workers,
        "classes": [[readable(name), number] for name, number in classes],
        "setUps": {
            place: _tenths(run.set_ups_s[name])
            for place, (name, _) in enumerate(classes)
            if name in run.set_ups_s
        },
        "columns": _columns(tests, names),
        "sparse": _sparse_columns(tests, names, texts),
        **names.as_json(run.operation_labels),
    }


class _Names:
    """Everything that columns name by its place."""

    def __init__(self) -> None:
        self.strings: Interned[str] = Interned()
        self.outcomes: Interned[str] = Interned()
        self._causes: Interned[Cause] = Interned()
        self._reasons: Interned[tuple[int, ...]] = Interned()
        self._reason_sets: Interned[tuple[int, ...]] = Interned(())
        self._operations: Interned[str] = Interned()
        self._operation_sets: Interned[tuple[int, ...]] = Interned(())

    def reason_set(self, test: TestRow) -> int:
        """Return the place of all reasons of a test, each its cause and the steps of its way."""
        found = []
        for reason in test.reasons:
            via = (self.strings.place(step) for step in reason.via)
            cause = self._causes.place(Cause.of(reason))
            found.append(self._reasons.place((cause, *via)))
        return self._reason_sets.place(tuple(found))

    def operation_set(self, test: TestRow) -> int:
        """Return the place of all operations of a test."""
        found = (self._operations.place(name) for name in sorted(test.operations))
        return self._operation_sets.place(tuple(found))

    def as_json(self, labels: Mapping[str, str]) -> dict[str, Any]:
        """Return all that has a place. `labels` are what operations are called."""
        return {
            "strings": [readable(text) for text in self.strings.values],
            "outcomes": self.outcomes.values,
            "causes": [
                {
                    "kind": cause.kind,
                    "name": readable(cause.name),
                    "title": readable(cause.title),
                    "parts": [readable(part) for part in cause.parts],
                }
                for cause in self._causes.values
            ],
            "reasons": self._reasons.values,
            "reasonSets": self._reason_sets.values,
            "operations": [
                [readable(name), readable(labels.get(name, ""))] for name in self._operations.values
            ],
            "operationSets": self._operation_sets.values,
        }


def _columns(tests: Sequence[TestRow], names: _Names) -> dict[str, Any]:
    return {
        "name": [readable(test.id.rpartition(".")[2]) for test in tests],
        "outcome": [names.outcomes.place(test.outcome) for test in tests],
        "start": [_tenths(test.started_s) for test in tests],
        "duration": [_tenths(test.duration_s) for test in tests],
        "worker": [test.worker for test in tests],
        "reasons": [names.reason_set(test) for test in tests],
        "operations": [names.operation_set(test) for test in tests],
    }


def _sparse_columns(
    tests: Sequence[TestRow], names: _Names, texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return what few tests have, by the place of the test."""
    strings, outcomes = names.strings, names.outcomes

    def those_with(value: Callable[[TestRow], Any]) -> dict[int, Any]:
        found = ((place, value(test)) for place, test in enumerate(tests))
        return {place: one for place, one in found if one}

    return {
        "attempts": those_with(lambda test: test.attempts if test.attempts > 1 else None),
        "flaky": those_with(lambda test: int(test.is_flaky)),
        # In a list, since a place may be 0.
        "text": those_with(lambda test: [strings.place(texts[test.id])] if test.id in texts else 0),
        "history": those_with(lambda test: [outcomes.place(past) for past in test.history]),
        "leftovers": those_with(lambda test: [strings.place(one) for one in test.leftovers]),
    }


def _classes(tests: Iterable[TestRow]) -> list[tuple[str, int]]:
    """Return the dotted names before those of the tests, each with how many tests follow."""
    found: dict[str, int] = {}
    for test in tests:
        name = test.id.rpartition(".")[0]
        found[name] = found.get(name, 0) + 1
    return list(found.items())


def _tenths(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * _PER_SECOND)
