"""`impact.sources.tables`: names of tables in SQL."""

from __future__ import annotations

import pytest

from cdds_django.impact.sources.tables import tables_in


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT 1 FROM "a" INNER JOIN "b" ON 1', {"a", "b"}),
        ('INSERT INTO "a" VALUES (1)', {"a"}),
        ("UPDATE `a` SET x = 1", {"a"}),
        ('DELETE FROM "a" WHERE id IN (SELECT id FROM "b")', {"a", "b"}),
        ("SELECT 1", set()),
    ],
)
def test_tables(sql: str, tables: set[str]) -> None:
    assert tables_in(sql) == tables
