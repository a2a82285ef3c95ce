"""All rules, in the order in which they look at a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import ModuleType

from cdds_django.contract.changes import Finding
from cdds_django.contract.rules import (
    bounds,
    callbacks,
    compositions,
    constants,
    defaults,
    discriminators,
    document_schemas,
    document_security,
    enumerations,
    keyword_presence,
    keyword_values,
    media_types,
    nullability,
    operation_ids,
    operation_lifecycle,
    operations,
    parameter_forms,
    parameter_lifecycle,
    parameters,
    patterns,
    property_presence,
    read_write,
    request_bodies,
    required,
    response_headers,
    responses,
    schema_lifecycle,
    security,
    servers,
    tags,
    types,
    versions,
    whole,
)
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import DocumentSite, OperationSite
from cdds_django.contract.snapshot_rows import OperationRow
from cdds_django.contract.walk import SchemaRule

OperationRule = Callable[[OperationSite], Iterator[Finding]]
DocumentRule = Callable[[DocumentSite], Iterator[tuple[Finding, list[OperationRow]]]]

SCHEMA_MODULES = (
    types,
    nullability,
    enumerations,
    constants,
    bounds,
    patterns,
    defaults,
    required,
    property_presence,
    compositions,
    discriminators,
    keyword_presence,
    keyword_values,
    schema_lifecycle,
)
_OPERATIONS = (
    operation_ids,
    operation_lifecycle,
    tags,
    parameters,
    parameter_lifecycle,
    parameter_forms,
    request_bodies,
    media_types,
    responses,
    response_headers,
    security,
    servers,
    callbacks,
)

SCHEMA_RULES: tuple[SchemaRule, ...] = (
    *(module.check for module in SCHEMA_MODULES),
    read_write.check,
)
OPERATION_RULES: tuple[OperationRule, ...] = tuple(module.check for module in _OPERATIONS)
DOCUMENT_RULES: tuple[DocumentRule, ...] = (document_security.check,)


SINGLE_RULES: tuple[tuple[ModuleType, tuple[Rule, ...]], ...] = tuple(
    (module, tuple(module.RULES))
    for module in (
        property_presence,
        read_write,
        *_OPERATIONS,
        operations,
        document_security,
        document_schemas,
        versions,
        whole,
    )
)
"""The rules of one id each, by the module they are in."""


def _all_rules() -> Iterator[Rule]:
    for module in SCHEMA_MODULES:
        for family in module.FAMILIES:
            yield from family.rules
    for _, rules in SINGLE_RULES:
        yield from rules


RULES: Mapping[str, Rule] = {rule.id: rule for rule in sorted(_all_rules(), key=lambda r: r.id)}
"""Every rule by its id. Whatever a diff reports has one of these ids."""
