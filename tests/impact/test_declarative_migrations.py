"""The promise for migrations."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/migrations/0002_first_tag.py", '"first"', '"second"')],
        "Migrated",
        "*",
        id="data-migration",
    ),
    pytest.param(
        [
            (
                "store/models.py",
                'city = models.CharField(max_length=20, default="Ulm")',
                'city = models.CharField(max_length=30, default="Ulm")',
            ),
            (
                "store/migrations/0003_city.py",
                None,
                """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_first_tag")]
    operations = [
        migrations.AlterField("supplier", "city", models.CharField(max_length=30, default="Ulm"))
    ]
""",
            ),
        ],
        "",
        "*",
        id="added-for-one-table",
    ),
    pytest.param(
        [
            (
                "store/migrations/0003_city.py",
                None,
                """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0002_first_tag")]
    operations = [migrations.RemoveField("supplier", "city")]
""",
            )
        ],
        "Commands Suppliers",
        "",
        id="field-removed",
    ),
    pytest.param(
        [
            (
                "store/migrations/0003_more.py",
                None,
                """from django.db import migrations


def add_tag(apps, schema_editor):
    apps.get_model("store", "Tag").objects.create(word="third")


class Migration(migrations.Migration):
    dependencies = [("store", "0002_first_tag")]
    operations = [migrations.RunPython(add_tag, migrations.RunPython.noop)]
""",
            )
        ],
        "Migrated",
        "Admin Authors Books Commands Factories Fixtures Members Models Signals Suppliers",
        id="added-that-runs-code",
    ),
    pytest.param(
        [
            (
                "store/migrations/0003_more.py",
                None,
                """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0002_first_tag")]
    operations = [migrations.RunSQL("INSERT INTO store_tag (word) VALUES ('third')")]
""",
            )
        ],
        "Migrated",
        "Admin Authors Books Commands Factories Fixtures Members Models Signals Suppliers",
        id="added-sql",
    ),
    pytest.param(
        [("store/migrations/0001_initial.py", "max_length=20, unique=True", "max_length=21")],
        "",
        "Fixtures Migrated Models",
        id="operation-edited",
    ),
    pytest.param(
        [
            ("store/migrations/0001_initial.py", '("sold", "Sold")', '("sold", "Gone")'),
            ("store/migrations/0001_initial.py", 'related_name="books",', ""),
        ],
        "",
        "Authors.test_list",
        id="description-edited",
    ),
    pytest.param(
        [("store/migrations/0002_first_tag.py", None, None)], "Migrated", "*", id="removed"
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
