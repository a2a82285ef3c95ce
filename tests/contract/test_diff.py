"""The difference of two snapshots: causes, reach and lists of operations."""

from __future__ import annotations

import copy

from cdds_django.contract.diff import diff
from cdds_django.contract.snapshot import snapshot_of


def operation(name, schema=None, **extra):
    content = {"application/json": {"schema": schema or {"$ref": "#/components/schemas/Order"}}}
    return {"operationId": name, "responses": {"200": {"content": content}}, **extra}


BASE = {
    "openapi": "3.0.3",
    "paths": {
        "/orders/": {"get": operation("orders_list"), "post": operation("orders_create")},
        "/orders/{id}/": {"get": operation("orders_retrieve")},
        "/health/": {"get": operation("health", {"type": "string"})},
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "required": ["venue"],
                "properties": {"venue": {"$ref": "#/components/schemas/Venue"}},
            },
            "Venue": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "near": {"type": "array"}},
            },
        }
    },
}
BASE["components"]["schemas"]["Venue"]["properties"]["near"]["items"] = {
    "$ref": "#/components/schemas/Venue"
}


def edited():
    return copy.deepcopy(BASE)


def compared(head, base=BASE):
    return diff(snapshot_of(base), snapshot_of(head))


def test_nothing_changed():
    found = compared(edited())
    assert found.changes == ()
    assert (found.added, found.removed, found.changed, found.affected) == ((), (), (), ())


def test_one_edit_of_a_shared_component_is_one_change():
    head = edited()
    venue = head["components"]["schemas"]["Venue"]
    del venue["properties"]["name"], venue["required"]
    found = compared(head)
    [change] = found.changes
    assert (change.id, change.level) == ("response-required-property-removed", "error")
    assert change.pointer == "#/components/schemas/Venue/properties/name"
    assert change.cause == "components/schemas/Venue"
    assert change.operations == ("GET /orders/", "GET /orders/{id}/", "POST /orders/")
    assert found.affected == ("orders_create", "orders_list", "orders_retrieve")
    assert found.breaking


def test_the_same_edit_of_several_operations_is_one_change():
    head = edited()
    page = {"name": "page", "in": "query", "schema": {"type": "integer"}}
    for path in ("/orders/", "/health/"):
        head["paths"][path]["get"]["parameters"] = [page]
    [change] = compared(head).changes
    assert change.operations == ("GET /health/", "GET /orders/")
    assert change.cause == "/request/parameters/query page"


def test_added_and_removed_operations():
    head = edited()
    del head["paths"]["/health/"]
    head["paths"]["/ready/"] = {"get": operation("ready", {"type": "string"})}
    found = compared(head)
    assert [change.id for change in found.changes] == [
        "api-path-removed-without-deprecation",
        "endpoint-added",
    ]
    assert (found.added, found.removed) == (("ready",), ("health",))
    assert found.affected == ("health", "ready")


def test_names_of_path_parameters_mean_nothing():
    head = edited()
    head["paths"]["/orders/{pk}/"] = head["paths"].pop("/orders/{id}/")
    found = compared(head)
    assert (found.added, found.removed, found.affected) == ((), (), ())


def test_documentation_only():
    head = edited()
    head["components"]["schemas"]["Venue"]["description"] = "A house."
    found = compared(head)
    [change] = found.changes
    assert (change.id, change.level) == ("operation-documentation-changed", "info")
    assert len(change.operations) == 3
    assert found.affected == ()
    assert found.changed == ("orders_create", "orders_list", "orders_retrieve")


def test_what_no_rule_names_is_reported_all_the_same():
    head = edited()
    content = head["paths"]["/health/"]["get"]["responses"]["200"]["content"]
    content["application/json"]["schema"]["keywordOfTomorrow"] = True
    [change] = compared(head).changes
    assert (change.id, change.level) == ("response-changed", "warning")


def test_an_announced_end_is_a_change_of_no_contract():
    head = edited()
    head["paths"]["/health/"]["get"]["x-sunset"] = "2030-01-01"
    found = compared(head)
    assert [change.id for change in found.changes] == ["operation-lifecycle-changed"]
    assert found.affected == ()


def test_a_fingerprint_outlives_other_edits():
    one, two = edited(), edited()
    del one["components"]["schemas"]["Venue"]["required"]
    del two["components"]["schemas"]["Venue"]["required"]
    two["paths"]["/more/"] = {"get": operation("more")}
    base = edited()
    base["paths"]["/more/"] = {"get": operation("more")}
    assert compared(one).changes[0].fingerprint == compared(two, base).changes[0].fingerprint
    prints = [change.fingerprint for change in compared(edited(), one).changes]
    assert compared(one).changes[0].fingerprint not in prints


def test_renamed_component_with_an_edit():
    head = edited()
    schemas = head["components"]["schemas"]
    schemas["Place"] = schemas.pop("Venue")
    schemas["Order"]["properties"]["venue"] = {"$ref": "#/components/schemas/Place"}
    schemas["Place"]["properties"]["near"]["items"] = {"$ref": "#/components/schemas/Place"}
    assert compared(head).changes == ()
    schemas["Place"]["properties"]["name"]["type"] = "integer"
    [change] = compared(head).changes
    assert change.pointer == "#/components/schemas/Place/properties/name"
