"""Telling functions that keep a result for later calls, by looking at them while they run.

A test that uses a kept value depends on what made it, although that ran in another test. Kept are
the results of functions under `functools.lru_cache` and of cached properties of objects that live
as long as the process; and what a function puts into a global, a class, an object that lives as
long as the process, a container that one of these holds, or a variable of an enclosing function.
"""

from __future__ import annotations

import functools
import inspect
import operator
import sys
import unittest
from collections.abc import Callable, MutableMapping, MutableSequence, MutableSet
from itertools import compress, repeat
from types import CodeType, FrameType, ModuleType
from typing import Any

from django.utils.functional import cached_property

from cdds_django.impact.recording.heap import all_objects
from cdds_django.impact.recording.stores import Store, stores

_LRU_CACHE = type(functools.lru_cache(lambda: None))
_CONTAINERS = (MutableMapping, MutableSequence, MutableSet)
_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__set_name__", "__setstate__"})
# What a test leaves behind for another is for the order of tests to settle, not for us.
_TEST_FIXTURES = frozenset(
    {"setUp", "setUpClass", "setUpTestData", "tearDown", "tearDownClass", "asyncSetUp"}
)

# Django's own lazy objects and registries: what they call first-party code for is kept as long as
# the process lives (a storage, a cache or database backend, an engine, populated URL patterns).
_DJANGO_KEEPERS = frozenset(
    {
        ("django/utils/functional.py", "_setup"),
        ("django/core/files/storage/__init__.py", "_setup"),
        ("django/utils/connection.py", "__getitem__"),
        ("django/urls/resolvers.py", "_populate"),
        ("django/template/utils.py", "__getitem__"),
        ("django/core/files/storage/handler.py", "__getitem__"),
    }
)


class Memos:
    """What is known of the functions that keep results, at one moment."""

    def __init__(self, is_first_party: Callable[[str], bool]) -> None:
        self._is_first_party = is_first_party
        self._names: dict[int, tuple[CodeType, set[str]]] = {}
        """The names of cached functions, by the id of their code: hashing that takes long."""
        self._lasting_types: set[type] = set()
        """With all that they derive from."""
        self._modules: set[str] = set()

    def look(self) -> None:
        """Take in what there is."""
        # A large process has a million of them: nothing but these two passes here, and none of
        # them in Python.
        objects = all_objects()
        is_cache = map(operator.is_, map(type, objects), repeat(_LRU_CACHE))
        for found in list(compress(objects, is_cache)):
            self._add_name(found)
        self._look_at(self._new_modules(), set(map(type, objects)))

    def look_at_imported(self) -> None:
        """Take in the modules that were imported since."""
        modules = self._new_modules()
        self._look_at(modules, {type(value) for m in modules for value in vars(m).values()})

    def names_of_kept(self, code: CodeType, frame: FrameType) -> frozenset[str] | None:
        """Return None if the function running in `frame` keeps nothing beyond the call.

        Else return the names by which others may get at what it keeps without running it.
        """
        if id(code) in self._names:
            return frozenset(self._names[id(code)][1])
        if code.co_name.startswith("test") or code.co_name in _TEST_FIXTURES:
            return None
        kept = [store for store in stores(code) if self._is_kept(store, code, frame)]
        if not kept:
            return None
        return frozenset(
            store.attribute or store.chain[-1] for store in kept if store.scope != "free"
        )

    def is_cached(self, code: CodeType) -> bool:
        """Whether calls of the function may be answered without running it."""
        return id(code) in self._names

    def _new_modules(self) -> list[ModuleType]:
        found = []
        for name in sys.modules.keys() - self._modules:
            module = sys.modules.get(name)
            if isinstance(module, ModuleType):
                self._modules.add(name)
                file = getattr(module, "__file__", None)
                if isinstance(file, str) and self._is_first_party(file):
                    found.append(module)
        return found

    def _look_at(self, modules: list[ModuleType], types: set[type]) -> None:
        for kind in types - self._lasting_types:
            if self._may_keep(kind):
                self._lasting_types.update(kind.__mro__)
        for module in modules:
            for name, value in list(vars(module).items()):
                if type(value) is _LRU_CACHE:
                    self._add_name(value, name)
                elif _is_a(value, type) and value.__module__ == module.__name__:
                    self._look_at_class(value)

    def _look_at_class(self, cls: type) -> None:
        lasts = self._lasts(cls)
        for name, value in list(vars(cls).items()):
            value = value.__func__ if _is_a(value, classmethod, staticmethod) else value
            if type(value) is _LRU_CACHE or (
                lasts and _is_a(value, functools.cached_property, cached_property)
            ):
                self._add_name(value, name)

    def _add_name(self, wrapper: Any, name: str | None = None) -> None:
        function = getattr(wrapper, "__wrapped__", None) or getattr(wrapper, "func", None)
        code = getattr(function, "__code__", None)
        if code is not None and self._is_first_party(code.co_filename):
            self._names.setdefault(id(code), (code, set()))[1].add(name or code.co_name)

    def _may_keep(self, kind: type) -> bool:
        module = sys.modules.get(kind.__module__)
        file = getattr(module, "__file__", None)
        return (
            isinstance(file, str)
            and self._is_first_party(file)
            and not issubclass(kind, unittest.TestCase)
        )

    def _lasts(self, cls: type) -> bool:
        """Whether an object of a class was there before any test ran."""
        return cls in self._lasting_types

    def _is_kept(self, store: Store, code: CodeType, frame: FrameType) -> bool:
        root, *inner = store.chain
        if store.scope == "global":
            return self._is_kept_in(frame.f_globals.get(root), inner, store)
        if store.scope == "free":
            return True
        if not code.co_argcount or root != code.co_varnames[0] or code.co_name in _CONSTRUCTORS:
            return False
        first = frame.f_locals.get(root)
        if _is_a(first, type):
            return self._is_kept_in(first, inner, store)
        return self._lasts(_owner(code, type(first))) and bool(store.attribute or inner)

    def _is_kept_in(self, holder: object, inner: list[str], store: Store) -> bool:
        if store.attribute or store.is_whole_name:
            return True
        for name in inner:
            holder = inspect.getattr_static(holder, name, None)
        return _is_a(holder, *_CONTAINERS)


