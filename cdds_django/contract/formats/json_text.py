"""JSON for scripts, schema 1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cdds_django.contract.causes import Cause
from cdds_django.contract.origins import Origin
from cdds_django.contract.report import Report


def rendered(reports: Sequence[Report]) -> str:
    """Return the reports as JSON, the same bytes for the same reports.

    That of the project's own contract is one object; those of services stand in a list.
    """
    values = [value_of(report) for report in reports]
    if any(report.title for report in reports) or len(values) != 1:
        breaking = any(value["breaking"] for value in values)
        return json.dumps({"schema": 1, "breaking": breaking, "services": values}, indent=1) + "\n"
    return json.dumps(values[0], indent=1) + "\n"


def value_of(report: Report) -> dict[str, Any]:
    """Return the report as JSON values."""
    diff = report.diff
    return {
        "schema": 1,
        **({"title": report.title} if report.title else {}),
        "breaking": diff.breaking,
        "changes": [asdict(change) for change in diff.changes],
        "causes": [_cause(cause) for cause in report.causes],
        "operations": {
            "added": diff.added,
            "removed": diff.removed,
            "changed": diff.changed,
            "affected": diff.affected,
            "labels": dict(sorted(_labels(report).items())),
            "views": _views(report),
            "tests": _tests(report),
            "untested": report.gaps,
        },
        "version": {
            "base": diff.versions[0],
            "head": diff.versions[1],
            "advice": report.advice,
            "next": report.next_version,
        },
        **({"consumers": asdict(report.consumers)} if report.consumers else {}),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "level": cause.level,
        "text": cause.text,
        "place": cause.place,
        "operations": cause.operations,
        "changes": [change.fingerprint for change in cause.changes],
        "approved": cause.approved,
        "origin": _origin(cause.origin) if cause.origin else None,
    }


def _origin(origin: Origin) -> dict[str, str]:
    keys = ("serializer", "field", "model", "migration")
    return {key: getattr(origin, key) for key in keys}


def _views(report: Report) -> dict[str, str]:
    names = _all(report)
    return {name: view for name, view in sorted(report.views.items()) if name in names}


def _tests(report: Report) -> dict[str, int] | None:
    if report.tests is None:
        return None
    return {name: report.tests.get(name, 0) for name in report.diff.affected}


def _all(report: Report) -> set[str]:
    return {*report.diff.changed, *report.diff.affected}


def _labels(report: Report) -> dict[str, str]:
    names = _all(report)
    return {name: label for name, label in report.diff.labels.items() if name in names}
