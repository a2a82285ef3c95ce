"""What is reported where hashes differ and no other rule says why."""

from __future__ import annotations

from cdds_django.contract.rules.rule import Rule

REQUEST = Rule(
    id="request-changed",
    level="warning",
    text="the request changed in a way that no rule names; look at it by hand",
)
RESPONSE = Rule(
    id="response-changed",
    level="warning",
    text="the response changed in a way that no rule names; look at it by hand",
)
LIFECYCLE = Rule(
    id="operation-lifecycle-changed",
    level="info",
    text="what is announced of the operation changed from {old} to {new}",
)
DOCUMENTATION = Rule(
    id="operation-documentation-changed", level="info", text="only documentation changed"
)
PATH_PARAMETER = Rule(
    id="path-parameter-renamed",
    level="info",
    text="parameters in the path were renamed: {old} became {new}",
)
RULES = (REQUEST, RESPONSE, LIFECYCLE, DOCUMENTATION, PATH_PARAMETER)
