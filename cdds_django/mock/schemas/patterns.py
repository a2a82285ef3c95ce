"""Regular expressions in documents: those that the validator can read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cdds_django.mock.extra import jsonschema_rs


@lru_cache(maxsize=4096)
def usable_pattern(pattern: Any) -> bool:
    """Whether `pattern` is a regular expression that jsonschema-rs can read."""
    if not isinstance(pattern, str):
        return False
    try:
        jsonschema_rs().is_valid({"pattern": pattern}, "")
    except ValueError:
        return False
    return True
