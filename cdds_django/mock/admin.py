"""The routes under `/admin/`: the mock's own, not the contract's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from cdds_django.mock.errors import MockError
from cdds_django.mock.faults import fault_from
from cdds_django.mock.messages import MockRequest, MockResponse

if TYPE_CHECKING:
    from cdds_django.mock.core import MockCore

_HEADERS = ((b"content-type", b"application/json"),)


def answer(core: MockCore, request: MockRequest) -> MockResponse:
    """Return the answer to an admin request; what can't be done is refused with its reason."""
    if len(request.body) > core.limits.body_bytes:
        return _response(413, {"error": f"the body is longer than {core.limits.body_bytes} bytes"})
    steps = [unquote(step) for step in request.path.strip("/").split("/")[1:]]
    routes = _routes(core, steps)
    if not routes:
        return _response(404, {"error": "not found"})
    action = routes.get(request.method)
    if action is None:
        allow = ", ".join(sorted(routes)).encode()
        refused = _response(405, {"error": "method not allowed"})
        return refused._replace(headers=(*_HEADERS, (b"allow", allow)))
    try:
        return _response(*action(_fields(request.body)))
    except MockError as error:
        return _response(error.status, {"error": str(error)})


_Action = Callable[[Mapping[str, Any]], tuple[int, Any]]


def _routes(core: MockCore, steps: list[str]) -> dict[str, _Action]:
    """Return what can be done at a path, by method."""
    match steps:
        case ["fork"]:
            return {"POST": lambda fields: _fork(core, fields)}
        case ["batches"]:
            return {"GET": lambda fields: (200, _all(core))}
        case ["batches", batch_id]:
            return {
                "GET": lambda fields: (200, asdict(core.batch(batch_id))),
                "DELETE": lambda fields: _done(core.delete, batch_id),
            }
        case ["batches", batch_id, "reset"]:
            return {"POST": lambda fields: _reset(core, batch_id)}
        case ["batches", batch_id, "snapshot"]:
            return {"POST": lambda fields: _named(core.snapshot, batch_id, fields)}
        case ["batches", batch_id, "restore"]:
            return {"POST": lambda fields: _named(core.restore, batch_id, fields)}
        case ["batches", batch_id, "calls"]:
            return {"GET": lambda fields: (200, _calls(core, batch_id))}
        case ["batches", batch_id, "rows"]:
            return {"GET": lambda fields: (200, core.rows(batch_id))}
        case ["batches", batch_id, "faults"]:
            return {
                "GET": lambda fields: (200, _faults(core, batch_id)),
                "POST": lambda fields: _inject(core, batch_id, fields),
                "DELETE": lambda fields: _done(core.clear_faults, batch_id),
            }
    return {}


def _fork(core: MockCore, fields: Mapping[str, Any]) -> tuple[int, Any]:
    batch_id, source, seed = fields.get("batch_id"), fields.get("from"), fields.get("seed")
    if not isinstance(batch_id, str):
        raise MockError("a fork needs a batch_id, which is a text")
    if source is not None and not isinstance(source, str):
        raise MockError("`from` must be the id of a batch")
    if seed is not None and not isinstance(seed, dict):
        raise MockError("`seed` must be an object: rows by the path of their collection")
    core.fork(batch_id, source, seed=seed)
    return 201, {"batch_id": batch_id, "from": source}


def _all(core: MockCore) -> dict[str, Any]:
    return {"batches": [{"batch_id": batch_id} for batch_id in core.batches()]}


def _calls(core: MockCore, batch_id: str) -> dict[str, Any]:
    operations = core.batch(batch_id).operations
    return {
        "batch_id": batch_id,
        "operations": operations,
        "calls": [call._asdict() for call in core.calls(batch_id)],
    }


def _faults(core: MockCore, batch_id: str) -> dict[str, Any]:
    return {"faults": [fault.as_json() for fault in core.faults(batch_id)]}


def _inject(core: MockCore, batch_id: str, fields: Mapping[str, Any]) -> tuple[int, Any]:
    fault = fault_from(fields)
    core.inject(batch_id, fault)
    return 201, fault.as_json()


def _named(
    action: Callable[[str, str], None], batch_id: str, fields: Mapping[str, Any]
) -> tuple[int, Any]:
    name = fields.get("name", "default")
    if not isinstance(name, str) or not name:
        raise MockError("the name of a snapshot must be a text")
    action(batch_id, name)
    return 200, {"batch_id": batch_id, "name": name}


def _reset(core: MockCore, batch_id: str) -> tuple[int, Any]:
    core.reset(batch_id)
    return 200, {"batch_id": batch_id}


def _done(action: Callable[[str], None], batch_id: str) -> tuple[int, Any]:
    action(batch_id)
    return 204, None


def _fields(body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MockError(f"the body is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise MockError("the body must be a JSON object")
    return fields


def _response(status: int, value: Any) -> MockResponse:
    if value is None:
        return MockResponse(status, (), b"")
    return MockResponse(status, _HEADERS, json.dumps(value).encode())
