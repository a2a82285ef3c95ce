"""Security requirements by the names of their schemes, so that two documents can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdds_django.contract.literals import JsonObject, text_of

Alternatives = Mapping[tuple[str, ...], frozenset[str]]
"""The scopes needed, by the sorted names of the schemes that let a client in together."""


def named_schemes(
    base: Mapping[str, JsonObject], head: Mapping[str, JsonObject]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the name of each scheme by its text; a scheme only renamed keeps its old name."""
    old = {text_of(form): name for name, form in sorted(base.items())}
    new = {text_of(form): name for name, form in sorted(head.items())}
    return old, {text: old.get(text, name) for text, name in new.items()}


def alternatives(requirements: list[Any], names: Mapping[str, str]) -> Alternatives:
    """Return canonical security `requirements` by the `names` of their schemes."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for schemes in requirements:
        key = tuple(sorted(_name(item["scheme"], names) for item in schemes))
        scopes = {scope for item in schemes for scope in item["scopes"]}
        found[key] = found.get(key, frozenset()) | scopes
    return found


def uses(requirements: list[Any], form: JsonObject) -> bool:
    """Whether canonical security `requirements` name the scheme `form`."""
    return any(item["scheme"] == form for schemes in requirements for item in schemes)


def _name(form: JsonObject, names: Mapping[str, str]) -> str:
    known = names.get(text_of(form))
    if known is not None:
        return known
    words = [form.get(key) for key in ("type", "scheme", "in", "name")]
    return " ".join(str(word) for word in words if word)
