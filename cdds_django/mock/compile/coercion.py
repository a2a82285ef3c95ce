"""Texts read as what a schema says they are; what can't be read stays text, and is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from cdds_django.mock.schemas.merging import Merger

Coerce = Callable[[str], Any]

_INTEGER = re.compile(r"[-+]?\d{1,400}")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_BOOLEANS = {"true": True, "false": False, "True": True, "False": False}


def coercion_for(schema: Any, merger: Merger) -> Coerce:
    """Return how to read one text as a (converted) schema allows; lists are read elsewhere."""
    kinds = merger.types(schema)
    if not kinds or kinds == {"string"}:
        return str
    return lambda text: _coerced(text, kinds)


def _coerced(text: str, kinds: frozenset[str]) -> Any:
    if kinds & {"integer", "number"} and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in kinds and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in kinds and text in _BOOLEANS:
        return _BOOLEANS[text]
    if "null" in kinds and text in ("", "null"):
        return None
    if kinds & {"object", "array"} and text[:1] in ("{", "[") and "string" not in kinds:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text
