"""The form in which an answer shows a resource, and how a resource is brought into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.mock.compile.operations import Toolkit
from cdds_django.mock.resources.fields import Field
from cdds_django.mock.state.rows import Row
from cdds_django.mock.values.examples import declared_in
from cdds_django.mock.values.json_text import bytes_of
from cdds_django.mock.values.scalars import slug_of

_SLUG_SOURCES = ("name", "title", "label")
_HINTS = ("slug", "id", "uuid", "code", "name", "key", "reference")
"""Fields that may stand for a resource where only its id is shown or given."""
_UPDATED = ("updated", "modified", "changed", "last_")


class Shape:
    """One schema of resources, compiled."""

    def __init__(self, schema: Any, seed: str, tools: Toolkit, samples: Sequence[Any] = ()) -> None:
        """Compile a (converted) schema; `samples` are examples that operations declare for it."""
        self.schema = schema
        self.seed = seed
        self._tools = tools
        self.validator = tools.received.of(schema)
        whole = self._whole(schema)
        properties = whole.get("properties", {})
        required = set(whole.get("required", ()))
        declared = (*samples, *declared_in(whole))
        self._sample: JsonObject = next(
            (s for s in declared if isinstance(s, dict) and self.validator.is_valid(s)), {}
        )
        self.is_object = "object" in tools.received_merger.types(schema) or bool(properties)
        self.fields = {
            name: Field(name, inner, name in required, f"{seed}/{name}", self._sample, tools)
            for name, inner in properties.items()
            if inner is not False
        }
        self._forbidden = {name for name, inner in properties.items() if inner is False}
        self._is_open = not self.fields and whole.get("additionalProperties", True) is not False
        self.read_only = frozenset(f.name for f in self.fields.values() if f.read_only)
        """Properties that clients don't write."""

    def _whole(self, schema: Any) -> JsonObject:
        """Return the schema of the objects, that of the first alternative where there are some."""
        merger = self._tools.received_merger
        whole = merger.merged(schema)
        for key in ("oneOf", "anyOf"):
            for branch in whole.get(key, ()):
                inner = merger.merged(branch)
                if "properties" in inner and "properties" not in whole:
                    rest = {k: v for k, v in whole.items() if k != key}
                    return merger.merged({"allOf": [rest, branch]})
        return whole

    def fill(self, given: Mapping[str, Any], number: int, instant: str) -> Any:
        """Return a value of this shape that says what `given` says, as far as the shape allows.

        `number` counts the resources of a collection, `instant` is the time to write where a
        time is asked for and not given.
        """
        made: JsonObject = {}
        for name, field in self.fields.items():
            if name in given:
                made[name] = given[name]
            elif field.is_always:
                made[name] = self._fresh(field, given, number, instant)
        if self._is_open:
            made.update((k, v) for k, v in given.items() if k not in self._forbidden)
        if self.validator.is_valid(made):
            return made
        return self._fitted(given, made)

    def render(self, row: Row, instant: str) -> bytes:
        """Return the JSON of a row in this shape; it is made once."""
        body = row.bodies.get(self)
        if body is None:
            body = bytes_of(self.fill(row.value, row.number, instant))
            row.keep(self, body)
        return body

    def example(self, name: str, given: Mapping[str, Any]) -> Any:
        """Return a full example with what of `given` fits into it; `name` tells it from others."""
        made: Any = self._sample
        if not made:
            made, _ = self._tools.examples.example(self.schema, f"{self.seed}:{name}")
        if not isinstance(made, dict):
            return made
        for key, value in given.items():
            changed = {**made, key: value}
            if key not in self._forbidden and self.validator.is_valid(changed):
                made = changed
        return made

    def slug(self, given: Mapping[str, Any]) -> str | None:
        """Return the slug that a resource with these fields would have, None if it has no name."""
        text = next((given[n] for n in _SLUG_SOURCES if isinstance(given.get(n), str)), "")
        return slug_of(text) or None

    def touched(self, value: JsonObject, instant: str) -> JsonObject:
        """Return the value after a change: times of a last change are set."""
        times = {
            name: instant
            for name, field in self.fields.items()
            if field.kind == "instant" and name.lower().startswith(_UPDATED)
        }
        return {**value, **times} if times else value

    def _fresh(self, field: Field, given: Mapping[str, Any], number: int, instant: str) -> Any:
        if field.kind == "constant":
            hint = self._hint(field, given)
            return field.constant if hint is None else hint
        if field.kind == "instant":
            return instant
        validator = self._tools.received.of(field.schema)
        if field.kind == "slug":
            slug = self.slug(given)
            if slug and validator.is_valid(slug):
                return slug
        if validator.is_valid(number):
            return number
        example, _ = self._tools.examples.example(
            field.schema, f"{self.seed}/{field.name}:{number}", field.name
        )
        return example

    def _hint(self, field: Field, given: Mapping[str, Any]) -> Any:
        """Return a value that was given under another name: `venue_id` for `venue`."""
        for suffix in ("_id", "_slug", "_uuid", "Id"):
            value = given.get(field.name + suffix)
            if value is not None:
                return self._fit(field.schema, value, f"{self.seed}/{field.name}")
        return None

    def _fitted(self, given: Mapping[str, Any], made: JsonObject) -> Any:
        """Return the value for when taking everything over doesn't give a valid one."""
        for name, field in self.fields.items():
            if name in given:
                made[name] = self._fit(field.schema, given[name], f"{self.seed}/{name}")
        if self.validator.is_valid(made):
            return made
        return self.example("", {**given, **made})

    def _fit(self, schema: Any, value: Any, seed: str, depth: int = 0) -> Any:
        """Return `value` where it fits, else the nearest thing to it that does."""
        validator = self._tools.received.of(schema)
        if validator.is_valid(value):
            return value
        merger = self._tools.received_merger
        whole = merger.merged(schema)
        if isinstance(value, list) and "items" in whole and depth < 8:
            items = [
                self._fit(whole["items"], item, f"{seed}/{index}", depth + 1)
                for index, item in enumerate(value)
            ]
            if validator.is_valid(items):
                return items
        for name in _HINTS if isinstance(value, dict) else ():
            if name in value and validator.is_valid(value[name]):
                return value[name]
        example, _ = self._tools.examples.example(schema, seed, seed.rpartition("/")[2])
        if isinstance(example, dict) and depth < 8:
            known = value if isinstance(value, dict) else self._identified(example, value)
            properties = whole.get("properties", {})
            for name, inner in known.items():
                if name in properties and properties[name] is not False:
                    fit = self._fit(properties[name], inner, f"{seed}/{name}", depth + 1)
                    if validator.is_valid({**example, name: fit}):
                        example = {**example, name: fit}
        return example

    def _identified(self, example: JsonObject, value: Any) -> JsonObject:
        """Return what an object is known to be from its id alone."""
        for name in _HINTS:
            if name in example and type(example[name]) is type(value):
                return {name: value}
        return {}
