"""`impact.migrations`: the tables that a changed migration concerns."""

from __future__ import annotations

import pytest

from cdds_django.impact.choice.migrations import tables_of_migration
from cdds_django.impact.code.symbols import Symbols, cut
from cdds_django.impact.graph.changes import DefinitionChange, differences, everything

TABLES = {"order": {"shop_order"}, "line": {"shop_line"}, "tag": {"shop_tag"}}
PATH = "shop/migrations/0002_more.py"
SOURCE = """
from django.db import migrations, models
def fill(apps, schema_editor): pass
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [{}]
"""


def of(operations: str) -> Symbols:
    return cut(SOURCE.replace("{}", operations), module="shop.migrations.0002_more")


def tables(changes: list[DefinitionChange]) -> set[str] | None:
    found: set[str] = set()
    for change in changes:
        concerned = tables_of_migration(change, TABLES)
        if concerned is None:
            return None
        found |= concerned
    return found


@pytest.mark.parametrize(
    ("operations", "found"),
    [
        ('migrations.AddField("order", "x", models.TextField())', {"shop_order"}),
        ('migrations.RemoveField("Order", "x")', {"shop_order"}),
        (
            'migrations.AddField("order", "x", models.ForeignKey("shop.line", models.CASCADE))',
            {"shop_order", "shop_line"},
        ),
        ("migrations.RunPython(fill)", None),
        ('migrations.RunSQL("DELETE FROM shop_tag")', None),
        ('migrations.RunSQL("CREATE INDEX i ON shop_tag (a)")', {"shop_tag"}),
        (
            'migrations.RunSQL(["CREATE INDEX i ON shop_tag (a)", "DROP INDEX j"], "DROP INDEX i")',
            None,
        ),
        (
            (
                "migrations.RunSQL(sql=['CREATE INDEX i ON shop_tag (a)'], "
                "reverse_sql=migrations.RunSQL.noop)"
            ),
            {"shop_tag"},
        ),
        ('migrations.RunSQL("CREATE INDEX i ON " + "shop_tag (a)")', None),
        ('migrations.RunSQL([("CREATE INDEX i ON shop_tag (a)", None)])', None),
        ('migrations.RunSQL("CREATE INDEX i ON shop_tag (a)", state_operations=[])', None),
        ("migrations.SeparateDatabaseAndState(state_operations=[])", None),
        ('migrations.DeleteModel("unheard_of")', None),
    ],
    ids=[
        *("add", "remove", "relation", "code", "sql", "sql of an index", "sql of one more"),
        *("sql by name", "sql put together", "sql with parameters", "sql and state"),
        *("separate", "unknown-model"),
    ],
)
def test_added(operations: str, found: set[str] | None) -> None:
    assert tables(list(everything(PATH, of(operations), "added"))) == found


def test_operation_is_changed() -> None:
    before, now = (of(f'migrations.AlterField("tag", "x", models.F({n}))') for n in (1, 2))

    assert tables(differences(PATH, before, now)) == {"shop_tag"}


def test_other_parts_may_concern_any() -> None:
    before, now = of(""), of("")
    now.definitions["Migration.atomic"] = now.definitions["Migration.dependencies"]

    (change,) = differences(PATH, now, before)

    assert tables_of_migration(change, TABLES) is None
