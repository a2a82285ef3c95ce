"""Headers of responses that came, went, or became required or optional."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.changes import Finding
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.rules.rule import Rule
from cdds_django.contract.sites import OperationSite

_NAME = "header `{header}` of the {status} response"

ADDED = Rule(id="response-header-added", level="info", text=f"the {_NAME} was added")
REMOVED_REQUIRED = Rule(
    id="required-response-header-removed", level="error", text=f"the required {_NAME} was removed"
)
REMOVED_OPTIONAL = Rule(
    id="optional-response-header-removed",
    level="warning",
    text=f"the optional {_NAME} was removed",
)
REQUIRED = Rule(
    id="response-header-became-required", level="info", text=f"the {_NAME} became required"
)
OPTIONAL = Rule(
    id="response-header-became-optional", level="error", text=f"the {_NAME} became optional"
)
DEPRECATED = Rule(id="response-header-deprecated", level="info", text=f"the {_NAME} was deprecated")
REACTIVATED = Rule(
    id="response-header-reactivated", level="info", text=f"the {_NAME} is no longer deprecated"
)
RULES = (
    ADDED,
    REMOVED_REQUIRED,
    REMOVED_OPTIONAL,
    REQUIRED,
    OPTIONAL,
    DEPRECATED,
    REACTIVATED,
)


def check(site: OperationSite) -> Iterator[Finding]:
    """Report the headers of responses that both sides have."""
    old, new = site.base.responses, site.head.responses
    for status in sorted(old.keys() & new.keys()):
        before, after = old[status].get("headers", {}), new[status].get("headers", {})
        for name in sorted(before.keys() | after.keys()):
            part = f"/responses/{status}/headers/{escaped(name)}"
            for rule in _rules(before.get(name), after.get(name)):
                yield rule.found(part, header=name, status=status)


def _rules(old: JsonObject | None, new: JsonObject | None) -> Iterator[Rule]:
    if old is None:
        yield ADDED
    elif new is None:
        yield REMOVED_REQUIRED if old.get("required") else REMOVED_OPTIONAL
    else:
        if bool(old.get("required")) != bool(new.get("required")):
            yield REQUIRED if new.get("required") else OPTIONAL
        if bool(old.get("deprecated")) != bool(new.get("deprecated")):
            yield DEPRECATED if new.get("deprecated") else REACTIVATED
