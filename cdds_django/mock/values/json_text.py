"""JSON as it is sent."""

from __future__ import annotations

import json
from typing import Any

written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""The JSON text of a value."""


def bytes_of(value: Any) -> bytes:
    """Return the JSON of a value in UTF-8."""
    # Half a surrogate pair can come from a path; it goes out as it came in.
    return written(value).encode("utf-8", "surrogatepass")
