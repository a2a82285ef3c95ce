"""Names of parameters in paths: clients fill in values by position and never see the names."""

from __future__ import annotations

import re
from dataclasses import replace

from cdds_django.contract.snapshot_rows import OperationRow

_NAME = re.compile(r"\{([^{}/]*)\}")


def path_shape(row: OperationRow) -> str:
    """Return the method and path of `row` without the names: `GET /orders/{}/`."""
    return f"{row.method} {_NAME.sub('{}', row.path)}"


def with_path_of(old: OperationRow, new: OperationRow) -> OperationRow:
    """Return `old` with its path parameters named as in `new`, which has the same shape."""
    if old.path == new.path or "parameters" not in old.request:
        return old
    names = dict(zip(_NAME.findall(old.path), _NAME.findall(new.path), strict=False))
    parameters = {}
    for key, form in old.request["parameters"].items():
        place, _, name = key.partition(" ")
        parameters[f"path {names.get(name, name)}" if place == "path" else key] = form
    return replace(old, request={**old.request, "parameters": parameters})
