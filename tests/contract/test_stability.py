"""Where two builds of one schema differ, and whose fault that is."""

from __future__ import annotations

import copy

import pytest

from cdds_django.contract.origins import Origins
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.stability import unstable_places


class Shop:
    """Stands in for a serializer."""


KIND = {"$ref": "#/components/schemas/KindEnum"}
DOCUMENT = {
    "openapi": "3.0.3",
    "paths": {
        "/shops/": {
            "get": {
                "operationId": "shops_list",
                "parameters": [{"name": "a", "in": "query", "schema": {"default": 1}}],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Shop"}}
                        }
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Shop": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": KIND, "since": {"type": "string", "default": "9:00"}},
            },
            "KindEnum": {
                "enum": ["a", "b"],
                "description": "* `a` - A\n* `b` - B",
                "x-spec-enum-id": "1",
            },
        }
    },
}
ORIGINS = Origins(serializers={"Shop": Shop}, views={"shops_list": "shop.Shops.list"})
SCHEMAS = ("components", "schemas")


def edited(*steps, value):
    document = copy.deepcopy(DOCUMENT)
    holder = document
    for step in steps[:-1]:
        holder = holder[step]
    holder[steps[-1]] = value
    return document


def test_what_is_the_same_is_stable():
    assert unstable_places(DOCUMENT, copy.deepcopy(DOCUMENT), ORIGINS) == []
    other = edited(*SCHEMAS, "KindEnum", "x-spec-enum-id", value="2")
    assert unstable_places(DOCUMENT, other, ORIGINS) == []


def test_a_default_is_named_with_its_field():
    other = edited(*SCHEMAS, "Shop", "properties", "since", "default", value="9:01")
    [place] = unstable_places(DOCUMENT, other, ORIGINS)
    assert place.pointer == "#/components/schemas/Shop/properties/since/default"
    assert place.origin.endswith("test_stability.Shop.since")
    assert str(place).endswith('since): "9:00" or "9:01"')


@pytest.mark.parametrize(
    ("key", "value"), [("enum", ["b", "a"]), ("description", "* `b` - B\n* `a` - A")]
)
def test_choices_are_named_with_the_field_that_has_them(key, value):
    other = edited(*SCHEMAS, "KindEnum", key, value=value)
    [place] = unstable_places(DOCUMENT, other, ORIGINS)
    assert place.is_order
    assert place.origin.endswith("Shop.kind")
    # The snapshot puts them into one order.
    assert snapshot_of(other) == snapshot_of(DOCUMENT)


def test_a_parameter_is_named_with_its_view():
    parameters = [{"name": "a", "in": "query", "schema": {"default": 2}}]
    other = edited("paths", "/shops/", "get", "parameters", value=parameters)
    [place] = unstable_places(DOCUMENT, other, ORIGINS)
    assert place.pointer == "#/paths/~1shops~1/get/parameters/0/schema/default"
    assert place.origin == "shop.Shops.list"


def test_what_is_there_only_sometimes():
    other = edited(*SCHEMAS, "Shop", "properties", value={"kind": KIND})
    [place] = unstable_places(DOCUMENT, other, ORIGINS)
    assert place.second == "nothing"
    assert not place.is_order
