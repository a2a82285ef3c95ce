"""Envelopes: objects around a resource, such as `{"data": {…}}` and `{"order": {…}}`."""

from __future__ import annotations

import re
from typing import Any

from cdds_django.mock.schemas.merging import Merger

_USUAL = frozenset({"data", "item", "result", "resource", "record", "object"})
_IDS = frozenset({"id", "uuid", "slug", "key", "code", "name"})


def envelope_name(schema: Any, path: str, merger: Merger) -> str | None:
    """Return the property of `schema` that holds the resource itself, None if it isn't around one.

    Either it has a usual name, or that of the path: `order` at `/orders/{id}`.
    """
    properties = merger.merged(schema).get("properties", {})
    if not properties or _IDS & properties.keys():
        return None
    segments = [part for part in path.strip("/").split("/") if part and "{" not in part]
    own = re.sub(r"\W", "_", segments[-1]).removesuffix("s") if segments else ""
    for name, inner in properties.items():
        if (name in _USUAL or name == own) and merger.merged(inner).get("properties"):
            return str(name)
    return None
