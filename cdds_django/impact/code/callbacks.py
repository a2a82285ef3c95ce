"""What a URL pattern leads to: the view, and first-party code within reach of it."""

from __future__ import annotations

import inspect
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

ADMIN, OPAQUE = "<admin>", "<opaque>"
"""Stand for views of the admin, and for views that hold objects which can't be looked into."""

_MAX_OBJECTS = 400
_PLAIN = (str, bytes, int, float, bool, complex, type(None), range)
_CONTAINERS = (list, tuple, set, frozenset, dict)


@dataclass(frozen=True)
class Callback:
    """What was found behind a URL pattern."""

    symbols: frozenset[str]
    """First-party functions and classes ("shop/views.py::OrderViewSet"), installed packages that
    the view or its bases come from ("<rest_framework>"), or a stand-in."""
    description: str
    """Text that differs where wrappers or plain arguments do ("cache_page(60)" or "(61)")."""


def describe(callback: Any, key_of: Callable[[str], str | None]) -> Callback:
    """Look at a view and whatever it holds on to. `key_of` gives a first-party file's key."""
    return _Walk(key_of).of(callback)


class _Walk:
    def __init__(self, key_of: Callable[[str], str | None]) -> None:
        self._key_of = key_of
        self._symbols: set[str] = set()
        self._words: list[str] = []
        self._seen: set[int] = set()

    def of(self, callback: Any) -> Callback:
        pending: deque[Any] = deque([callback])
        while pending and len(self._seen) < _MAX_OBJECTS:
            item = pending.popleft()
            if isinstance(item, _PLAIN):
                self._words.append(repr(item))
            elif id(item) not in self._seen:
                self._seen.add(id(item))
                pending.extend(self._parts(item))
        if pending:
            self._symbols.add(OPAQUE)
        return Callback(frozenset(self._symbols), " ".join(self._words))

    def _parts(self, item: Any) -> Iterator[Any]:
        if isinstance(item, ModuleType):
            return
        if isinstance(item, type):
            self._name(item)
            if not _is_at_its_name(item):
                # Made by a function, as by `@api_view`: it consists of what it was given.
                yield from item.__bases__
                yield from (v for v in vars(item).values() if isinstance(v, FunctionType | type))
        elif isinstance(item, FunctionType):
            self._name(item)
            yield from vars(item).values()
            yield from (cell for cell in map(_content, item.__closure__ or ()) if cell is not item)
        elif isinstance(item, partial):
            yield from (item.func, item.args, item.keywords)
        elif isinstance(item, MethodType):
            yield from (item.__func__, item.__self__)
        elif isinstance(item, dict):
            yield from item.keys()
            yield from item.values()
        elif isinstance(item, _CONTAINERS):
            yield from sorted(item, key=repr) if isinstance(item, set | frozenset) else item
        else:
            yield from self._instance(item)

    def _instance(self, item: Any) -> Iterator[Any]:
        cls = type(item)
        if _is_admin(cls):
            self._symbols.add(ADMIN)
            self._name(cls)
            return
        held = getattr(item, "__dict__", None)
        if self._name(cls):
            if held and callable(item):
                yield from held.values()
            return
        package = cls.__module__.partition(".")[0]
        if held and package not in sys.stdlib_module_names:
            # A schema, an API of functions, a dispatcher: what it holds is followed as far as it
            # goes, but it may also compute what it does.
            if package != "django":
                self._symbols.add(OPAQUE)
            yield from held.values()

    def _name(self, item: Any) -> bool:
        """Note a class or a function by name; return whether it is first-party."""
        self._words.append(f"{item.__module__}.{item.__qualname__}")
        key = self._file_of(item)
        if key is not None:
            self._symbols.add(f"{key}::{item.__qualname__.partition('.')[0]}")
        for kind in getattr(item, "__mro__", (item,)):
            root = kind.__module__.partition(".")[0]
            is_standard = root == "django" or root in sys.stdlib_module_names
            if not is_standard and self._file_of(kind) is None:
                self._symbols.add(f"<{root}>")
        return key is not None

    def _file_of(self, item: Any) -> str | None:
        if isinstance(item, FunctionType):
            return self._key_of(item.__code__.co_filename)
        known = _FILES.get(id(item))
        if known is None or known[0] is not item:
            known = (item, _file(item))
            if isinstance(item, type):
                # Views have most of their bases in common.
                _FILES[id(item)] = known
        return self._key_of(known[1]) if known[1] is not None else None


_FILES: dict[int, tuple[Any, str | None]] = {}
"""The files of classes by their ids, which are theirs as long as they are kept here: a class's
metaclass may make it unfit to be a key."""


def _file(item: Any) -> str | None:
    try:
        return inspect.getfile(item)
    except (TypeError, OSError):
        return None


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # Not yet filled.
        return None


def _is_at_its_name(cls: type) -> bool:
    found: Any = sys.modules.get(cls.__module__)
    for name in cls.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is cls


def _is_admin(cls: type) -> bool:
    return any(base.__module__.startswith("django.contrib.admin.") for base in cls.__mro__)
