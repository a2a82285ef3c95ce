"""How the code's contract differs from the committed one, breaking changes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import RunOutcome
from cdds_django.runner.reports.html.embedding import readable
from cdds_django.runner.reports.wording import counted

_LEVELS = {"error": "Breaking", "warning": "To look at", "info": "Harmless"}
_APPROVED = "Approved"
_MOST_CAUSES = 200


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One edit, and all that it changes."""

    name: str
    """The component, or the place in an operation."""
    sentences: tuple[tuple[list[str], str, str], ...]
    """What changes, in pieces of which each second one is code; the rule's id; and why that is
    allowed, if somebody said so."""
    operations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LevelOfChanges:
    title: str
    level: str
    """error, warning, info or approved."""
    number: str
    causes: tuple[Cause, ...]
    hidden: int
    """Causes that are too many for a page."""


@dataclass(frozen=True, kw_only=True)
class AffectedOperation:
    """An operation that promises something else than when the tests last ran."""

    name: str
    label: str
    tests: str


def levels(run: RunOutcome) -> list[LevelOfChanges]:
    """Return the changes against the committed contract."""
    found: dict[str, dict[str, list[ContractChange]]] = {}
    for change in run.contract_changes or ():
        level = _APPROVED.lower() if change.approved else change.level
        found.setdefault(level, {}).setdefault(change.cause, []).append(change)
    titles = {**_LEVELS, _APPROVED.lower(): _APPROVED}
    return [
        LevelOfChanges(
            title=title,
            level=level,
            number=counted(sum(map(len, found[level].values())), "change"),
            causes=tuple(
                _cause(name, changes) for name, changes in list(found[level].items())[:_MOST_CAUSES]
            ),
            hidden=max(0, len(found[level]) - _MOST_CAUSES),
        )
        for level, title in titles.items()
        if level in found
    ]


def affected(run: RunOutcome) -> Iterator[AffectedOperation]:
    """Yield the operations of which a change selected tests."""
    tests = {change.key: change.tests for change in run.changes if change.kind == "operation"}
    for name in run.affected_operations:
        yield AffectedOperation(
            name=readable(name),
            label=readable(run.operation_labels.get(name, "")),
            tests=counted(tests.get(name, 0), "test"),
        )


def _cause(name: str, changes: list[ContractChange]) -> Cause:
    sentences = dict.fromkeys((change.text, change.id, change.approved) for change in changes)
    operations = {operation for change in changes for operation in change.operations}
    return Cause(
        name=readable(name),
        sentences=tuple(
            (readable(text).split("`"), id, readable(why)) for text, id, why in sentences
        ),
        operations=tuple(map(readable, sorted(operations))),
    )
