"""`impact.sources.tables`: names of tables in SQL."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db.backends.utils import CursorWrapper

from cdds_django.impact.sources.tables import Tables, name_of_table, tables_in


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT 1 FROM "a" INNER JOIN "b" ON 1', {"a", "b"}),
        ('INSERT INTO "a" VALUES (1)', {"a"}),
        ("UPDATE `a` SET x = 1", {"a"}),
        ('DELETE FROM "a" WHERE id IN (SELECT id FROM "b")', {"a", "b"}),
        ("SELECT 1", set()),
        ("SELECT x, y FROM a, b AS c, d e WHERE x = y ORDER BY x, y", {"a", "b", "d"}),
        ("DELETE FROM a USING b", {"a", "b"}),
        ("SELECT 1 FROM a JOIN b USING (x)", {"a", "b"}),
        ('SELECT 1 FROM "public"."a" JOIN other.b ON 1', {"public.a", "a", "other.b", "b"}),
        ('SELECT 1 FROM "Order Details" JOIN [b-c] ON 1', {"order details", "b-c"}),
        ('SELECT 1 FROM "SHOP_ORDER"', {"shop_order"}),
        ("select valid_from from a, b", {"a", "b"}),
        ('SELECT 1 FROM "ГОРОДА"', {"города"}),
    ],
)
def test_tables(sql: str, tables: set[str]) -> None:
    assert tables_in(sql) == tables


@pytest.mark.parametrize(
    ("db_table", "name"),
    [("shop_order", "shop_order"), ('"sales"."Orders"', "sales.orders"), ("Order Details",) * 2],
)
def test_a_models_table_is_found_in_sql(db_table: str, name: str) -> None:
    quoted = db_table if db_table.startswith('"') else f'"{db_table}"'

    assert name_of_table(db_table) == name.lower()
    assert name_of_table(db_table) in tables_in(f"SELECT 1 FROM {quoted}")


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("DELETE FROM a", {"a"}),
        ('SAVEPOINT "s1_x1"', set()),
        ('RELEASE SAVEPOINT "s1_x1"', set()),
        ('ROLLBACK TO SAVEPOINT "s1_x1"; DELETE FROM a', {"a"}),
    ],
)
def test_statements_are_heard(sql: str, tables: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    noted = set()
    recorder = SimpleNamespace(note_all=lambda found: noted.update(key for _, key in found))
    monkeypatch.setattr(CursorWrapper, "_execute_with_wrappers", lambda cursor, sql, *_: sql)
    end = Tables().watch(recorder)
    try:
        CursorWrapper(None, None)._execute_with_wrappers(sql, None, many=False, executor=None)
    finally:
        end()

    assert noted == tables
