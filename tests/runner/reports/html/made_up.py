"""A run that never was, with something of everything that the page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import (
    ChangeRow,
    CoverageInShort,
    RunOutcome,
    TestRow,
    Timings,
)

STARTED_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HOSTILE = (
    "</script><script>document.title='broken out'</script><img src=x onerror=alert(1)>\"'&\x1b"
)
HOSTILE_ID = f"shop.tests.test_odd.OddTests.test_{HOSTILE} [a.b]"
CAUSES = [
    Reason(kind="code", key=f"shop/views.py::View{number}.create", change="changed",
           via=(f"shop/urls.py::route{number}",))
    for number in range(30)
]  # fmt: skip
LABELS = {"orders_create": "POST /api/orders/", "orders_list": "GET /api/orders/"}
TRACEBACK = 'Traceback (most recent call last):\n  File "shop/views.py", line 7, in create\n    x\n'


def made_up_run(**more: Any) -> RunOutcome:
    """Return a run of 300 tests of which 260 were selected."""
    tests = [_test(number) for number in range(260)]
    tests += [
        TestRow(id=f"shop.tests.test_rest.RestTests.test_{number}", outcome="not_selected")
        for number in range(37)
    ]
    tests += [
        TestRow(
            id=HOSTILE_ID,
            outcome="error",
            detail=f"{TRACEBACK}ValueError: {HOSTILE}\n",
            started_s=3.0,
            duration_s=0.1,
            worker=1,
            attempts=1,
            reasons=(
                Reason(kind="file", key=f"data/{HOSTILE}.csv", change="changed", via=(HOSTILE,)),
            ),
            leftovers=(f"a file {HOSTILE}",),
        ),
        TestRow(
            id="shop.tests.test_flaky.FlakyTests.test_now_and_then",
            outcome="passed",
            is_flaky=True,
            history=("passed", "failed", "flaky"),
            started_s=3.2,
            duration_s=0.1,
            worker=2,
            attempts=2,
            reasons=(CAUSES[0],),
        ),
        TestRow(
            id="shop.tests.test_skip.SkippedTests.test_later",
            outcome="skipped",
            detail="needs Redis",
            started_s=3.3,
            worker=2,
            attempts=1,
            reasons=(CAUSES[0],),
        ),
    ]
    run = RunOutcome(
        mode="delta",
        full_run_reason=None,
        tests=tuple(tests),
        started_at=STARTED_AT,
        is_whole=True,
        workers=2,
        operation_labels=LABELS,
        contract_changes=(
            ContractChange(
                id="request-property-became-required",
                level="error",
                operation="POST /api/orders/",
                operation_id="orders_create",
                text="the property `voucher` became required",
                cause="components/schemas/Order",
                operations=("POST /api/orders/",),
            ),
            ContractChange(
                id="response-property-added",
                level="info",
                operation="GET /api/orders/",
                operation_id="orders_list",
                text="the property `total` was added",
                cause="components/schemas/Order",
                operations=("GET /api/orders/",),
            ),
        ),
        changes=tuple(
            ChangeRow(kind=c.kind, key=c.key, change=c.change, tests=9) for c in CAUSES
        ),
        set_ups_s={"shop.tests.test_0.Case0Tests": 0.4},
        coverage=CoverageInShort(percent=91.25, files=12, measured_classes=26, carried_classes=1),
        earlier_failures={
            "shop.tests.test_flaky.FlakyTests.test_now_and_then": [f"{TRACEBACK}TimeoutError: 5\n"]
        },
        timings=Timings(
            decide_s=0.5, import_s=0.3, database_s=0.2, run_s=3.5, tests_s=5.0, set_ups_s=0.4,
            idle_s=1.6, total_s=4.5,
        ),
    )  # fmt: skip
    past = replace(
        run.in_short(), started_at="2026-11-24T08:00:00+00:00", selected=300, is_full=True,
        total_s=45.0,
    )  # fmt: skip
    part = replace(run.in_short(), started_at="2026-11-24T12:00:00+00:00", is_whole=False)
    before = replace(run.in_short(), started_at="2026-11-25T07:00:00+00:00", selected=30)
    return replace(run, past_runs=(past, part, before), **more)


def _test(number: int) -> TestRow:
    failed = number in (3, 4)
    return TestRow(
        id=f"shop.tests.test_{number // 10}.Case{number // 10}Tests.test_{number:03}",
        outcome="failed" if failed else "passed",
        detail=f"{TRACEBACK}AssertionError: 404 != 200\n" if failed else "",
        started_s=number // 2 * 0.02,
        duration_s=0.01 + number / 100_000,
        worker=1 + number % 2,
        attempts=1,
        reasons=(CAUSES[number % 30], CAUSES[0]) if number % 30 else (CAUSES[0],),
        operations=frozenset(["orders_create"] if number % 3 == 0 else ["orders_list"]),
    )
