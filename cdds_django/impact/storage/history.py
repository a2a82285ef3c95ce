"""What the map keeps of earlier runs: how each test ended, how long set-ups took.

A test that fails may do so because of another that ran before it. So the map also keeps which tests
had run in the same process when a test last failed.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cdds_django.impact.records import Outcome

if TYPE_CHECKING:
    from cdds_django.impact.storage.run_record import RunRecord
    from cdds_django.impact.storage.store import ImpactMap

KEPT_RUNS = 10
"""How many runs of each test are remembered."""
_KEPT_SEQUENCES = 100
"""For how many failing tests of one run it is kept what ran before. More have another cause."""
_LETTERS = {
    "passed": "p",
    "failed": "f",
    "error": "e",
    "skipped": "s",
    "expected_failure": "x",
    "unexpected_success": "u",
}
_OUTCOMES = {letter: outcome for outcome, letter in _LETTERS.items()}
_VARIED = "*"


class PastRun(NamedTuple):
    """How a test ended once."""

    outcome: str
    duration_s: float
    is_flaky: bool
    """Whether it ended in more than one way within the run."""


def histories(impact_map: ImpactMap) -> dict[str, list[PastRun]]:
    """Return the last runs of each test, oldest first, by id."""
    if not impact_map.has_history:
        return {}
    rows = impact_map.rows(
        "SELECT name, runs FROM history JOIN subject ON id = test WHERE kind = 'test'"
    )
    return {name: [_read(run) for run in runs.split()] for name, runs in rows}


def set_ups_s(impact_map: ImpactMap) -> dict[str, float]:
    """Return the seconds that setting up each class and module took, by dotted name."""
    if not impact_map.has_history:
        return {}
    return dict(impact_map.rows("SELECT place, duration_s FROM set_up"))


def ran_before(impact_map: ImpactMap, test: str) -> list[str] | None:
    """Return the tests that had run in the same process when `test` last failed, in order.

    None if it isn't known to have failed.
    """
    if not impact_map.has_history:
        return None
    rows = impact_map.rows(
        "SELECT earlier FROM failed_after JOIN subject ON id = test WHERE name = ?", [test]
    )
    found: list[str] | None = json.loads(zlib.decompress(rows[0][0])) if rows else None
    return found


def write_history(
    connection: sqlite3.Connection,
    run: RunRecord,
    *,
    tests: Mapping[str, int],
    removed: Collection[int],
) -> None:
    """Add a run to what the map knows. `tests` gives the ids of subjects, `removed` former ones."""
    for table in ("history", "failed_after"):
        connection.executemany(
            f"DELETE FROM {table} WHERE test = ?", [(number,) for number in removed]
        )
    ended = [(tests[test], outcome) for test, outcome in run.outcomes.items() if test in tests]
    _write_runs(connection, ended)
    connection.executemany(
        "INSERT OR REPLACE INTO set_up VALUES (?, ?)",
        [(place, round(seconds, 6)) for place, seconds in run.set_ups_s.items()],
    )
    if removed:
        _forget_set_ups(connection, tests)
    failing = [test for test in run.earlier if test in tests][:_KEPT_SEQUENCES]
    connection.executemany(
        "INSERT OR REPLACE INTO failed_after VALUES (?, ?)",
        [(tests[test], _packed(run.earlier[test])) for test in failing],
    )


def _write_runs(connection: sqlite3.Connection, ended: Iterable[tuple[int, Outcome]]) -> None:
    known: dict[int, str] = dict(connection.execute("SELECT test, runs FROM history").fetchall())
    connection.executemany(
        "INSERT OR REPLACE INTO history VALUES (?, ?)",
        [
            (number, " ".join([*known.get(number, "").split(), _written(outcome)][-KEPT_RUNS:]))
            for number, outcome in ended
        ],
    )


def _forget_set_ups(connection: sqlite3.Connection, tests: Iterable[str]) -> None:
    places: set[str] = set()
    for test in tests:
        parts = test.split(".")
        places.update(".".join(parts[:end]) for end in range(1, len(parts)))
    known = {place for (place,) in connection.execute("SELECT place FROM set_up")}
    connection.executemany(
        "DELETE FROM set_up WHERE place = ?", [(place,) for place in known - places]
    )


def _packed(tests: Sequence[str]) -> bytes:
    return zlib.compress(json.dumps(list(tests)).encode())


def _written(outcome: Outcome) -> str:
    letter = _LETTERS[outcome.outcome]
    return f"{letter}{outcome.duration_s * 1000:.0f}{_VARIED if outcome.is_flaky else ''}"


@lru_cache(maxsize=10_000)
def _read(text: str) -> PastRun:
    # Thousands of tests passed in the same few milliseconds.
    return PastRun(
        outcome=_OUTCOMES[text[0]],
        duration_s=int(text[1:].rstrip(_VARIED)) / 1000,
        is_flaky=text.endswith(_VARIED),
    )
