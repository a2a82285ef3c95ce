"""Security schemes by what they are; descriptions of scopes are for people only."""

from __future__ import annotations

from cdds_django.contract.security_forms import read_requirements, read_scheme
from cdds_django.contract.snapshot import snapshot_of


def document(**scopes):
    flow = {"authorizationUrl": "/authorize", "scopes": scopes}
    scheme = {"type": "oauth2", "description": "Ours.", "flows": {"implicit": flow}}
    return {"components": {"securitySchemes": {"a/b": scheme}}}


def test_descriptions_mean_nothing():
    assert read_scheme(document(read="Read."), "a/b") == read_scheme(document(read="Look."), "a/b")
    assert read_scheme(document(read="Read."), "a/b") != read_scheme(document(write="W"), "a/b")


def test_order_of_schemes_and_scopes_means_nothing():
    one = read_requirements({}, [{"a": ["x", "y"], "b": []}])
    assert one == read_requirements({}, [{"b": [], "a": ["y", "x"]}])


def test_a_scheme_that_is_not_described_is_its_name():
    assert read_scheme({}, "token") == {"name": "token"}


def test_a_flow_may_have_any_names():
    """None of them is taken for a reference to a schema."""
    flow = {"$ref": "x", "scopes": {"$ref": "y"}}
    scheme = {"type": "oauth2", "flows": {"implicit": flow}}
    whole = {
        "openapi": "3.0.3",
        "paths": {"/a": {"get": {"security": [{"s": []}]}}},
        "components": {"securitySchemes": {"s": scheme}},
    }
    assert snapshot_of(whole).operations
