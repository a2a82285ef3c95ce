"""Texts that match a regular expression."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import lru_cache

# The standard library's own parser of regular expressions. It has no documented name; hypothesis
# reads it from here as well.
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from cdds_django.mock.values.seeds import Chance

_LONGEST_REPEAT = 8
_MORE_THAN_LEAST = 64
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": _PLAIN,
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "abcdefghij",
    "CATEGORY_NOT_WORD": "-",
    "CATEGORY_NOT_SPACE": _PLAIN,
}

_Writer = Callable[[Chance, int], str]
"""Writes a text by chance, about as long as a number says where there is a choice; 0: any."""


def text_matching(pattern: str, seed: int, length: int = 0) -> str | None:
    """Return a text that `pattern` (as ECMA-262 and Python write it alike) matches.

    It is about `length` characters long if the pattern leaves the choice. None where the pattern
    can't be read here. The same seed gives the same text.
    """
    writer = _writer(pattern)
    if writer is None:
        return None
    text = writer(Chance(seed), length)
    return text if matches(pattern, text) else None


def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` is found in `text`; False where it can't be read here."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.search(text) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(_python(pattern))
    except (re.error, OverflowError, RecursionError):
        return None


@lru_cache(maxsize=4096)
def _writer(pattern: str) -> _Writer | None:
    if _compiled(pattern) is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sequence(_parser.parse(_python(pattern)))
    except KeyError:
        # A kind of expression that isn't known here, a back reference for example.
        return None


def _python(pattern: str) -> str:
    """Return a pattern of ECMA-262 in Python's words where these differ."""
    pattern = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", pattern)
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: re.escape(chr(int(match[1], 16))), pattern)


def _sequence(parsed: Any) -> _Writer:
    writers = [_token(name, value) for name, value in parsed]
    if len(writers) == 1:
        return writers[0]
    return lambda chance, length: "".join([write(chance, length) for write in writers])


def _token(name: Any, value: Any) -> _Writer:
    match str(name):
        case "LITERAL":
            return _one_of(chr(value))
        case "NOT_LITERAL":
            return _one_of("a" if value != ord("a") else "b")
        case "ANY":
            return _one_of(_PLAIN)
        case "IN":
            return _one_of(_choices(value))
        case "BRANCH":
            branches = [_sequence(branch) for branch in value[1]]
            return lambda chance, length: branches[chance.below(len(branches))](chance, length)
        case "SUBPATTERN":
            return _sequence(value[3])
        case "ATOMIC_GROUP":
            return _sequence(value)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _repeat(*value)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _one_of("")
    raise KeyError(str(name))


def _one_of(choices: str) -> _Writer:
    if len(choices) < 2:
        return lambda chance, length: choices
    return lambda chance, length: choices[chance.below(len(choices))]


def _repeat(least: int, most: Any, parsed: Any) -> _Writer:
    inner = _sequence(parsed)
    most = int(most)
    short = least + 2
    if most != int(_constants.MAXREPEAT):
        short = max(least, min(most, _LONGEST_REPEAT))

    def write(chance: Chance, length: int) -> str:
        wanted = max(least, min(most, length, least + _MORE_THAN_LEAST)) if length else short
        return "".join([inner(chance, length) for _ in range(wanted)])

    return write


def _choices(items: Any) -> str:
    found = ""
    negated = False
    for name, value in items:
        match str(name):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found += chr(value)
            case "RANGE":
                found += "".join(map(chr, range(value[0], min(value[1], value[0] + 127) + 1)))
            case "CATEGORY":
                found += _CATEGORIES[str(value)]
    if negated:
        return "".join(c for c in _PLAIN + "ABC-_. " if c not in found) or "~"
    # Letters and digits read better than signs where there is a choice.
    return "".join(c for c in found if c.isalnum() and c.isascii()) or found
