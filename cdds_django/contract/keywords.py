"""Which keyword of a schema means what (OpenAPI 3.0 section 4.7.24, 3.1; JSON Schema 2020-12)."""

from __future__ import annotations

from collections.abc import Mapping

COMPOSITIONS = frozenset({"allOf", "anyOf", "oneOf"})
"""Lists of schemas whose order means nothing."""

DOCUMENTATION_KEYS = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "tags", "$comment"}
)
"""Keys that no client or server acts on."""

UNSTABLE_KEYS = frozenset({"x-spec-enum-id", "$id", "$schema", "$defs", "definitions", "$anchor"})
"""Keys that may differ between two builds of one API, or only name things."""

KEPT_EXTENSIONS = frozenset(
    {"x-sunset", "x-stability-level", "x-extensible-enum", "x-deprecated-removed"}
)
"""Extensions that are promises; all others count as documentation."""

USE_KEYS = ("default", "deprecated", "nullable", "readOnly", "writeOnly")
"""Keys about one use of a schema (a property, a parameter) rather than about the schema."""

SCHEMA_MAP_KEYS = frozenset({"properties", "patternProperties", "dependentSchemas"})
"""Keys that hold schemas by name."""

SCHEMA_KEYS = frozenset(
    {
        "items",
        "additionalProperties",
        "not",
        "if",
        "then",
        "else",
        "contains",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    }
)
"""Keys that hold one schema."""

SCHEMA_LIST_KEYS = COMPOSITIONS | {"prefixItems"}
"""Keys that hold a list of schemas."""

NO_OPERATION: Mapping[str, object] = {
    "nullable": False,
    "readOnly": False,
    "writeOnly": False,
    "deprecated": False,
    "uniqueItems": False,
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
}
"""Values that say what leaving the key out says."""
