"""What test code imports from this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["covers", "depends_on"]

COVERS_ATTRIBUTE = "__cdds_covers__"
DEPENDS_ON_ATTRIBUTE = "__cdds_depends_on__"

# This module's name matches the default pattern of test discovery.
__test__ = False

_Target = TypeVar("_Target", bound=Callable[..., object])


def covers(*operations: str) -> Callable[[_Target], _Target]:
    """Say that a test (or each test of a class) depends on `operations`.

    An operation is named by its operationId or as `"METHOD /path/"`. What a test calls through
    Django's or DRF's client is recorded without this; it helps where there is no record yet.
    """
    return _marker(COVERS_ATTRIBUTE, operations)


def depends_on(*paths: str) -> Callable[[_Target], _Target]:
    """Say that a test (or each test of a class) depends on files, by path from the project root.

    Files that Python code opens are recorded without this; it helps where a C library or another
    process reads them.
    """
    return _marker(DEPENDS_ON_ATTRIBUTE, paths)


def _marker(attribute: str, values: tuple[str, ...]) -> Callable[[_Target], _Target]:
    def mark(target: _Target) -> _Target:
        setattr(target, attribute, (*getattr(target, attribute, ()), *values))
        return target

    return mark
