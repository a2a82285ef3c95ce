"""The pairs of schemas that an operation starts from: parameters, body, responses, headers."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import Direction
from cdds_django.contract.snapshot_rows import OperationRow
from cdds_django.contract.walk import Step


def request_steps(base: OperationRow, head: OperationRow) -> Iterator[Step]:
    """Yield what to compare of two requests; what only one side has is left to rules."""
    old, new = base.request.get("parameters", {}), head.request.get("parameters", {})
    for key in sorted(old.keys() & new.keys()):
        place, name = key.split(" ", 1)
        yield from _value(
            old[key],
            new[key],
            "request",
            "request-parameter",
            f"the {place} parameter `{name}`",
            f"/request/parameters/{escaped(key)}",
        )
    yield from _content(
        base.request.get("body", {}),
        head.request.get("body", {}),
        "request",
        "request-body",
        "the request body",
        "/request/body",
    )


def response_steps(base: OperationRow, head: OperationRow) -> Iterator[Step]:
    """Yield what to compare of two operations' responses."""
    for status in sorted(base.responses.keys() & head.responses.keys()):
        old, new = base.responses[status], head.responses[status]
        pointer = f"/responses/{status}"
        yield from _content(
            old, new, "response", "response-body", f"the body of the {status} response", pointer
        )
        old_headers, new_headers = old.get("headers", {}), new.get("headers", {})
        for name in sorted(old_headers.keys() & new_headers.keys()):
            yield from _value(
                old_headers[name],
                new_headers[name],
                "response",
                "response-header",
                f"the header `{name}` of the {status} response",
                f"{pointer}/headers/{escaped(name)}",
            )


def _value(
    old: JsonObject, new: JsonObject, direction: Direction, subject: str, name: str, pointer: str
) -> Iterator[Step]:
    if "schema" in old and "schema" in new:
        yield Step(
            base=old["schema"],
            head=new["schema"],
            direction=direction,
            subject=subject,
            name=name,
            pointer=f"{pointer}/schema",
        )
    yield from _content(old, new, direction, subject, name, pointer)


def _content(
    old: JsonObject, new: JsonObject, direction: Direction, subject: str, name: str, pointer: str
) -> Iterator[Step]:
    base, head = old.get("content", {}), new.get("content", {})
    for media_type in sorted(base.keys() & head.keys()):
        if "schema" in base[media_type] and "schema" in head[media_type]:
            yield Step(
                base=base[media_type]["schema"],
                head=head[media_type]["schema"],
                direction=direction,
                subject=subject,
                name=name,
                pointer=f"{pointer}/{escaped(media_type)}",
            )
