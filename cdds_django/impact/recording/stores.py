"""What a function's bytecode changes that may outlive the call: globals, attributes, items.

An assignment's target, and the receiver of a mutating method, is a chain of names such as
`cls._cache` in `cls._cache[key] = value`. All instructions of a chain begin at the same place of
the source (https://docs.python.org/3/library/dis.html#dis.Positions), which tells them apart from
those that compute the key or the value.
"""

from __future__ import annotations

import dis
from dataclasses import dataclass
from types import CodeType

from cdds_django.impact.recording.instructions import Position, instructions

_MUTATORS = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "setdefault", "update", "__setitem__"}
)
_STORES = frozenset(
    dis.opmap[name] for name in ("STORE_ATTR", "STORE_SUBSCR", "STORE_GLOBAL", "STORE_DEREF")
)
_LOADS = ("LOAD_GLOBAL", "LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF")
_ROOTS = frozenset(name for name in dis.opmap if name.startswith(_LOADS))
_CALLS = frozenset(name for name in dis.opmap if name.startswith("CALL"))


@dataclass(frozen=True, kw_only=True)
class Store:
    """One change of something by way of a name."""

    scope: str
    """Where the chain's first name is looked up: "global", "free" (an enclosing function's) or
    "local"."""
    chain: tuple[str, ...]
    """The names that lead to what is changed: `("cls", "_cache")`; for a whole name, itself."""
    attribute: str = ""
    """The attribute that is set; nothing where an item of the last one in the chain is."""
    is_whole_name: bool = False
    """Whether the name itself is bound anew."""


def stores(code: CodeType) -> list[Store]:
    """Return what `code` changes through names that aren't its own local variables alone."""
    if not (_STORES & set(code.co_code[::2]) or _MUTATORS & set(code.co_names)):
        return []
    return list(_Reader(code).read())


class _Reader:
    def __init__(self, code: CodeType) -> None:
        self._code = code
        self._chains: dict[Position, tuple[str, ...]] = {}
        self._scopes: dict[Position, str] = {}
        self._second = ""
        self._found: list[Store] = []

    def read(self) -> list[Store]:
        for name, (argument, second), start in instructions(self._code):
            if name in _ROOTS:
                # Two local variables loaded at once bear the place of the first.
                self._second = second or self._second
                self._begin(start, name, argument)
            elif name in ("LOAD_ATTR", "LOAD_METHOD"):
                if argument in _MUTATORS:
                    self._store(start, "")
                self._chains[start] = (*self._chain(start), argument)
            elif name in _CALLS:
                # Whose the result is can't be told; most are fresh.
                self._chains[start] = ()
            elif name in ("STORE_ATTR", "STORE_SUBSCR"):
                self._store(start, argument if name == "STORE_ATTR" else "")
            elif name == "STORE_GLOBAL":
                self._found.append(Store(scope="global", chain=(argument,), is_whole_name=True))
            elif name == "STORE_DEREF" and argument in self._code.co_freevars:
                self._found.append(Store(scope="free", chain=(argument,), is_whole_name=True))
        return self._found

    def _begin(self, start: Position, name: str, argument: str) -> None:
        free = argument in self._code.co_freevars
        self._chains[start] = (argument,)
        self._scopes[start] = "global" if "GLOBAL" in name else "free" if free else "local"

    def _chain(self, start: Position) -> tuple[str, ...]:
        if start not in self._chains:
            self._chains[start], self._scopes[start] = (self._second,), "local"
        return self._chains[start]

    def _store(self, start: Position, attribute: str) -> None:
        if chain := self._chain(start):
            if attribute and chain[1:] and chain[-1] == attribute:
                chain = chain[:-1]  # As in `Config.n += 1`, which loads what it sets.
            self._found.append(
                Store(scope=self._scopes[start], chain=chain, attribute=attribute),
            )
