"""Texts that match a regular expression."""

from __future__ import annotations

import re
import warnings
from random import Random

# The standard library's own parser of regular expressions. It has no public name before a
# documented one; Python's own tools (and hypothesis) read it from here as well.
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

_LONGEST_REPEAT = 8
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"
_CATEGORIES = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_WORD": _PLAIN,
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "abcdefghij",
    "CATEGORY_NOT_WORD": "-",
    "CATEGORY_NOT_SPACE": _PLAIN,
}


def text_matching(pattern: str, seed: int, length: int = 0) -> str | None:
    """Return a text that `pattern` (as ECMA-262 and Python write it alike) matches.

    It is about `length` characters long if the pattern leaves the choice. None where the pattern
    can't be read here. The same seed gives the same text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(_python(pattern))
            text = _Writer(Random(seed), length).write(parsed)
            return text if re.search(_python(pattern), text) else None
    except (re.error, OverflowError, RecursionError, KeyError):
        return None


def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` is found in `text`; False where it can't be read here."""
    try:
        return re.search(_python(pattern), text) is not None
    except re.error:
        return False


def _python(pattern: str) -> str:
    """Return a pattern of ECMA-262 in Python's words where these differ."""
    pattern = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", pattern)
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: re.escape(chr(int(match[1], 16))), pattern)


class _Writer:
    def __init__(self, random: Random, length: int) -> None:
        self.random = random
        self.length = length

    def write(self, parsed: Any) -> str:
        return "".join(self._token(name, value) for name, value in parsed)

    def _token(self, name: Any, value: Any) -> str:
        match str(name):
            case "LITERAL":
                return chr(value)
            case "NOT_LITERAL":
                return "a" if value != ord("a") else "b"
            case "ANY":
                return self.random.choice(_PLAIN)
            case "IN":
                return self.random.choice(_choices(value))
            case "BRANCH":
                return self.write(self.random.choice(value[1]))
            case "SUBPATTERN":
                return self.write(value[3])
            case "ATOMIC_GROUP":
                return self.write(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                return self._repeat(*value)
            case "AT" | "ASSERT" | "ASSERT_NOT":
                return ""
        raise KeyError(str(name))

    def _repeat(self, least: int, most: Any, inner: Any) -> str:
        wanted = max(least, min(int(most), max(least + 2, self.length), least + 64))
        if most is not _constants.MAXREPEAT and self.length == 0:
            wanted = max(least, min(int(most), _LONGEST_REPEAT))
        return "".join(self.write(inner) for _ in range(wanted))


def _choices(items: Any) -> str:
    found = ""
    refused = ""
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
        refused = found
        return "".join(c for c in _PLAIN + "ABC-_. " if c not in refused) or "~"
    # Letters and digits read better than signs where there is a choice.
    return "".join(c for c in found if c.isalnum() and c.isascii()) or found
