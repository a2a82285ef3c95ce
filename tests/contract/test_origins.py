"""Which code is behind a place of the contract."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cdds_django.contract.origins import Origins


def field(name, **keys):
    return SimpleNamespace(name=name, **keys)


FIELDS = [field("note"), field("venue", attname="venue_id")]
MODEL = SimpleNamespace(_meta=SimpleNamespace(label="shop.Order", get_fields=lambda: FIELDS))


class OrderSerializer:
    """Stands in for a serializer."""

    class Meta:
        model = MODEL

    _declared_fields = {
        "remark": SimpleNamespace(source="note"),
        "city": SimpleNamespace(source="venue.city"),
        "total": SimpleNamespace(source="*"),
        "own": SimpleNamespace(source=None),
    }


class PlainSerializer:
    """One without a model."""


ORIGINS = Origins(serializers={"Order": OrderSerializer, "a/b": PlainSerializer})


def origin(name, component="Order"):
    return ORIGINS.of(f"#/components/schemas/{component}/properties/{name}/items")


@pytest.mark.parametrize(
    ("name", "model", "former"),
    [
        ("note", "shop.Order.note", ""),
        ("venue_id", "shop.Order.venue_id", ""),
        ("remark", "shop.Order.note", ""),
        ("pk", "shop.Order.pk", ""),
        ("city", "", ""),
        ("total", "", ""),
        ("own", "", "shop.Order.own"),
        ("gone", "", "shop.Order.gone"),
    ],
)
def test_model(name, model, former):
    found = origin(name)
    assert (found.field, found.model, found.former_model) == (name, model, former)
    assert found.name.endswith(f"OrderSerializer.{name}")


def test_whole_serializer():
    found = ORIGINS.of("#/components/schemas/Order")
    assert (found.field, found.model) == ("", "shop.Order")


def test_places_of_no_serializer():
    assert ORIGINS.of("#/components/schemas/Other/properties/a") is None
    assert ORIGINS.of("/request/parameters/query page") is None
    assert origin("a", "a~1b").model == ""
