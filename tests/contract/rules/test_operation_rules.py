"""Rules of one id each, by examples, forth and back."""

from __future__ import annotations

from datetime import date

import pytest

from cdds_django.contract.diff import diff
from cdds_django.contract.snapshot import snapshot_of

from .operation_examples import DOCUMENTS, OPERATIONS, TODAY


def compared(base, head):
    """Return ids and levels of what differs between two documents, sorted."""
    found = diff(snapshot_of(base), snapshot_of(head), date.fromisoformat(TODAY))
    return sorted((change.id, change.level) for change in found.changes)


def expected(text):
    return sorted(tuple(rule.split()) for rule in text.split(", "))


@pytest.mark.parametrize("example", OPERATIONS.values(), ids=OPERATIONS)
def test_operations(example, make_api):
    base, head, forth, back = example
    assert compared(make_api(base), make_api(head)) == expected(forth)
    assert compared(make_api(head), make_api(base)) == expected(back)


@pytest.mark.parametrize("example", DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents(example):
    base, head, forth, back = example
    assert compared(base, head) == expected(forth)
    assert compared(head, base) == expected(back)
