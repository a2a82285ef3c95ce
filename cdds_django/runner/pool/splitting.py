"""Whether the tests of a class may run on several workers.

Each part sets the class up for itself. That is safe unless tests of the class leave something for
each other, and there are signs of that: an order in their names, a container that the class shares,
code that stores on the class.
"""

from __future__ import annotations

import dis
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.test.testcases import SerializeMixin

_NUMBERED = re.compile(r"test_?\d")
_DECLARATIONS = frozenset(
    {"databases", "fixtures", "available_apps", "tags", "_overridden_settings", "_class_cleanups"}
)
"""Containers that unittest and Django look after."""
_FRAMEWORKS = ("unittest", "django", "rest_framework")


def may_split(cls: type, tests: Sequence[Any]) -> bool:
    """Whether the `tests`, which are those of `cls`, show no sign of relying on each other."""
    if issubclass(cls, SerializeMixin) or getattr(cls, "__unittest_skip__", False):
        return False
    names = [getattr(test, "_testMethodName", "") for test in tests]
    if len(names) > 1 and all(_NUMBERED.match(name) for name in names):
        return False
    if any(_is_shared_container(name, value) for name, value in _own_attributes(cls)):
        return False
    return not any(_stores_on_class(getattr(cls, name, None), cls) for name in names)


def _own_attributes(cls: type) -> Iterator[tuple[str, Any]]:
    for base in cls.__mro__:
        if base is not object and base.__module__.partition(".")[0] not in _FRAMEWORKS:
            yield from vars(base).items()


def _is_shared_container(name: str, value: object) -> bool:
    is_ours = name.startswith("__") or name in _DECLARATIONS
    return not is_ours and isinstance(value, list | dict | set | bytearray)


def _stores_on_class(method: Any, cls: type) -> bool:
    code = getattr(method, "__code__", None)
    if code is None or dis.opmap["STORE_ATTR"] not in code.co_code[::2]:
        return False
    return bool({"__class__", "type", cls.__name__} & {*code.co_names})
