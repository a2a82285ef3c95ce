"""Python 3.11: code objects rewritten so that they call a function when they start.

A profile function there hears of every call of every library, which makes a test run take three
times as long; a call at the start of first-party functions alone costs next to nothing. Only
bytecode of CPython 3.11 is understood (https://docs.python.org/3.11/library/dis.html), which no
longer changes.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Iterator
from types import CodeType

_CACHE = dis.opmap["CACHE"]
_UNIT = 2
"""Bytes in a code unit."""
_LONGEST_ENTRY = 8
"""Code units that one entry of a location table can cover."""

_Position = tuple[int | None, int | None, int | None, int | None]


def instrumented(code: CodeType, call: Callable[[], None]) -> CodeType:
    """Return a code object that calls `call` at each start and then does what `code` does.

    Functions defined inside are instrumented too.
    """
    constants = tuple(
        instrumented(constant, call) if isinstance(constant, CodeType) else constant
        for constant in code.co_consts
    )
    prologue = _prologue(len(constants))
    at = _after_resume(code)
    return code.replace(
        co_code=code.co_code[:at] + prologue + code.co_code[at:],
        co_consts=(*constants, call),
        co_stacksize=max(code.co_stacksize, 2) + 1,
        co_exceptiontable=_shifted_exceptions(
            code.co_exceptiontable, at // _UNIT, len(prologue) // _UNIT
        ),
        co_linetable=_locations(code, at // _UNIT, len(prologue) // _UNIT),
    )


def _prologue(constant: int) -> bytes:
    """Return the instructions that call the constant at this index and drop the result."""
    operations = [("PUSH_NULL", 0)]
    if constant > 0xFFFF:
        operations.append(("EXTENDED_ARG", constant >> 16 & 0xFF))
    if constant > 0xFF:
        operations.append(("EXTENDED_ARG", constant >> 8 & 0xFF))
    operations.append(("LOAD_CONST", constant & 0xFF))
    # Instructions that specialise are followed by units for what they learn.
    operations += [("PRECALL", 0), ("CACHE", 0), ("CALL", 0), *[("CACHE", 0)] * 4, ("POP_TOP", 0)]
    return b"".join(bytes((dis.opmap[name], argument)) for name, argument in operations)


def _after_resume(code: CodeType) -> int:
    """Return the offset behind the first RESUME: before it, a frame isn't complete."""
    raw, resume = code.co_code, dis.opmap["RESUME"]
    offset = next(offset for offset in range(0, len(raw), _UNIT) if raw[offset] == resume)
    return offset + _UNIT


def _shifted_exceptions(table: bytes, at: int, by: int) -> bytes:
    """Move the entries of an exception table that lie behind `at`, in code units.

    The format is CPython's Objects/exception_handling_notes.txt: start, length, target, depth.
    """
    numbers = list(_read_numbers(table))
    written = bytearray()
    for index in range(0, len(numbers), 4):
        start, length, target, depth = numbers[index : index + 4]
        if start >= at:
            start += by
        elif start + length > at:
            length += by
        entry = bytearray()
        for number in (start, length, target + by if target >= at else target, depth):
            entry += _six_bits(number)
        entry[0] |= 0x80
        written += entry
    return bytes(written)


def _read_numbers(table: bytes) -> Iterator[int]:
    value = 0
    for byte in table:
        value = value << 6 | byte & 0x3F
        if not byte & 0x40:
            yield value
            value = 0


def _six_bits(number: int) -> bytes:
    """Write a number big-endian, six bits a byte, all but the last with bit 6 set."""
    groups = [number & 0x3F]
    while number := number >> 6:
        groups.append(number & 0x3F | 0x40)
    return bytes(reversed(groups))


def _locations(code: CodeType, at: int, by: int) -> bytes:
    """Write the location table anew, with `by` code units at `at` that have no location.

    The format is CPython's Objects/locations.md, of which the long form and "none" suffice.
    """
    positions: list[_Position] = list(code.co_positions())
    positions[at:at] = [(None, None, None, None)] * by
    written = bytearray()
    line = code.co_firstlineno
    start = 0
    while start < len(positions):
        end = start
        while (
            end < len(positions)
            and end - start < _LONGEST_ENTRY
            and positions[end] == positions[start]
        ):
            end += 1
        first, last, column, end_column = positions[start]
        if first is None:
            written.append(0x80 | 15 << 3 | end - start - 1)
        else:
            written.append(0x80 | 14 << 3 | end - start - 1)
            written += _signed(first - line)
            written += _number((last if last is not None else first) - first)
            written += _number(0 if column is None else column + 1)
            written += _number(0 if end_column is None else end_column + 1)
            line = first
        start = end
    return bytes(written)


def _number(number: int) -> bytes:
    """Write a number little-endian, six bits a byte, all but the last with bit 6 set."""
    written = bytearray()
    while number > 0x3F:
        written.append(number & 0x3F | 0x40)
        number >>= 6
    written.append(number)
    return bytes(written)


def _signed(number: int) -> bytes:
    return _number(-number << 1 | 1 if number < 0 else number << 1)
