"""The difference of two contract snapshots: one change for each cause, with what it reaches."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import LEVELS, Change, Diff, Finding
from cdds_django.contract.hashing import digest
from cdds_django.contract.literals import text_of
from cdds_django.contract.path_names import path_shape, with_path_of
from cdds_django.contract.references import COMPONENTS
from cdds_django.contract.rules.catalogue import (
    OPERATION_RULES,
    SCHEMA_RULES,
    added_operation,
    removed_operation,
)
from cdds_django.contract.sites import OperationSite
from cdds_django.contract.snapshot_rows import OperationRow, Snapshot
from cdds_django.contract.steps import request_steps, response_steps
from cdds_django.contract.walk import Located, SchemaWalk

_Key = tuple[str, str, str]


def diff(base: Snapshot, head: Snapshot) -> Diff:
    """Return what changed from `base` to `head`."""
    pairs, removed, added = _paired(base, head)
    walk = SchemaWalk(base.schemas, head.schemas, SCHEMA_RULES)
    places: dict[_Key, tuple[Located, list[OperationRow]]] = {}
    for row in removed:
        _collect(places, row, [Located(removed_operation(row), f"/paths/{row.label}")])
    for row in added:
        _collect(places, row, [Located(added_operation(row), f"/paths/{row.label}")])
    for old, new in pairs:
        _collect(places, new, _found(old, new, walk))
    changed = [new for old, new in pairs if _differs(old, new)]
    contract = [new for old, new in pairs if old.contract != new.contract]
    return Diff(
        changes=tuple(sorted((_change(*place) for place in places.values()), key=_rank)),
        added=_ids(added),
        removed=_ids(removed),
        changed=_ids(changed),
        affected=_ids([*added, *removed, *contract]),
    )


def _paired(
    base: Snapshot, head: Snapshot
) -> tuple[list[tuple[OperationRow, OperationRow]], list[OperationRow], list[OperationRow]]:
    """Pair operations by method and path; names of path parameters mean nothing to clients."""
    pairs, removed, taken = [], [], set()
    by_shape = {path_shape(row): row for row in head.operations}
    for old in base.operations:
        new = head.by_label.get(old.label) or by_shape.get(path_shape(old))
        if new is None or new.label in taken:
            removed.append(old)
        else:
            taken.add(new.label)
            pairs.append((old, new))
    return pairs, removed, [row for row in head.operations if row.label not in taken]


def _differs(old: OperationRow, new: OperationRow) -> bool:
    return (
        old.contract != new.contract
        or old.documentation_hash != new.documentation_hash
        or old.lifecycle != new.lifecycle
        or old.operation_id != new.operation_id
    )


def _found(old: OperationRow, new: OperationRow, walk: SchemaWalk) -> Iterator[Located]:
    if not _differs(old, new):
        return
    renamed = list(_renamed(old, new))
    old = with_path_of(old, new)
    site = OperationSite(base=old, head=new)
    located = [Located(finding, finding.part) for rule in OPERATION_RULES for finding in rule(site)]
    located += renamed
    yield from located
    if old.lifecycle != new.lifecycle and not _any_at("/lifecycle", located):
        text = f"the announced lifecycle changed from {old.lifecycle} to {new.lifecycle}"
        finding = Finding(id="operation-lifecycle-changed", level="info", text=text)
        yield Located(finding, "/lifecycle")
    sides = (
        ("request", old.request_hash != new.request_hash, request_steps),
        ("response", old.response_hash != new.response_hash, response_steps),
    )
    for direction, differs, steps in sides:
        if differs:
            found = list(walk.compare(list(steps(old, new))))
            yield from found
            if not found and not _any_at(f"/{direction}", located):
                yield Located(_unnamed(direction), f"/{direction}")
    # Removing a property removes its description as well, which is no news of its own.
    if old.documentation_hash != new.documentation_hash and old.contract == new.contract:
        yield Located(
            Finding(
                id="operation-documentation-changed",
                level="info",
                text="only documentation changed",
            ),
            "/documentation",
        )


def _any_at(place: str, located: list[Located]) -> bool:
    return any(item.pointer.startswith(place) for item in located)


def _renamed(old: OperationRow, new: OperationRow) -> Iterator[Located]:
    if old.path != new.path:
        text = f"parameters in the path were renamed: {old.path} became {new.path}"
        finding = Finding(id="path-parameter-renamed", level="info", text=text)
        yield Located(finding, "/request/parameters")


def _unnamed(direction: str) -> Finding:
    return Finding(
        id=f"{direction}-changed",
        level="warning",
        text=f"the {direction} changed in a way that no rule names; look at it by hand",
    )


def _collect(
    places: dict[_Key, tuple[Located, list[OperationRow]]],
    row: OperationRow,
    located: Iterator[Located] | list[Located],
) -> None:
    for item in located:
        key = (item.finding.id, item.pointer, item.finding.text)
        rows = places.setdefault(key, (item, []))[1]
        if not rows or rows[-1] is not row:
            rows.append(row)


def _change(located: Located, rows: list[OperationRow]) -> Change:
    finding, pointer = located.finding, located.pointer
    labels = tuple(sorted({row.label for row in rows}))
    first = min(rows, key=lambda row: row.label)
    in_component = pointer.startswith(COMPONENTS)
    cause = "/".join(pointer.split("/")[:4]) if in_component else pointer
    # A component's change is the same however many operations use it next month.
    reach = [] if in_component else labels
    return Change(
        id=finding.id,
        level=finding.level,
        operation=first.label,
        operation_id=first.operation_id,
        pointer=pointer,
        text=finding.text,
        cause=cause.removeprefix("#/"),
        operations=labels,
        fingerprint=digest(text_of([finding.id, pointer, finding.text, reach])),
    )


def _rank(change: Change) -> tuple[int, str, str, str, str]:
    return (LEVELS.index(change.level), change.pointer, change.operation, change.id, change.text)


def _ids(rows: list[OperationRow]) -> tuple[str, ...]:
    return tuple(sorted({row.operation_id for row in rows}))
