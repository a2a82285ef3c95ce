"""How one operation shows a resource: in which shape, and in what around it."""

from __future__ import annotations

from typing import Any

from cdds_django.mock.compile.operations import CompiledOperation
from cdds_django.mock.resources.shapes import Shape
from cdds_django.mock.schemas.envelopes import envelope_name
from cdds_django.mock.state.rows import Row
from cdds_django.mock.values.json_text import bytes_of


class View:
    """A shape, and the envelope of its JSON if there is one."""

    __slots__ = ("_after", "_before", "shape")

    def __init__(self, shape: Shape, before: bytes = b"", after: bytes = b"") -> None:
        self.shape = shape
        self._before = before
        self._after = after

    def body(self, row: Row, instant: str) -> bytes:
        """Return the JSON of a row; `instant` is for times that it doesn't have yet."""
        body = row.bodies.get(self.shape) or self.shape.render(row, instant)
        return self._before + body + self._after if self._before else body


def resource_schema(operation: CompiledOperation) -> Any:
    """Return the schema of the resource that an operation answers with, None if it is no JSON."""
    schema = operation.success_schema()
    if schema is None:
        return None
    merger = operation.toolkit.received_merger
    name = envelope_name(schema, operation.path, merger)
    return schema if name is None else merger.merged(schema)["properties"][name]


def declared_resources(operation: CompiledOperation) -> list[Any]:
    """Return the resources in the examples that an operation declares for its success."""
    success = operation.responses.success
    if success is None or success.json is None:
        return []
    name = envelope_name(success.json.schema, operation.path, operation.toolkit.received_merger)
    examples = success.json.examples
    if name is None:
        return list(examples)
    return [example[name] for example in examples if isinstance(example, dict) and name in example]


def envelope_of(operation: CompiledOperation) -> tuple[bytes, bytes]:
    """Return what stands before and after the resource in the JSON of an answer."""
    schema = operation.success_schema()
    tools = operation.toolkit
    name = envelope_name(schema, operation.path, tools.received_merger)
    if name is None:
        return b"", b""
    example, _ = tools.examples.example(schema, f"{operation.id}:envelope")
    before, after = b"{", b""
    for key, value in example.items() if isinstance(example, dict) else ():
        if key == name:
            continue
        after += b"," + bytes_of(key) + b":" + bytes_of(value)
    return before + bytes_of(name) + b":", after + b"}"
