"""SQL of migrations that can be told to concern certain tables only."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = r"""(?:["`\[]?\w+["`\]]?\.)?["`\[]?(?P<name>\w+)["`\]]?"""
_STATEMENTS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"create\s+(?:unique\s+)?index\b[^;]*?\bon\s+(?:only\s+)?{_NAME}[^;]*",
        rf"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}\s[^;]*",
        # What it says is done when somebody writes to the table. A function says it elsewhere.
        rf"create\s+trigger\b[^;]*?\bon\s+{_NAME}\b.*\bbegin\b.*;\s*end",
    )
)
_REACHING_FURTHER = re.compile(
    r"\b(call|cascade|execute|inherit|rename|set\s+schema)\b|--|/\*", re.IGNORECASE
)


def tables_of_sql(statements: Iterable[str], known: frozenset[str]) -> frozenset[str] | None:
    """Return the tables that statements concern, among those `known`; None where it may be any.

    Understood are indexes, changes of one table, and triggers with all that they do. Tables that a
    statement names besides are concerned as well.
    """
    lower = {name.lower(): name for name in known}
    found: set[str] = set()
    for statement in statements:
        text = statement.strip().rstrip(";").rstrip()
        matches = [match for one in _STATEMENTS if (match := one.fullmatch(text))]
        if not matches or _REACHING_FURTHER.search(text):
            return None
        if any(match["name"].lower() not in lower for match in matches):
            return None
        found |= {lower[w] for w in re.findall(r"\w+", text.lower()) if w in lower}
    return frozenset(found) or None
