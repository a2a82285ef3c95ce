"""What a changed migration concerns: the tables that its operations name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cdds_django.impact.choice.schema_sql import tables_of_sql
from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.syntax.definitions import IMPORT, Definition
from cdds_django.impact.syntax.mentions import STRING
from cdds_django.impact.syntax.statements import LITERAL_SQL

_SCHEMA_OPERATIONS = frozenset(
    {"AddConstraint", "AddField", "AddIndex", "AlterConstraint", "AlterField"}
    | {"AlterIndexTogether", "AlterModelManagers", "AlterModelOptions", "AlterModelTable"}
    | {"AlterModelTableComment", "AlterOrderWithRespectTo", "AlterUniqueTogether", "CreateModel"}
    | {"DeleteModel", "RemoveConstraint", "RemoveField", "RemoveIndex", "RenameField"}
    | {"RenameIndex", "RenameModel", "swappable_dependency"}
)
_FIELDS = ("models.", "django.", "settings.")


def tables_of_migration(
    change: DefinitionChange, tables: Mapping[str, Iterable[str]]
) -> frozenset[str] | None:
    """Return the tables that a change in a migration concerns, None where it may be any.

    `tables` has the tables of models by the model's name in lower case.
    """
    if change.key.startswith(f"Migration.{LITERAL_SQL}"):
        sql = change.key.removeprefix(f"Migration.{LITERAL_SQL}")
        return tables_of_sql(
            sql.split(";\n"), frozenset(t for found in tables.values() for t in found)
        )
    if change.key.startswith("Migration.operations"):
        return _tables_of_operations(change.versions, tables)
    # What an added migration imports or comes after says nothing of its own.
    is_idle = all(version.kind == IMPORT for version in change.versions)
    return frozenset() if change.change == "added" or is_idle else None


def _tables_of_operations(
    versions: Iterable[Definition], tables: Mapping[str, Iterable[str]]
) -> frozenset[str] | None:
    mentions = {mention for version in versions for mention in version.mentions}
    for mention in mentions:
        if mention.startswith(STRING) or mention.startswith(_FIELDS):
            continue
        root, _, operation = mention.partition(".")
        if root == "migrations" and operation in {*_SCHEMA_OPERATIONS, ""}:
            continue
        if root == "migrations" or not operation:
            return None  # Something that runs code, or an operation that isn't Django's.
    words = {m.removeprefix(STRING).rpartition(".")[2].lower() for m in mentions if m[0] == STRING}
    found = frozenset(table for word in words for table in tables.get(word, ()))
    return found or None
