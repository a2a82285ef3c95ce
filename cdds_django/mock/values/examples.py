"""Values that fit a schema: those that the document declares, else made up from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdds_django.contract.literals import REFERENCE, JsonObject
from cdds_django.contract.references import escaped
from cdds_django.mock.schemas.merging import Merger
from cdds_django.mock.schemas.validators import Validators
from cdds_django.mock.values.scalars import number_in, text_for
from cdds_django.mock.values.seeds import number_for

_DEEPEST_OPTIONAL = 4
"""Levels down to which properties are written that may be left out."""
_DEEPEST = 24


class Examples:
    """Makes values for the schemas of one side."""

    def __init__(self, validators: Validators, merger: Merger) -> None:
        self.validators = validators
        self.merger = merger

    def example(
        self, schema: Any, seed: str, name: str = "value", *, declared: bool = True
    ) -> tuple[Any, bool]:
        """Return a value for a converted schema, and whether it fits.

        `seed` names what it is for (an operation, a row): the same name gives the same value.
        `name` is the property's, for texts. Examples that the schema declares come first, unless
        `declared` is False. It fits unless nothing was found that does.
        """
        validator = self.validators.of(schema)
        first: Any = None
        for attempt, value in enumerate(self._attempts(schema, seed, name, declared)):
            if validator.is_valid(value):
                return value, True
            if attempt == 0:
                first = value
        return first, False

    def _attempts(self, schema: Any, seed: str, name: str, declared: bool) -> Iterator[Any]:
        if declared:
            yield from declared_in(self.merger.merged(schema))
        for branch in range(6):
            for lean in (False, True):
                yield _Maker(self, seed, branch, lean).make(schema, "", name, 0, ())


class _Maker:
    """One attempt at a value.

    `branch` is the alternative that is taken first where there are several; a `lean` value has
    only what must be there.
    """

    def __init__(self, examples: Examples, seed: str, branch: int, lean: bool) -> None:
        self.merger = examples.merger
        self.validators = examples.validators
        self.seed = seed
        self.branch = branch
        self.lean = lean

    def make(self, schema: Any, pointer: str, name: str, depth: int, above: tuple[int, ...]) -> Any:
        whole = self.merger.merged(schema)
        if depth:
            for value in declared_in(whole):
                if self.validators.of(schema).is_valid(value):
                    return value
        if "const" in whole:
            return whole["const"]
        if whole.get("enum"):
            values = [value for value in whole["enum"] if value not in (None, "")]
            return (values or whole["enum"])[0]
        if depth > _DEEPEST:
            return None
        for key in ("oneOf", "anyOf"):
            if whole.get(key):
                return self._alternative(whole, key, pointer, name, depth, above)
        kind = self._kind(whole)
        if kind == "object":
            return self._object(whole, pointer, depth, (*above, id(whole)))
        if kind == "array":
            return self._array(whole, pointer, name, depth, (*above, id(whole)))
        number = number_for(self.seed, pointer)
        if kind == "string":
            return text_for(whole, name, number)
        if kind == "boolean":
            return True
        if kind == "null":
            return None
        return number_in(whole, number, whole=kind == "integer")

    def _kind(self, whole: JsonObject) -> str:
        kinds = whole.get("type")
        if isinstance(kinds, list):
            kinds = next((kind for kind in kinds if kind != "null"), "null")
        if isinstance(kinds, str):
            return kinds
        if any(key in whole for key in ("properties", "additionalProperties", "required")):
            return "object"
        if "items" in whole or "prefixItems" in whole:
            return "array"
        if "minimum" in whole or "maximum" in whole or "multipleOf" in whole:
            return "number"
        return "string"

    def _alternative(
        self,
        whole: JsonObject,
        key: str,
        pointer: str,
        name: str,
        depth: int,
        above: tuple[int, ...],
    ) -> Any:
        branches = [
            (branch, joined)
            for branch, joined in self.merger.alternatives(whole, key)
            if self.merger.merged(branch).get("type") != "null"
        ]
        # A branch that leads back to where we are, or only allows "", is taken when there is no
        # other.
        branches.sort(key=lambda pair: self._is_poor(self.merger.merged(pair[0]), above))
        if not branches:
            return None
        value: Any = None
        validator = self.validators.of(whole)
        for turn in range(len(branches)):
            branch, joined = branches[(turn + self.branch) % len(branches)]
            value = self.make(joined, pointer, name, depth + 1, above)
            value = self._tagged(value, whole.get("discriminator"), branch)
            if validator.is_valid(value):
                break
        return value

    def _is_poor(self, branch: JsonObject, above: tuple[int, ...]) -> bool:
        return id(branch) in above or branch.get("maxLength") == 0 or branch.get("enum") == [""]

    def _tagged(self, value: Any, discriminator: Any, branch: Any) -> Any:
        """Return an object with the tag that names its alternative (OpenAPI 3.1, 4.8.25)."""
        if not isinstance(discriminator, dict) or not isinstance(value, dict):
            return value
        if not isinstance(branch, dict) or REFERENCE not in branch:
            return value
        tag = discriminator.get("propertyName")
        target = self.merger.schemas.name(branch[REFERENCE])
        mapping = discriminator.get("mapping") or {}
        short = target.rpartition("/")[2]
        names = [key for key, to in mapping.items() if to in (target, short)]
        known = self.merger.merged(branch).get("properties", {}).get(tag)
        tagged = {**value, tag: names[0] if names else short}
        if known is None or self.validators.of(known).is_valid(tagged[tag]):
            return tagged
        return value

    def _object(
        self, whole: JsonObject, pointer: str, depth: int, above: tuple[int, ...]
    ) -> JsonObject:
        made: JsonObject = {}
        required = set(whole.get("required", ()))
        for name, inner in whole.get("properties", {}).items():
            if inner is False:
                continue
            if name not in required:
                repeated = id(self.merger.merged(inner)) in above
                if self.lean or repeated or depth >= _DEEPEST_OPTIONAL:
                    continue
            made[name] = self._below(inner, pointer, name, depth, above)
        extra = whole.get("additionalProperties", True)
        for name in whole.get("required", ()):
            if name not in made and extra is not False:
                made[name] = self._below(extra, pointer, name, depth, above)
        wanted = int(whole.get("minProperties", 0))
        if not whole.get("properties") and isinstance(extra, dict) and not self.lean:
            wanted = max(wanted, 1)
        patterned = whole.get("patternProperties")
        while len(made) < wanted and extra is not False and not patterned:
            made[f"key{len(made) + 1}"] = self._below(extra, pointer, "value", depth, above)
        return made

    def _array(
        self, whole: JsonObject, pointer: str, name: str, depth: int, above: tuple[int, ...]
    ) -> list[Any]:
        items = whole.get("items", True)
        first = list(whole.get("prefixItems", ()))
        least = int(whole.get("minItems", 0))
        repeated = id(self.merger.merged(items)) in above
        wanted = least if self.lean or repeated else max(least, len(first) or 1)
        wanted = min(wanted, int(whole.get("maxItems", wanted)))
        made: list[Any] = []
        for index in range(wanted):
            inner = first[index] if index < len(first) else items
            if inner is False:
                break
            made.append(self._below(inner, pointer, str(index), depth, above, name))
        if whole.get("uniqueItems"):
            self._make_unique(made, items)
        return made

    def _make_unique(self, made: list[Any], items: Any) -> None:
        values = self.merger.merged(items).get("enum")
        for index, value in enumerate(made):
            if value in made[:index]:
                others = [v for v in values or () if v not in made[:index]]
                if others:
                    made[index] = others[0]
                elif isinstance(value, int) and not isinstance(value, bool):
                    made[index] = max(made[:index]) + 1

    def _below(
        self,
        schema: Any,
        pointer: str,
        step: str,
        depth: int,
        above: tuple[int, ...],
        name: str | None = None,
    ) -> Any:
        return self.make(schema, f"{pointer}/{escaped(step)}", name or step, depth + 1, above)


def declared_in(whole: JsonObject) -> Iterator[Any]:
    """Return the examples that a (folded) schema declares, its default last."""
    if "example" in whole:
        yield whole["example"]
    examples = whole.get("examples")
    if isinstance(examples, list):
        yield from examples
    if whole.get("default") is not None:
        yield whole["default"]
