"""JSON values as written into digests and snapshots: one text for one meaning."""

from __future__ import annotations

import json
from typing import Any

JsonObject = dict[str, Any]
"""A JSON object as the json module reads it."""

REFERENCE = "$ref"
"""Key under which a canonical form names the schema that it stands for."""

# One encoder for all: building one per call costs more than encoding a small schema.
text_of = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""The one JSON text of a value: keys sorted, no spaces, ASCII. Integers of any size stay exact
(RFC 8785 would refuse the 64-bit bounds that Django's BigIntegerField puts into schemas)."""


def literal(value: Any) -> Any:
    """Return `value` (any JSON value) so that equal values have equal texts.

    JSON Schema takes 1 and 1.0 for the same number (JSON Schema 2020-12, section 4.2.2). A key
    `$ref` inside plain data is escaped, so that data is never taken for a reference.
    """
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() else value
    if kind is list:
        return [literal(item) for item in value]
    if kind is dict:
        return {
            f"\\{key}" if key == REFERENCE else key: literal(item) for key, item in value.items()
        }
    return value


def settled(text: Any) -> Any:
    """Return documentation with the items of each Markdown list in one order.

    drf-spectacular lists a field's choices in its description, and choices may come from a set.
    """
    if type(text) is not str or "* " not in text:
        return text
    lines: list[str] = []
    items: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("* "):
            items.append(line)
        else:
            lines += [*sorted(items), line]
            items = []
    return "\n".join(lines[:-1] if lines[-1] == "" else lines)


def sorted_literals(values: list[Any]) -> list[Any]:
    """Return the distinct `values` in the order of their texts (numbers, words, null mixed)."""
    by_text = {text_of(item): item for item in map(literal, values)}
    return [by_text[text] for text in sorted(by_text)]
