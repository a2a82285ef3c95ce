"""All rules, in the order in which they look at a place."""

from __future__ import annotations

from cdds_django.contract.rules import (
    bounds,
    compositions,
    constants,
    defaults,
    deprecation,
    enumerations,
    keyword_presence,
    nullability,
    operation_ids,
    parameters,
    patterns,
    property_presence,
    read_write,
    request_bodies,
    required,
    responses,
    security,
    types,
)
from cdds_django.contract.rules.operations import added_operation, removed_operation
from cdds_django.contract.sites import OperationRule, SchemaRule

__all__ = ["OPERATION_RULES", "SCHEMA_RULES", "added_operation", "removed_operation"]

SCHEMA_RULES: tuple[SchemaRule, ...] = (
    types.check,
    nullability.check,
    enumerations.check,
    constants.check,
    bounds.check,
    patterns.check,
    defaults.check,
    required.check,
    read_write.check,
    property_presence.check,
    compositions.check,
    keyword_presence.check,
)

OPERATION_RULES: tuple[OperationRule, ...] = (
    operation_ids.check,
    deprecation.check,
    parameters.check,
    request_bodies.check,
    responses.check,
    security.check,
)
