"""The instructions of a code object that load, store or call something by name, read quickly.

`dis.get_instructions` also works out how each would be printed, which takes four times as long, and
this is done for every function that a process sees for the first time.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterator
from types import CodeType

Position = tuple[int | None, int | None]
"""Line and column of the source where an expression begins."""
Names = tuple[str, str]
"""What an instruction names: nothing, one thing, or two local variables."""

# A code unit has two bytes: the operation, and its argument.
_NAMED = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "STORE_ATTR", "STORE_GLOBAL")
_LOCAL = ("LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF", "STORE_DEREF")
# The lowest bits of some arguments are flags; https://docs.python.org/3/library/dis.html says so.
_SHIFTS = {"LOAD_GLOBAL": 1, "LOAD_ATTR": 1 if sys.version_info >= (3, 12) else 0}
_EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]


def instructions(code: CodeType) -> Iterator[tuple[str, Names, Position]]:
    """Yield each such instruction's own name, what it names and its place, in order."""
    raw, names, variables = code.co_code, code.co_names, _variables(code)
    extended = 0
    units = zip(raw[::2], raw[1::2], code.co_positions(), strict=True)
    for operation, number, (line, _, column, _) in units:
        if operation in _KNOWN:
            name, named = _KNOWN[operation]
            yield name, named(number | extended, names, variables), (line, column)
            extended = 0
        else:
            extended = (number | extended) << 8 if operation == _EXTENDED_ARG else 0


def _variables(code: CodeType) -> tuple[str, ...]:
    """Return the local variables as instructions number them."""
    own = code.co_varnames
    return (*own, *(name for name in code.co_cellvars if name not in own), *code.co_freevars)


_Decode = Callable[[int, tuple[str, ...], tuple[str, ...]], Names]


def _decoder(operation: str) -> _Decode | None:
    if operation in _NAMED:
        shift = _SHIFTS.get(operation, 0)
        return lambda number, names, variables: (names[number >> shift], "")
    if operation.startswith(_LOCAL):
        if operation.count("LOAD_FAST") == 2:
            return lambda number, names, variables: (variables[number >> 4], variables[number & 15])
        return lambda number, names, variables: (variables[number], "")
    if operation == "STORE_SUBSCR" or operation.startswith("CALL"):
        return lambda number, names, variables: ("", "")
    return None


_KNOWN = {
    number: (name, decode)
    for name, number in dis.opmap.items()
    if number <= 0xFF and (decode := _decoder(name)) is not None
}
