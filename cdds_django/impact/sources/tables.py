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
_TABLE = re.compile(
    rf"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|USING)\s+(?:ONLY\s+)?({_NAME})", re.IGNORECASE
)
_ALIASED = rf"{_NAME}(?:\s+(?:AS\s+)?{_PART})?"
_LIST = re.compile(rf"\b(?:FROM|UPDATE|USING)\s+{_ALIASED}((?:\s*,\s*{_ALIASED})+)", re.IGNORECASE)
_LISTED = re.compile(rf",\s*({_NAME})")
_OF_TRANSACTIONS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
_QUOTES = re.compile(r'["`\[\]]')


class Tables:
    kind = "table"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        original: Any = vars(CursorWrapper)["_execute_with_wrappers"]

        # Called more often than anything else here, so with nothing in between.
        @functools.wraps(original)
        def execute(cursor: CursorWrapper, sql: Any, *args: Any, **kwargs: Any) -> Any:
            text = sql if isinstance(sql, str) else str(sql)
            # Savepoints have names of their own, so that nothing would be served from the cache.
            if not text.startswith(_OF_TRANSACTIONS) or ";" in text:
                recorder.note_all(_dependencies(text))
            return original(cursor, sql, *args, **kwargs)

        return replace(CursorWrapper, "_execute_with_wrappers", execute)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


@functools.lru_cache(maxsize=20_000)
def _dependencies(sql: str) -> Dependencies:
    return frozenset(Dependency("table", table) for table in tables_in(sql))


def tables_in(sql: str) -> frozenset[str]:
    """Return the names that stand in the place of a table in an SQL statement, as `name_of_table`
    writes them; those in a schema both with and without it."""
    found = _TABLE.findall(sql)
    for more in _LIST.findall(sql):
        found += _LISTED.findall(more)
    names = {name_of_table(name) for name in found}
    return frozenset(names | {name.rpartition(".")[2] for name in names})


def name_of_table(name: str) -> str:
    """Return a table's name without quotation marks, in lower case: databases differ in either."""
    return _QUOTES.sub("", name).lower()
