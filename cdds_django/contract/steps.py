"""The pairs of schemas that an operation starts from: parameters, body, responses, headers.

What a server calls, a webhook or a callback, goes the other way: its request is something that
clients receive, and the answer to it something that they send.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.contract.literals import JsonObject
from cdds_django.contract.media_types import is_text
from cdds_django.contract.references import escaped
from cdds_django.contract.sites import Direction
from cdds_django.contract.snapshot_rows import OperationRow
from cdds_django.contract.walk import Step


def request_steps(base: OperationRow, head: OperationRow) -> Iterator[Step]:
    """Yield what to compare of two requests; what only one side has is left to rules."""
    yield from _parameters(base.request, head.request)
    yield from _body(base.request, head.request, "request", "the request body", "/request/body")
    old, new = base.request.get("callbacks", {}), head.request.get("callbacks", {})
    for name in sorted(old.keys() & new.keys()):
        yield from _called(
            old[name], new[name], f"the callback {name}", f"/request/callbacks/{escaped(name)}"
        )


def response_steps(base: OperationRow, head: OperationRow) -> Iterator[Step]:
    """Yield what to compare of two operations' responses."""
    for status in sorted(base.responses.keys() & head.responses.keys()):
        old, new = base.responses[status], head.responses[status]
        name, pointer = f"the {status} response", f"/responses/{status}"
        yield from _content(old, new, "response", f"the body of {name}", pointer)
        old_headers, new_headers = old.get("headers", {}), new.get("headers", {})
        for header in sorted(old_headers.keys() & new_headers.keys()):
            yield from _value(
                old_headers[header],
                new_headers[header],
                "response-header",
                f"the header `{header}` of {name}",
                f"{pointer}/headers/{escaped(header)}",
            )


def webhook_steps(base: OperationRow, head: OperationRow) -> Iterator[Step]:
    """Yield what to compare of two webhooks."""
    old = {"request": base.request, "responses": base.responses}
    new = {"request": head.request, "responses": head.responses}
    yield from _called(old, new, f"the webhook {head.label}", "")


def _called(old: JsonObject, new: JsonObject, name: str, pointer: str) -> Iterator[Step]:
    yield from _body(
        old["request"], new["request"], "response", f"the body of {name}", f"{pointer}/request/body"
    )
    for status in sorted(old["responses"].keys() & new["responses"].keys()):
        yield from _content(
            old["responses"][status],
            new["responses"][status],
            "request",
            f"the {status} answer to {name}",
            f"{pointer}/responses/{status}",
        )


def _parameters(base: JsonObject, head: JsonObject) -> Iterator[Step]:
    old, new = base.get("parameters", {}), head.get("parameters", {})
    for key in sorted(old.keys() & new.keys()):
        place, name = key.split(" ", 1)
        subject = "request-header-parameter" if place == "header" else "request-parameter"
        pointer = f"/request/parameters/{escaped(key)}"
        yield from _value(old[key], new[key], subject, f"the {place} parameter `{name}`", pointer)


def _body(
    base: JsonObject, head: JsonObject, direction: Direction, name: str, pointer: str
) -> Iterator[Step]:
    yield from _content(base.get("body", {}), head.get("body", {}), direction, name, pointer)


def _value(
    old: JsonObject, new: JsonObject, subject: str, name: str, pointer: str
) -> Iterator[Step]:
    direction: Direction = "response" if subject.startswith("response") else "request"
    if "schema" in old and "schema" in new:
        yield Step(
            base=old["schema"],
            head=new["schema"],
            direction=direction,
            subject=subject,
            name=name,
            pointer=f"{pointer}/schema",
            is_text=True,
        )
    yield from _content(old, new, direction, name, pointer, subject)


def _content(
    old: JsonObject,
    new: JsonObject,
    direction: Direction,
    name: str,
    pointer: str,
    subject: str = "",
) -> Iterator[Step]:
    base, head = old.get("content", {}), new.get("content", {})
    for media_type in sorted(base.keys() & head.keys()):
        if "schema" in base[media_type] and "schema" in head[media_type]:
            yield Step(
                base=base[media_type]["schema"],
                head=head[media_type]["schema"],
                direction=direction,
                subject=subject or f"{direction}-body",
                name=name,
                pointer=f"{pointer}/{escaped(media_type)}",
                is_text=is_text(media_type),
            )
