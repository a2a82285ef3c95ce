"""The difference of two contract snapshots: one change for each cause, with what it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from cdds_django.contract.causes import component_of
from cdds_django.contract.changes import LEVELS, Change, Diff
from cdds_django.contract.collector import paused
from cdds_django.contract.hashing import digest
from cdds_django.contract.lifecycle import is_promised
from cdds_django.contract.literals import text_of
from cdds_django.contract.path_names import path_shape, with_path_of
from cdds_django.contract.rules import document_schemas, operations, versions, whole
from cdds_django.contract.rules.catalogue import DOCUMENT_RULES, OPERATION_RULES, SCHEMA_RULES
from cdds_django.contract.sites import DocumentSite, OperationSite
from cdds_django.contract.snapshot_rows import OperationRow, Snapshot
from cdds_django.contract.steps import request_steps, response_steps, webhook_steps
from cdds_django.contract.walk import Located, SchemaWalk

_Key = tuple[str, str, str]
_Pair = tuple[OperationRow, OperationRow]


def diff(base: Snapshot, head: Snapshot, today: date | None = None) -> Diff:
    """Return what changed from `base` to `head`.

    `today` is what announced ends of operations are compared with, by default the day it is.
    """
    site = DocumentSite(base=base, head=head, today=today or date.today())
    with paused():
        return _Comparison(site).result()


class _Comparison:
    """Gathers what is found, by rule, place and sentence, with the operations it reaches."""

    def __init__(self, site: DocumentSite) -> None:
        self._site = site
        self._walk = SchemaWalk(site.base.schemas, site.head.schemas, SCHEMA_RULES)
        self._places: dict[_Key, tuple[Located, list[OperationRow]]] = {}
        self._explained: set[str] = set()

    def result(self) -> Diff:
        """Compare everything."""
        self._document()
        pairs, removed, added = paired(self._site.base.operations, self._site.head.operations)
        self._removed(removed)
        for row in added:
            self._collect(row, [Located(operations.added_operation(row), f"/paths/{row.label}")])
        for old, new in pairs:
            self._collect(new, self._found(old, new))
        self._webhooks()
        changes = self._changes()
        breaking = any(change.level == "error" for change in changes)
        findings = (
            *document_schemas.check(self._site, followed=self._walk.followed),
            *versions.check(self._site, breaking=breaking),
        )
        changes += [_change(Located(finding, finding.part), []) for finding in findings]
        contract = [new for old, new in pairs if old.contract != new.contract]
        return Diff(
            changes=tuple(sorted(changes, key=_rank)),
            added=_ids(added),
            removed=_ids(removed),
            changed=_ids([new for old, new in pairs if _differs(old, new)]),
            affected=_ids([*added, *removed, *contract]),
            labels={
                row.operation_id: row.label for row in (*removed, *added, *(p[1] for p in pairs))
            },
            versions=(self._site.base.document.version, self._site.head.document.version),
        )

    def _document(self) -> None:
        for rule in DOCUMENT_RULES:
            for finding, rows in rule(self._site):
                self._explained.update(row.label for row in rows)
                located = Located(finding, finding.part)
                self._places[finding.id, finding.part, finding.text] = (located, rows)

    def _removed(self, rows: Sequence[OperationRow]) -> None:
        paths = {path_shape(row).partition(" ")[2] for row in self._site.head.operations}
        for row in rows:
            finding = operations.removed_operation(
                row,
                path_is_gone=path_shape(row).partition(" ")[2] not in paths,
                today=self._site.today,
            )
            self._collect(row, [Located(finding, f"/paths/{row.label}")])

    def _webhooks(self) -> None:
        pairs, removed, added = paired(self._site.base.webhooks, self._site.head.webhooks)
        for row in removed:
            pointer = f"/webhooks/{row.label}"
            self._collect(row, [Located(operations.removed_webhook(row), pointer)])
        for row in added:
            self._collect(row, [Located(operations.added_webhook(row), f"/webhooks/{row.label}")])
        for old, new in pairs:
            if old.contract != new.contract:
                found = list(self._walk.compare(list(webhook_steps(old, new))))
                self._collect(new, found or [Located(whole.REQUEST.found(), "/request")])

    def _found(self, old: OperationRow, new: OperationRow) -> Iterator[Located]:
        if not _differs(old, new):
            return
        renamed = list(_renamed(old, new))
        old = with_path_of(old, new)
        site = OperationSite(base=old, head=new, documents=self._site)
        located = [
            Located(finding, finding.part) for rule in OPERATION_RULES for finding in rule(site)
        ]
        located += renamed
        yield from located
        if old.lifecycle != new.lifecycle and not _any_at("/lifecycle", located):
            finding = whole.LIFECYCLE.found(old=old.lifecycle, new=new.lifecycle)
            yield Located(finding, "/lifecycle")
        if old.request_hash != new.request_hash:
            found = list(self._walk.compare(list(request_steps(old, new))))
            yield from found
            if not (found or new.label in self._explained or _any_at("/request", located)):
                yield Located(whole.REQUEST.found(), "/request")
        if old.response_hash != new.response_hash:
            found = list(self._walk.compare(list(response_steps(old, new))))
            yield from found
            if not found and not _any_at("/response", located):
                yield Located(whole.RESPONSE.found(), "/response")
        # Removing a property removes its description as well, which is no news of its own.
        if old.documentation_hash != new.documentation_hash and old.contract == new.contract:
            yield Located(whole.DOCUMENTATION.found(), "/documentation")

    def _collect(self, row: OperationRow, located: Iterator[Located] | list[Located]) -> None:
        for item in located:
            key = (item.finding.id, item.pointer, item.finding.text)
            rows = self._places.setdefault(key, (item, []))[1]
            if not rows or rows[-1] is not row:
                rows.append(row)

    def _changes(self) -> list[Change]:
        return [
            # What nobody was told to rely on yet, on either side, breaks nobody.
            _change(located, rows)
            if not rows or any(map(self._is_promised, rows))
            else replace(_change(located, rows), level="info")
            for located, rows in self._places.values()
        ]

    def _is_promised(self, row: OperationRow) -> bool:
        old = self._site.base.by_label.get(row.label)
        return is_promised(row.lifecycle) or (old is not None and is_promised(old.lifecycle))


def paired(
    base: Sequence[OperationRow], head: Sequence[OperationRow]
) -> tuple[list[_Pair], list[OperationRow], list[OperationRow]]:
    """Return the operations that both sides have, those that are gone, and those that are new.

    They are paired by method and path; names of path parameters mean nothing to clients.
    """
    pairs, removed, taken = [], [], set()
    by_label = {row.label: row for row in head}
    by_shape = {path_shape(row): row for row in head}
    for old in base:
        new = by_label.get(old.label) or by_shape.get(path_shape(old))
        if new is None or new.label in taken:
            removed.append(old)
        else:
            taken.add(new.label)
            pairs.append((old, new))
    return pairs, removed, [row for row in head if row.label not in taken]


def _differs(old: OperationRow, new: OperationRow) -> bool:
    return (
        old.contract != new.contract
        or old.documentation_hash != new.documentation_hash
        or old.lifecycle != new.lifecycle
        or old.tags != new.tags
        or old.operation_id != new.operation_id
    )


def _any_at(place: str, located: list[Located]) -> bool:
    return any(item.pointer.startswith(place) for item in located)


def _renamed(old: OperationRow, new: OperationRow) -> Iterator[Located]:
    if old.path != new.path:
        finding = whole.PATH_PARAMETER.found(old=old.path, new=new.path)
        yield Located(finding, "/request/parameters")


def _change(located: Located, rows: list[OperationRow]) -> Change:
    finding, pointer = located.finding, located.pointer
    labels = tuple(sorted({row.label for row in rows}))
    first = min(rows, key=lambda row: row.label, default=None)
    in_document = pointer.startswith("#/")
    # A component's change is the same however many operations use it next month.
    reach = [] if in_document else labels
    return Change(
        id=finding.id,
        level=finding.level,
        operation=first.label if first else "",
        operation_id=first.operation_id if first else "",
        pointer=pointer,
        text=finding.text,
        cause=component_of(pointer).removeprefix("#/"),
        operations=labels,
        fingerprint=digest(text_of([finding.id, pointer, finding.identity, reach])),
    )


def _rank(change: Change) -> tuple[int, str, str, str, str]:
    return (LEVELS.index(change.level), change.pointer, change.operation, change.id, change.text)


def _ids(rows: Sequence[OperationRow]) -> tuple[str, ...]:
    return tuple(sorted({row.operation_id for row in rows}))
