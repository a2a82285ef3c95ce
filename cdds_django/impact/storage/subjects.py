"""Writing which tests and test modules there are, and how tests ended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.storage.run_record import RunRecord


@dataclass(kw_only=True)
class SubjectNumbers:
    """The ids of subjects, which are the places of their bits."""

    tests: dict[str, int]
    modules: dict[str, int]
    removed: set[int] = field(default_factory=set)


def write_subjects(
    connection: sqlite3.Connection, run: RunRecord, code: CodeState
) -> SubjectNumbers:
    """Write what a run says of tests and modules; forget those that are no more."""
    numbers = SubjectNumbers(tests={}, modules={})
    paths: dict[str, str] = {}
    for number, kind, name, path in connection.execute(
        "SELECT id, kind, name, path FROM subject"
    ).fetchall():
        (numbers.tests if kind == "test" else numbers.modules)[name] = number
        if kind == "module":
            paths[name] = path
    gone = {name for name, path in paths.items() if path not in code.files} - run.modules.keys()
    for module in gone:
        numbers.removed.add(numbers.modules.pop(module))
    connection.executemany(
        "DELETE FROM listing WHERE module = ?", [(module,) for module in gone | run.complete]
    )
    _write_modules(connection, run, numbers)
    _write_outcomes(connection, run, numbers)
    _remove_unlisted(connection, numbers)
    return numbers


def _write_modules(connection: sqlite3.Connection, run: RunRecord, numbers: SubjectNumbers) -> None:
    # Ids are given densely: they are places in bit sets.
    free = _free_numbers(numbers)
    subjects: list[tuple[int, str, str, str]] = []
    listing: list[tuple[str, int, int]] = []
    for module in sorted(run.complete):
        if module not in numbers.modules:
            numbers.modules[module] = next(free)
        subjects.append((numbers.modules[module], "module", module, run.modules[module]))
        for position, test in enumerate(run.members[module]):
            if test not in numbers.tests:
                numbers.tests[test] = next(free)
                subjects.append((numbers.tests[test], "test", test, ""))
            listing.append((module, position, numbers.tests[test]))
    connection.executemany(
        "INSERT INTO subject VALUES (?, ?, ?, ?, 'not_run', 0, '[]')"
        " ON CONFLICT (kind, name) DO UPDATE SET path = excluded.path",
        subjects,
    )
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?)", listing)


def _free_numbers(numbers: SubjectNumbers) -> Iterator[int]:
    taken = {*numbers.tests.values(), *numbers.modules.values(), *numbers.removed}
    number = 0
    while True:
        if number not in taken:
            yield number
        number += 1


def _write_outcomes(
    connection: sqlite3.Connection, run: RunRecord, numbers: SubjectNumbers
) -> None:
    connection.executemany(
        "UPDATE subject SET outcome = ?, duration_s = ?, tags = ? WHERE id = ?",
        [
            (outcome.outcome, outcome.duration_s, json.dumps(sorted(outcome.tags)), number)
            for test, outcome in run.outcomes.items()
            if (number := numbers.tests.get(test)) is not None
        ],
    )


def _remove_unlisted(connection: sqlite3.Connection, numbers: SubjectNumbers) -> None:
    unlisted = connection.execute(
        "SELECT id, name FROM subject WHERE kind = 'test' AND id NOT IN (SELECT test FROM listing)"
    ).fetchall()
    for number, name in unlisted:
        numbers.removed.add(number)
        numbers.tests.pop(name, None)
    connection.executemany(
        "DELETE FROM subject WHERE id = ?", [(number,) for number in numbers.removed]
    )