def _is_a(value: Any, *types: type) -> bool:
    """As `isinstance`, which would have one of Django's lazy objects set itself up."""
    return issubclass(type(value), types)


def _owner(code: CodeType, kind: type) -> type:
    """Return the class in which a method is defined, as far as its name tells."""
    qualname = code.co_qualname.rpartition(".")[0]
    return next((base for base in kind.__mro__ if base.__qualname__ == qualname), kind)


def below_keeper(frame: FrameType, is_first_party: Callable[[str], bool]) -> bool:
    """Whether third-party code that keeps results called, however indirectly, what runs in `frame`.

    First-party functions that keep results are told by `Memos` when they start.
    `is_first_party` takes a file name.
    """
    outer = frame.f_back
    # Nobody keeps what running a test gives, and who runs it has many frames.
    while outer is not None and (code := outer.f_code) is not _RUN_TEST:
        known = _KEEPERS.get(id(code))
        if known is None:
            keeps = not is_first_party(code.co_filename) and (
                _is_django_keeper(code) or _is_lru_cached(code, outer)
            )
            known = _KEEPERS[id(code)] = (keeps, code)
        if known[0]:
            return True
        outer = outer.f_back
    return False


_RUN_TEST = unittest.TestCase.run.__code__
_KEEPERS: dict[int, tuple[bool, CodeType]] = {}
"""By the code object's id, which is its own as long as it is kept here."""


def _is_django_keeper(code: CodeType) -> bool:
    return any(
        code.co_name == name and code.co_filename.endswith(file) for file, name in _DJANGO_KEEPERS
    )


def _is_lru_cached(code: CodeType, frame: FrameType) -> bool:
    """Look the function up where its name was bound: the cache wraps it there."""
    first, *rest = code.co_qualname.split(".")
    found = frame.f_globals.get(first)
    for name in rest:
        found = getattr(found, "__dict__", {}).get(name)
    return isinstance(getattr(found, "__func__", found), _LRU_CACHE)
