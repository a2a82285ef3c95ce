"""Parameters in paths are compared by position."""

from __future__ import annotations

import pytest

from cdds_django.contract.diff import diff
from cdds_django.contract.snapshot import snapshot_of


def snapshot(path, name, kind="integer"):
    parameter = {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
    operation = {"operationId": "order", "parameters": [parameter]}
    return snapshot_of({"openapi": "3.0.3", "paths": {path: {"get": operation}}})


def test_another_name_is_harmless():
    [change] = diff(snapshot("/orders/{id}/", "id"), snapshot("/orders/{pk}/", "pk")).changes
    assert (change.id, change.level) == ("path-parameter-renamed", "info")


@pytest.mark.parametrize("name", ["id", "pk"])
def test_another_type_is_not(name):
    head = snapshot(f"/orders/{{{name}}}/", name, "integer")
    found = diff(snapshot("/orders/{id}/", "id", "string"), head)
    assert ("request-parameter-type-changed", "error") in [
        (change.id, change.level) for change in found.changes
    ]
