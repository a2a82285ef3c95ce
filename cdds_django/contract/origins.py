"""Where the parts of a project's contract come from: views, serializers, fields, models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cdds_django.contract.references import COMPONENTS


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The code behind one place of the contract."""

    serializer: str
    """Module and class, dotted."""
    field: str = ""
    """Name of the serializer's field, empty for the whole serializer."""
    model: str = ""
    """`app.Model.field`, or `app.Model`, empty where no model is behind it."""
    former_model: str = ""
    """The same for a field that the model doesn't have: a migration may have removed it."""
    migration: str = ""
    """Path of the migration that changed the model's field, empty where none is known to."""

    @property
    def name(self) -> str:
        """`OrderSerializer.note`, dotted from its module."""
        return f"{self.serializer}.{self.field}" if self.field else self.serializer


@dataclass(frozen=True)
class Origins:
    """What made a schema."""

    serializers: Mapping[str, type[Any]] = field(default_factory=dict)
    """The serializer classes by the component's name."""
    views: Mapping[str, str] = field(default_factory=dict)
    """Module, class and action of views, dotted, by operationId."""

    def of(self, pointer: str) -> Origin | None:
        """Return what is behind a place of the contract, None for places of no serializer.

        `pointer` leads into a component (`#/components/schemas/Order/properties/note/…`).
        """
        parts = pointer.removeprefix(COMPONENTS).split("/")
        serializer = self.serializers.get(_unescaped(parts[0]))
        if not pointer.startswith(COMPONENTS) or serializer is None:
            return None
        name = _unescaped(parts[2]) if parts[1:2] == ["properties"] and len(parts) > 2 else ""
        model, exists = _model_behind(serializer, name)
        return Origin(
            serializer=_dotted(serializer),
            field=name,
            model=model if exists else "",
            former_model="" if exists else model,
        )


@contextmanager
def recorded_views() -> Iterator[list[tuple[dict[str, Any], Any]]]:
    """Yield a list that fills with every operation that drf-spectacular makes, and its view."""
    from drf_spectacular.openapi import AutoSchema

    found: list[tuple[dict[str, Any], Any]] = []
    owner: Any = AutoSchema
    original = owner.get_operation

    def get_operation(self: Any, *arguments: Any, **keywords: Any) -> Any:
        operation = original(self, *arguments, **keywords)
        if operation:
            found.append((operation, self.view))
        return operation

    # Methods of one class for all views: there is no hook that names the view.
    owner.get_operation = get_operation
    try:
        yield found
    finally:
        owner.get_operation = original


def origins_of(registry: Any, operations: list[tuple[dict[str, Any], Any]]) -> Origins:
    """Return the origins of what a drf-spectacular generator's `registry` holds.

    `operations` are those recorded while it was filled; ids are read now, since drf-spectacular
    tells operations of the same id apart when all are known.
    """
    from rest_framework.serializers import BaseSerializer

    serializers: dict[str, type[Any]] = {}
    for (name, kind), component in registry._components.items():
        source = component.object
        owner = source if inspect.isclass(source) else type(source)
        if kind == "schemas" and issubclass(owner, BaseSerializer):
            serializers[name] = owner
    views = {
        operation["operationId"]: _view(view)
        for operation, view in operations
        if "operationId" in operation
    }
    return Origins(serializers=serializers, views=views)


def _view(view: Any) -> str:
    action = getattr(view, "action", None) or str(getattr(view.request, "method", "")).lower()
    return f"{_dotted(type(view))}.{action}"


def _model_behind(serializer: type[Any], name: str) -> tuple[str, bool]:
    """Return `app.Model.field`, empty where there is no model, and whether it is there."""
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    if model is None:
        return "", True
    label = str(model._meta.label)
    if not name:
        return label, True
    declared = getattr(serializer, "_declared_fields", {}).get(name)
    source = str(getattr(declared, "source", None) or name)
    if source == "*" or "." in source:
        # A method or another model's field is behind it then.
        return "", True
    known = {key for field in model._meta.get_fields() for key in (field.name, _column(field))}
    return f"{label}.{source}", source in known or source == "pk"


def _column(field: Any) -> str:
    return str(getattr(field, "attname", field.name))


def _dotted(owner: type[Any]) -> str:
    return f"{owner.__module__}.{owner.__qualname__}"


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
