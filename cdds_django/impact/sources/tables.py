"""Database tables named in the SQL that a test ran.

What shapes a table is models and migrations, which are code, and their change is seen there; so
tables have no fingerprint of their own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.backends.utils import CursorWrapper

from cdds_django.impact.recording.patching import replace
from cdds_django.impact.records import Dependencies, Dependency
from cdds_django.impact.sources.base import Project

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

_PART = r'(?:"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$]+)'
_NAME = rf"{_PART}(?:\.{_PART})*"
_ALIASED = rf"{_NAME}(?:\s+(?:as\s+)?{_PART})?"


def _any_of(*words: str) -> str:
    """Return a pattern for whole words.

    Whether a word begins there is asked last: `re` skips quickly to where a letter can begin one,
    but not to where a boundary is.
    """
    begins = "".join(rf"(?<!\w{word})" for word in words)
    return f"(?:{'|'.join(words)}){begins}"


# In lower case, since `re` takes four times as long where case is to be ignored.
_TABLE = re.compile(
    rf"{_any_of('from', 'join', 'into', 'update', 'table', 'using')}\s+(?:only\s+)?({_NAME})"
)
_LIST = re.compile(rf"{_any_of('from', 'update', 'using')}\s+{_ALIASED}((?:\s*,\s*{_ALIASED})+)")
_LISTED = re.compile(rf",\s*({_NAME})")
_OF_TRANSACTIONS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
_NO_TABLES: Dependencies = frozenset()
_MOST_KNOWN = 20_000
_WITHOUT_QUOTES = str.maketrans("", "", '"`[]')


class Tables:
    kind = "table"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        original: Any = vars(CursorWrapper)["_execute_with_wrappers"]
        known: dict[str, Dependencies] = {}
        note_all = recorder.note_all

        # Called more often than anything else here, so with nothing in between.
        @functools.wraps(original)
        def execute(cursor: CursorWrapper, sql: Any, params: Any, many: bool, executor: Any) -> Any:
            text = sql if type(sql) is str else str(sql)
            found = known.get(text)
            if found is None:
                found = _found(text, known)
            note_all(found)
            return original(cursor, sql, params, many, executor)

        return replace(CursorWrapper, "_execute_with_wrappers", execute)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


def _found(sql: str, known: dict[str, Dependencies]) -> Dependencies:
    """Return the tables that a statement names, and keep that for the same statement to come."""
    # Savepoints have names of their own.
    if sql.startswith(_OF_TRANSACTIONS) and ";" not in sql:
        return _NO_TABLES
    if len(known) >= _MOST_KNOWN:
        known.clear()
    found = known[sql] = frozenset(Dependency("table", table) for table in tables_in(sql))
    return found


def tables_in(sql: str) -> frozenset[str]:
    """Return the names that stand in the place of a table in an SQL statement, as `name_of_table`
    writes them; those in a schema both with and without it."""
    sql = sql.lower()
    found = _TABLE.findall(sql)
    for more in _LIST.findall(sql):
        found += _LISTED.findall(more)
    names = {name_of_table(name) for name in found}
    return frozenset(names | {name.rpartition(".")[2] for name in names})


def name_of_table(name: str) -> str:
    """Return a table's name without quotation marks, in lower case: databases differ in either."""
    return name.translate(_WITHOUT_QUOTES).lower()
