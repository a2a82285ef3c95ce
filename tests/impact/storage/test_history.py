"""`impact.history`: what the map knows of earlier runs, also in maps that knew nothing of it."""

from __future__ import annotations

import sqlite3

import pytest

from cdds_django.impact.records import Outcome
from cdds_django.impact.storage.history import (
    KEPT_RUNS,
    histories,
    ran_before,
    set_ups_s,
    write_history,
)
from cdds_django.impact.storage.run_record import RunRecord
from cdds_django.impact.storage.schema import HISTORY_TABLES
from cdds_django.impact.storage.store import ImpactMap, rewriting

TESTS = {"shop.tests.ATests.test_a": 1, "shop.tests.BTests.test_b": 2}
A, B = TESTS


def run_of(*outcomes, **others):
    return RunRecord(
        outcomes={outcome.id: outcome for outcome in outcomes},
        modules={},
        members={},
        complete=frozenset(),
        recordings=(),
        shared=frozenset(),
        declared={},
        operation_ids={},
        imports="unknown",
        **others,
    )


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "impact.sqlite"
    with rewriting(path) as connection:
        connection.executemany(
            "INSERT INTO subject VALUES (?, 'test', ?, '', 'passed', 0, '[]')",
            [(number, name) for name, number in TESTS.items()],
        )
    return path


def write(path, run, *, tests=TESTS, removed=()):
    with rewriting(path) as connection:
        write_history(connection, run, tests=tests, removed=removed)


def test_runs(path):
    write(path, run_of(Outcome(id=A, outcome="failed", duration_s=0.0216)))
    write(path, run_of(Outcome(id=A, outcome="passed", duration_s=1.5, is_flaky=True)))
    write(path, run_of(Outcome(id=B, outcome="expected_failure")))
    with ImpactMap.open(path) as found:
        assert histories(found) == {
            A: [("failed", 0.022, False), ("passed", 1.5, True)],
            B: [("expected_failure", 0.0, False)],
        }
    for number in range(KEPT_RUNS + 3):
        write(path, run_of(Outcome(id=B, outcome="passed", duration_s=number)))
    with ImpactMap.open(path) as found:
        assert [run.duration_s for run in histories(found)[B]] == list(range(3, KEPT_RUNS + 3))


def test_what_ran_before(path):
    write(path, run_of(earlier={A: [B, "gone.test"]}))
    with ImpactMap.open(path) as found:
        assert ran_before(found, A) == [B, "gone.test"]
        assert ran_before(found, B) is None


def test_set_ups_of_what_is_gone(path):
    seconds = {"shop.tests": 0.1, "shop.tests.ATests": 0.2, "shop.tests.BTests": 0.3}
    write(path, run_of(Outcome(id=B, outcome="passed"), set_ups_s=seconds, earlier={B: [A]}))
    with ImpactMap.open(path) as found:
        assert set_ups_s(found) == seconds
    write(path, run_of(), tests={A: 1}, removed=[2])
    with ImpactMap.open(path) as found:
        assert set_ups_s(found) == {"shop.tests": 0.1, "shop.tests.ATests": 0.2}
        assert histories(found) == {}
        assert ran_before(found, B) is None


def test_map_of_the_version_before(path):
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE history; DROP TABLE failed_after; DROP TABLE set_up;")
    connection.execute("ALTER TABLE cut DROP COLUMN imports")
    connection.execute("UPDATE meta SET value = '2' WHERE name = 'schema'")
    connection.commit()
    connection.close()
    with ImpactMap.open(path) as found:
        assert (histories(found), set_ups_s(found), ran_before(found, A)) == ({}, {}, None)
        assert [subject.name for subject in found.subjects()] == [A, B]
    write(path, run_of(Outcome(id=A, outcome="passed")))
    with ImpactMap.open(path) as found:
        assert found.meta("schema") == "4"
        assert histories(found) == {A: [("passed", 0.0, False)]}
        assert len(found.subjects()) == 2
    assert HISTORY_TABLES.count("CREATE TABLE") == 3
