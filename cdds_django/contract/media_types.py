"""Names of media types (RFC 6838): which are read alike, and which carry values as text."""

from __future__ import annotations

from collections.abc import Sequence


def parameters_of(media_type: str) -> frozenset[str]:
    """Return the parameters of a name, `charset=utf-8` and the like."""
    return frozenset(part.strip() for part in media_type.split(";")[1:])


def is_same_kind(special: str, general: str) -> bool:
    """Whether who reads `general` reads `special`: its structured suffix names it (section 4.2.8).

    Parameters don't count: `application/problem+json` is of the kind `application/json`.
    """
    special, general = _bare(special), _bare(general)
    return special == general or (
        special.partition("/")[0] == general.partition("/")[0]
        and special.rpartition("+")[2] == general.partition("/")[2]
    )


def renamed(gone: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Return which of the names `gone` became which of the `new` ones."""
    pairs: dict[str, str] = {}
    for old in gone:
        for name in new:
            if name not in pairs.values() and (is_same_kind(name, old) or is_same_kind(old, name)):
                pairs[old] = name
                break
    return pairs


def is_text(media_type: str) -> bool:
    """Whether bodies of this type carry values as text without types: all but JSON."""
    bare = _bare(media_type)
    return not bare.endswith(("/json", "+json"))


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
