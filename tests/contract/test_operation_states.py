"""`contract.operation_states`: what concerns who calls or mocks an operation, and what doesn't."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from cdds_django.contract.operation_states import operation_states
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_text import rendered
from cdds_django.errors import ContractError

CHARGE = {
    "type": "object",
    "title": "A charge",
    "properties": {
        "id": {"type": "string", "description": "Whose charge it is."},
        "description": {"type": "string", "example": "Tickets"},
    },
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Payments", "version": "1"},
    "paths": {
        "/charges": {
            "post": {
                "operationId": "createCharge",
                "summary": "Charge",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {
                    "201": {
                        "description": "Charged.",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Charge"}}
                        },
                    }
                },
            }
        },
        "/health": {"get": {"responses": {"204": {"description": "Well."}}}},
    },
    "components": {"schemas": {"Charge": CHARGE}},
}


def states(edit: Callable[[dict[str, Any]], object] = lambda document: None) -> dict[str, str]:
    document = copy.deepcopy(DOCUMENT)
    edit(document)
    return operation_states(json.dumps(document).encode(), "payments.json")


def charge(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["Charge"]["properties"]
    return found


def created(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/charges"]["post"]
    return found


def test_operations_go_by_both_names() -> None:
    found = states()

    assert found["createCharge"] == found["POST /charges"] != found["get_health"]
    assert found.keys() == {"", "*", "createCharge", "POST /charges", "get_health", "GET /health"}


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: d["info"].update(version="2", description="More."),
        lambda d: created(d).update(summary="Charges", description="A card."),
        lambda d: charge(d)["id"].update(description="An id.", title="Id"),
        lambda d: d["components"]["schemas"]["Charge"].update(title="Charge"),
        lambda d: created(d)["responses"]["201"].update(description="Done."),
    ],
)
def test_prose_is_no_part_of_a_state(edit: Any) -> None:
    assert states(edit) == states()


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (lambda d: created(d)["requestBody"].update(required=True), 0),
        (lambda d: charge(d).update(amount={"type": "integer"}), 1),
        (lambda d: charge(d).pop("description"), 1),
        (lambda d: charge(d)["description"].update(example="Chairs"), 2),
        (lambda d: charge(d)["id"].update({"x-faker": "uuid"}), 2),
    ],
    ids=["request", "added", "removed", "example", "extension"],
)
def test_part_that_changes(edit: Any, part: int) -> None:
    before, now = states(), states(edit)

    assert {name for name in before if before[name] != now[name]} >= {"createCharge"}
    assert before["GET /health"] == now["GET /health"]
    pairs = zip(before["createCharge"].split(":"), now["createCharge"].split(":"), strict=True)
    differing = [index for index, (a, b) in enumerate(pairs) if a != b]
    assert part in differing
    assert set(differing) <= {part, 2}


def test_what_concerns_the_whole_document() -> None:
    moved = states(lambda d: d.update(servers=[{"url": "https://a.test"}]))
    more = states(lambda d: d["paths"].update({"/new": d["paths"]["/health"]}))

    assert {name for name, state in states().items() if moved[name] != state} == {""}
    assert {name for name, state in states().items() if more[name] != state} == {"*"}


@pytest.mark.parametrize(
    ("path", "concerned"),
    [
        ("/charges/{id}", {"createCharge"}),
        ("/charges/{id}/refunds", set()),
        ("/charges/search", set()),
        ("/health/{part}", {"get_health"}),
        ("/chargesx", set()),
    ],
)
def test_operations_around_one_that_came(path: str, concerned: set[str]) -> None:
    before = states()
    now = states(lambda d: d["paths"].update({path: {"get": {"responses": {}}}}))

    names = {"createCharge", "get_health"}
    assert {name for name in names if before[name] != now[name]} == concerned
    assert {before[name].rpartition(":")[0] for name in names} == {
        now[name].rpartition(":")[0] for name in names
    }


def test_snapshot_will_do() -> None:
    content = rendered(snapshot_of(DOCUMENT)).encode()

    assert operation_states(content, "x").keys() == states().keys()


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"openapi": "2.0"}', b"[" * 5000])
def test_unreadable(content: bytes) -> None:
    with pytest.raises(ContractError):
        operation_states(content, "payments.json")
