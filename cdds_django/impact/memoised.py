"""Telling functions that keep a result for later calls, by looking at them while they run."""

from __future__ import annotations

import dis
import functools
from collections.abc import Callable
from types import CodeType, FrameType

_STORE_GLOBAL = dis.opmap["STORE_GLOBAL"]
_LRU_CACHE = type(functools.lru_cache(lambda: None))

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


def keeps_result(code: CodeType, frame: FrameType) -> bool:
    """Whether the function running in `frame` keeps what it makes beyond the call.

    True under `functools.lru_cache` and `functools.cache`, and for functions that assign a global.
    """
    return _STORE_GLOBAL in code.co_code[::2] or _is_lru_cached(code, frame)


def below_keeper(frame: FrameType, is_first_party: Callable[[str], bool]) -> bool:
    """Whether third-party code that keeps results called, however indirectly, what runs in `frame`.

    First-party functions that keep results are told by `keeps_result` when they start.
    `is_first_party` takes a file name.
    """
    outer = frame.f_back
    while outer is not None:
        code = outer.f_code
        known = _KEEPERS.get(code)
        if known is None:
            known = _KEEPERS[code] = not is_first_party(code.co_filename) and (
                _is_django_keeper(code) or _is_lru_cached(code, outer)
            )
        if known:
            return True
        outer = outer.f_back
    return False


_KEEPERS: dict[CodeType, bool] = {}


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
