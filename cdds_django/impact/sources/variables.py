"""Environment variables that Python code reads, each with a digest of its value.

Settings made from variables are seen by their values (`settings.py`); this is for the rest. A copy
of the whole environment, as for another process, isn't a reading of each variable in it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cdds_django.impact.code.tree import ABSENT, digest
from cdds_django.impact.recording.patching import all_of, wrap
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.callers import installed_reader, reads_per_call

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

# These differ from one terminal, machine or run to the next, and results of tests should not.
_IGNORED = frozenset(
    {"_", "COLUMNS", "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LINES", "LOGNAME", "OLDPWD"}
    | {"PATH", "PWD", "SHLVL", "TEMP", "TERM", "TEST_BATCH_ID", "TMP", "TMPDIR", "USER"}
    | {"DJANGO_COLORS", "DJANGO_SETTINGS_MODULE", "DJANGO_TEST_PROCESSES", "PYTHON_COLORS"}
)
_IGNORED_PREFIXES = ("CDDS_", "COV_CORE_", "COVERAGE_", "LC_", "PYTEST_")
# Python's own have no underscore (PYTHONPATH); a project may well have a PYTHON_ENV.
_PYTHONS_OWN = re.compile("PYTHON[A-Z]+")


class Variables:
    kind = "variable"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return _Watch(recorder).begin()

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: _fingerprint(os.environ.get(key)) for key in keys}


def _is_ignored(key: str) -> bool:
    return (
        key in _IGNORED
        or key.startswith(_IGNORED_PREFIXES)
        or _PYTHONS_OWN.fullmatch(key) is not None
    )


def _fingerprint(value: str | None) -> str:
    return ABSENT if value is None else digest(value.encode("utf-8", "surrogateescape"))


class _Watch:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._copied: Iterator[str] = iter(())

    def begin(self) -> Callable[[], None]:
        cls: Any = type(os.environ)
        return all_of([wrap(cls, "__getitem__", self._get), wrap(cls, "__iter__", self._iterate)])

    def _get(self, original: Any, environ: Any, key: str) -> Any:
        # `dict(os.environ)` asks for the keys, then for each value in their order.
        if next(self._copied, None) != key:
            self._copied = iter(())
            self._note(key)
        return original(environ, key)

    def _iterate(self, original: Any, environ: Any) -> Any:
        keys = list(original(environ))
        self._copied = iter(keys)
        return iter(keys)

    def _note(self, key: str) -> None:
        if not isinstance(key, str) or _is_ignored(key):
            return
        caller = sys._getframe(3)
        if reads_per_call(installed_reader(caller, self._recorder.tree.holds_code)):
            self._recorder.note("variable", key)
        else:
            self._recorder.note_shared("variable", key)
