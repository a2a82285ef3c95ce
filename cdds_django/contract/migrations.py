"""Which migration changed the model's field behind a change of the contract."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any


def last_migration(model: str, is_new: Callable[[Path], bool]) -> Path | None:
    """Return the file of the last migration that changed the field `model` (`app.Model.field`).

    Only files that `is_new` says count: an old migration is not what changed the contract today.
    No database is asked. None when there is no such migration.
    """
    from django.db.migrations.loader import MigrationLoader

    app, owner, *rest = model.split(".")
    field = rest[0] if rest else ""
    label = _app_label(app)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found: Path | None = None
    for key in sorted(loader.disk_migrations):
        if key[0] != label:
            continue
        migration = loader.disk_migrations[key]
        path = Path(inspect.getfile(type(migration)))
        if is_new(path) and any(_touches(item, owner, field) for item in migration.operations):
            found = path
    return found


def _app_label(app: str) -> str:
    from django.apps import apps

    return apps.get_app_config(app).label


def _touches(operation: Any, owner: str, field: str) -> bool:
    """Whether an operation of a migration changes `field` of the model `owner`."""
    name = str(getattr(operation, "model_name", "") or getattr(operation, "name", ""))
    if name.lower() != owner.lower():
        return False
    fields = {
        str(getattr(operation, key, "")) for key in ("name", "old_name", "new_name") if field
    } | {str(entry[0]) for entry in getattr(operation, "fields", ()) if field}
    return not field or field in fields
