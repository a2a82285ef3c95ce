"""`impact.recording.instructions`: the same as `dis` tells, on code of every kind."""

from __future__ import annotations

import argparse
import asyncio.tasks
import collections
import dataclasses
import dis
import inspect
import typing
import unittest.case
from collections.abc import Iterator
from types import CodeType, ModuleType

import pytest

from cdds_django.impact.recording.instructions import Names, Position, instructions

MODULES = (argparse, asyncio.tasks, collections, dataclasses, inspect, typing, unittest.case)


def codes_within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_within(constant)


def told_by_dis(code: CodeType, wanted: frozenset[str]) -> list[tuple[str, Names, Position]]:
    found = []
    for one in dis.get_instructions(code):
        if one.opname in wanted:
            named = one.argval if isinstance(one.argval, tuple) else (one.argval, "")
            is_named = not one.opname.startswith("CALL") and one.opname != "STORE_SUBSCR"
            place = (one.positions.lineno, one.positions.col_offset) if one.positions else ()
            found.append((one.opname, named if is_named else ("", ""), place))
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_as_dis_tells(module: ModuleType) -> None:
    code = compile(inspect.getsource(module), module.__name__, "exec")
    for one in codes_within(code):
        found = list(instructions(one))
        assert found == told_by_dis(one, frozenset(name for name, _, _ in found)), one.co_qualname


def test_none_of_them_is_left_out() -> None:
    def outer(first: str) -> object:
        kept = [first]

        def inner(self: typing.Any, key: str, value: str) -> None:
            global CHANGED
            nonlocal kept
            CHANGED = key
            kept = [value]
            self.x = value
            kept[0] = first
            self.cache.update(key, value)

        return inner

    inner: typing.Any = outer("")
    found = {(name, first) for name, (first, _), _ in instructions(inner.__code__)}
    assert {
        ("STORE_GLOBAL", "CHANGED"),
        ("STORE_DEREF", "kept"),
        ("STORE_ATTR", "x"),
        ("LOAD_ATTR", "cache"),
        ("STORE_SUBSCR", ""),
    } <= found
    assert any(first in ("update", "") and name.startswith("CALL") for name, first in found)
    assert any(name.startswith("LOAD_FAST") for name, _ in found)


CHANGED = ""


def test_names_beyond_the_first_256_are_found() -> None:
    source = "\n".join(f"    x.a{number} = {number}" for number in range(300))
    namespace: dict[str, typing.Any] = {}
    exec(f"def function(x):\n{source}", namespace)
    stored = [
        n
        for name, (n, _), _ in instructions(namespace["function"].__code__)
        if name == "STORE_ATTR"
    ]
    assert stored == [f"a{number}" for number in range(300)]
