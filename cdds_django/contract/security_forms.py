"""Security requirements in canonical form: schemes by what they are, not by name."""

from __future__ import annotations

from typing import Any, cast

from cdds_django.contract.keywords import DOCUMENTATION_KEYS
from cdds_django.contract.literals import JsonObject, literal, text_of
from cdds_django.contract.references import (
    UnusableDocumentError,
    escaped,
    list_at,
    object_at,
    resolve,
    target_of,
)


def read_requirements(document: JsonObject, requirements: list[Any]) -> list[Any]:
    """Return the alternatives in `requirements`, each a list of schemes with their scopes.

    Raises UnusableDocumentError.
    """
    forms = []
    for requirement in requirements:
        if not isinstance(requirement, dict):
            raise UnusableDocumentError(requirements, "a security requirement must be an object.")
        schemes = [
            {
                "scheme": read_scheme(document, name),
                "scopes": sorted(map(str, list_at(requirement, name))),
            }
            for name in requirement
        ]
        forms.append(sorted(schemes, key=text_of))
    return sorted(forms, key=text_of)


def read_scheme(document: JsonObject, name: str) -> JsonObject:
    """Return the security scheme `name` of `document`. Raises UnusableDocumentError."""
    schemes = object_at(object_at(document, "components"), "securitySchemes")
    if name not in schemes:
        # Only a name: the document leaves out what it is, which is no reason to stop.
        return {"name": name}
    pointer = f"#/components/securitySchemes/{escaped(name)}"
    scheme = target_of(document, resolve(document, pointer, schemes), "a scheme")
    return {
        key: _read_flows(object_at(scheme, key)) if key == "flows" else literal(value)
        for key, value in scheme.items()
        if key not in DOCUMENTATION_KEYS and not key.startswith("x-")
    }


def _read_flows(flows: JsonObject) -> JsonObject:
    """Return OAuth flows without what only people read: each scope's description."""
    forms: JsonObject = {}
    for name in flows:
        flow = object_at(flows, name)
        forms[name] = {
            key: dict.fromkeys(object_at(flow, key), "") if key == "scopes" else literal(value)
            for key, value in flow.items()
            if not key.startswith("x-")
        }
    # Whatever names are used in there, none is a reference.
    return cast("JsonObject", literal(forms))
