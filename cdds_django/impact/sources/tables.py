"""Database tables named in the SQL that a test ran.

What shapes a table is models and migrations, which are code, and their change is seen there; so
tables have no fingerprint of their own.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db.backends.utils import CursorWrapper

from cdds_django.impact.patching import wrap
from cdds_django.impact.recorder import Recorder
from cdds_django.impact.sources.base import Project

_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+[\"`\[]?([\w$.]+)", re.IGNORECASE)


class Tables:
    kind = "table"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        def execute(
            original: Any, cursor: CursorWrapper, sql: Any, *args: Any, **kwargs: Any
        ) -> Any:
            for table in tables_in(sql if isinstance(sql, str) else str(sql)):
                recorder.note("table", table)
            return original(cursor, sql, *args, **kwargs)

        return wrap(CursorWrapper, "_execute_with_wrappers", execute)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


@functools.lru_cache(maxsize=20_000)
def tables_in(sql: str) -> frozenset[str]:
    """Return the names that stand in the place of a table in an SQL statement."""
    return frozenset(_TABLE.findall(sql))
