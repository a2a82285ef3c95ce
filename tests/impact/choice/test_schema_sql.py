"""`impact.choice.schema_sql`: which tables SQL of a migration concerns."""

from __future__ import annotations

import pytest

from cdds_django.impact.choice.schema_sql import tables_of_sql

KNOWN = frozenset({"shop_order", "shop_Line", "shop_tag"})


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE INDEX i ON shop_order (a)", {"shop_order"}),
        (
            "create unique index concurrently i on only public.shop_order using gin (a);",
            {"shop_order"},
        ),
        ('CREATE INDEX i ON "shop_Line" (lower(a)) WHERE a > 1', {"shop_Line"}),
        ("ALTER TABLE shop_order ADD CONSTRAINT c CHECK (a > 0)", {"shop_order"}),
        (
            "ALTER TABLE IF EXISTS shop_order ADD FOREIGN KEY (tag_id) REFERENCES shop_tag",
            {"shop_order", "shop_tag"},
        ),
        (
            (
                "CREATE TRIGGER t AFTER INSERT ON shop_order BEGIN\n"
                "  UPDATE shop_tag SET a = 1; DELETE FROM x;\nEND;"
            ),
            {"shop_order", "shop_tag"},
        ),
    ],
)
def test_one_table(sql: str, found: set[str]) -> None:
    assert tables_of_sql([sql], KNOWN) == found


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "UPDATE shop_order SET a = 1",
        "DELETE FROM shop_order",
        "CREATE EXTENSION hstore",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE VIEW v AS SELECT * FROM shop_order",
        "DROP INDEX i",
        "CREATE TRIGGER t BEFORE UPDATE ON shop_order FOR EACH ROW EXECUTE FUNCTION f()",
        "DROP TABLE shop_order",
        "CREATE INDEX i ON somebodys (a)",
        "CREATE INDEX i ON shop_order (a); DELETE FROM shop_tag",
        "ALTER TABLE shop_order DROP COLUMN a CASCADE",
        "ALTER TABLE shop_order RENAME TO shop_tag",
        "ALTER TABLE shop_order ADD a int -- ; DELETE FROM shop_tag",
        "CREATE INDEX i /* ON shop_tag */ ON shop_order (a)",
    ],
)
def test_any_table(sql: str) -> None:
    assert tables_of_sql([sql], KNOWN) is None


def test_one_of_several_may_concern_any() -> None:
    index = "CREATE INDEX i ON shop_order (a)"
    assert tables_of_sql([index, "ALTER TABLE shop_tag ADD a int"], KNOWN) == {
        "shop_order",
        "shop_tag",
    }
    assert tables_of_sql([index, "SELECT f()"], KNOWN) is None
