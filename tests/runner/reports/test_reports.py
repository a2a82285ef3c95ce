"""What reports make of a run."""

from __future__ import annotations

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import ChangeRow, RunOutcome, TestRow
from cdds_django.runner.reports import drift, explanation, json_report, summary
from cdds_django.runner.reports.wording import changed, counted

CHANGE = {"kind": "code", "key": "shop/views.py::create", "change": "changed"}


def run(*rows, **more):
    return RunOutcome(**{"mode": "delta", "full_run_reason": None, "tests": rows, **more})


def row(number, outcome, *reasons):
    return TestRow(id=f"tests.T.test_{number:02}", outcome=outcome, reasons=reasons)


def test_closing_counts():
    rows = [
        row(number, outcome)
        for number, outcome in enumerate(
            ["passed", "expected_failure", "failed", "error", "unexpected_success"]
        )
    ]
    assert list(summary.closing(run(*rows))) == ["2 passed, 3 failed"]
    assert list(summary.closing(run(*rows, fixture_failures={"shop": "", "orders": ""}))) == [
        "2 passed, 5 failed"
    ]
    more = [*rows, row(8, "skipped"), row(9, "not_run"), row(10, "not_selected")]
    assert list(summary.closing(run(*more))) == [
        "Stopped before 1 test could run.",
        "2 passed, 3 failed, 1 skipped",
    ]


def test_opening():
    left = row(1, "not_selected")
    chosen = row(2, "selected", Reason(**CHANGE))
    lines = list(summary.opening(run(left, chosen, changes=(ChangeRow(**CHANGE, tests=1),))))
    assert lines == [
        "Delta: 1 of 2 tests selected, 50.0% skipped.",
        "  shop/views.py::create changed → 1 test",
    ]
    assert list(summary.opening(run(left)))[-1] == "Nothing is affected."
    assert list(summary.opening(run(left, mode="full"))) == []
    (full,) = summary.opening(run(chosen, full_run_reason="settings changed"))
    assert full == "Full run of 1 test: settings changed."


def test_explanation_groups_by_cause():
    many = [row(number, "selected", Reason(**CHANGE)) for number in range(12)]
    new = row(20, "selected", Reason(kind="test", key="tests.T.test_20", change="new"))
    text = "\n".join(explanation.lines(run(*many, new), all_tests=False))
    assert "shop/views.py::create changed → 12 tests" in text
    assert "… and 2 more (-v 2 lists them)" in text
    assert "New tests → 1 test" in text
    assert "more (-v 2" not in "\n".join(explanation.lines(run(*many), all_tests=True))


def test_json():
    report = json_report.as_json(run(row(1, "passed", Reason(**CHANGE)), row(2, "not_selected")))
    assert (report["discovered"], report["selected"], report["skipped"]) == (2, 1, 1)
    assert report["tests"][0]["reasons"] == [{**CHANGE, "via": []}]
    assert json_report.as_json(run())["delta_skip_ratio"] == 0


def contract_change(**more):
    return ContractChange(
        **{
            "id": "response-property-removed",
            "level": "error",
            "operation": "GET /events/",
            "operation_id": "events_list",
            "text": "It is gone.",
            "cause": "#/components/schemas/Event",
            "operations": ("GET /events/", "POST /events/"),
            **more,
        }
    )


def drift_line(*changes, **more):
    (line,) = drift.lines(run(contract_changes=changes, **more), "api.json")
    return line


def test_contract_drift():
    assert list(drift.lines(run(), "api.json")) == []
    assert list(drift.lines(run(contract_changes=()), "api.json")) == []
    assert drift_line(contract_change()) == (
        "Contract drift: 2 operations differ from api.json, 1 breaking (events_list: "
        "response-property-removed); manage.py contract_diff lists them."
    )
    harmless = contract_change(approved="Nobody uses it.", operations=("GET /events/",))
    assert drift_line(harmless).startswith("Contract drift: 1 operation differs from api.json; ")
    of_document = contract_change(operation="", operation_id="", operations=())
    assert "1 change against api.json, 1 breaking (response-pro" in drift_line(of_document)
    named = [contract_change(id=f"rule-{number}") for number in range(4)]
    assert "4 breaking (events_list: rule-0, events_list: rule-1, events_list: rule-2, …)" in (
        drift_line(*named)
    )
    # The same rule at another place says nothing new here.
    assert "2 breaking (events_list: rule-0);" in drift_line(named[0], named[0])
    (problem,) = drift.lines(run(contract_problem="odd"), "api.json")
    assert problem == "The contract wasn't compared with api.json: odd"


def test_contract_changes_in_json():
    assert json_report.as_json(run())["contract"]["changes"] is None
    told = json_report.as_json(run(contract_changes=(contract_change(),)))["contract"]["changes"]
    assert [ContractChange.from_json(change) for change in told] == [contract_change()]
    assert told[0]["operations"] == ["GET /events/", "POST /events/"]


def test_wording():
    assert counted(1, "test") == "1 test"
    assert counted(1200, "test") == "1,200 tests"
    assert changed(ChangeRow(**CHANGE, tests=1)) == "shop/views.py::create changed"
    removed = ChangeRow(kind="template", key="base.html", change="removed", tests=1)
    assert changed(removed) == "template base.html was removed"
