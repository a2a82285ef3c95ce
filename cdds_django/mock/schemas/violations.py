"""What is against the contract in a request, in words for people."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from cdds_django.contract.references import escaped
from cdds_django.mock.schemas.validators import Validator

_LONGEST_VALUE = 60
"""Characters of a wrong value that a sentence shows."""


class Violation(NamedTuple):
    """One thing that is against the contract."""

    place: str
    """Where in the request: body, query, path, header or cookie."""
    pointer: str
    """JSON pointer (RFC 6901) inside that place; a parameter's name is its first step."""
    rule: str
    """The keyword of the schema that isn't kept."""
    message: str

    def as_json(self) -> dict[str, str]:
        """Return it as answers show it."""
        return {
            "in": self.place,
            "pointer": self.pointer,
            "rule": self.rule,
            "message": self.message,
        }


def violations_of(
    validator: Validator, value: Any, place: str, root: tuple[str, ...] = ()
) -> list[Violation]:
    """Return what is wrong with `value`, which stands at `root` in `place`; [] when nothing is."""
    if validator.is_valid(value):
        return []
    return list(_violations(validator.iter_errors(value), place, root))


def required(place: str, *steps: str) -> Violation:
    """Return that something isn't there which has to be."""
    return Violation(place, _pointer(steps), "required", f"{_subject(place, steps)} is required.")


def _violations(errors: Iterable[Any], place: str, root: tuple[str, ...]) -> Iterable[Violation]:
    for error in errors:
        rule = error.kind.name
        if rule in ("anyOf", "oneOf") and hasattr(error.kind, "context"):
            near = _nearest(error)
            if near:
                yield from _violations(near, place, root)
                continue
        steps = (*root, *error.instance_path)
        details = error.kind.as_dict()
        if rule == "required":
            steps = (*steps, details["property"])
        elif rule in ("additionalProperties", "unevaluatedProperties"):
            for name in details["unexpected"]:
                extra = (*steps, name)
                yield Violation(
                    place, _pointer(extra), rule, f"{_subject(place, extra)} isn't known here."
                )
            continue
        says = _SENTENCES.get(rule, _other)
        yield Violation(
            place,
            _pointer(steps),
            rule,
            f"{_subject(place, steps)} {says(details, error)}.",
        )


def _nearest(error: Any) -> list[Any]:
    """Return what is wrong by the one alternative that was clearly meant, [] if none was."""
    here = error.instance_path
    meant = [
        branch
        for branch in error.kind.context
        if branch
        and not any(
            fault.kind.name in ("type", "const", "enum") and _is_tag(fault, here)
            for fault in branch
        )
    ]
    if len(meant) == 1:
        return list(meant[0])
    return []


def _is_tag(fault: Any, here: list[Any]) -> bool:
    """Whether a fault says that another alternative was meant: another type, another tag."""
    path = fault.instance_path
    if fault.kind.name == "type":
        return bool(path == here)
    return len(path) == len(here) + 1 or path == here


def _pointer(steps: Iterable[Any]) -> str:
    return "".join(f"/{escaped(str(step))}" for step in steps)


def _subject(place: str, steps: tuple[Any, ...]) -> str:
    if not steps:
        return "The body" if place == "body" else f"The {place}"
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.fullmatch(r"[\w-]+", step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return f"`{text}`" if place == "body" else f"The {place} parameter `{text}`"


def shown(value: Any) -> str:
    """Return a value as sentences show it."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _listed(values: list[Any], last: str = "or") -> str:
    texts = [shown(value) for value in values[:12]]
    if len(values) > 12:
        return f"{', '.join(texts)} {last} {len(values) - 12} more"
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


_TYPE_NAMES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}


def _type(details: Any, error: Any) -> str:
    names = sorted(details["types"], key=lambda name: name == "null")
    wanted = [_TYPE_NAMES.get(name, str(name)) for name in names]
    return f"must be {' or '.join(wanted)}, not {shown(error.instance)}"


def _count(n: Any, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _other(details: Any, error: Any) -> str:
    return f"doesn't fit the contract ({error.message})"


_FORMAT_NAMES = {
    "date": "a date such as 2026-05-04",
    "date-time": "a date and time with offset, such as 2026-05-04T10:15:00Z",
    "duration": "a duration such as P1DT2H",
    "email": "an e-mail address",
    "hostname": "a host name",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "time": "a time such as 10:15:00",
    "uri": "an absolute URI",
    "uuid": "a UUID",
}

_SENTENCES: dict[str, Callable[[Any, Any], str]] = {
    "required": lambda d, e: "is required",
    "type": _type,
    "enum": lambda d, e: f"must be {_listed(d['options'])}, not {shown(e.instance)}",
    "const": lambda d, e: f"must be {shown(d['expected_value'])}, not {shown(e.instance)}",
    "minimum": lambda d, e: f"must be at least {d['limit']}, not {shown(e.instance)}",
    "maximum": lambda d, e: f"must be at most {d['limit']}, not {shown(e.instance)}",
    "exclusiveMinimum": lambda d, e: f"must be more than {d['limit']}, not {shown(e.instance)}",
    "exclusiveMaximum": lambda d, e: f"must be less than {d['limit']}, not {shown(e.instance)}",
    "multipleOf": lambda d, e: f"must be a multiple of {d['multiple_of']}, not {shown(e.instance)}",
    "minLength": lambda d, e: (
        f"must have at least {_count(d['limit'], 'character')}, not {len(e.instance)}"
    ),
    "maxLength": lambda d, e: (
        f"must have at most {_count(d['limit'], 'character')}, not {len(e.instance)}"
    ),
    "minItems": lambda d, e: (
        f"must have at least {_count(d['limit'], 'item')}, not {len(e.instance)}"
    ),
    "maxItems": lambda d, e: (
        f"must have at most {_count(d['limit'], 'item')}, not {len(e.instance)}"
    ),
    "uniqueItems": lambda d, e: "must not hold the same item twice",
    "contains": lambda d, e: "must hold an item of the kind that the contract asks for",
    "minProperties": lambda d, e: f"must have at least {_count(d['limit'], 'field')}",
    "maxProperties": lambda d, e: f"must have at most {_count(d['limit'], 'field')}",
    "pattern": lambda d, e: f"must match {d['pattern']}, and {shown(e.instance)} doesn't",
    "format": lambda d, e: (
        f"must be {_FORMAT_NAMES.get(d['format'], d['format'])}, not {shown(e.instance)}"
    ),
    "falseSchema": lambda d, e: "must not be given",
    "not": lambda d, e: f"must not be {shown(e.instance)}",
    "propertyNames": lambda d, e: "has a field whose name the contract doesn't allow",
    "anyOf": lambda d, e: "fits none of the forms that the contract allows",
    "oneOf": lambda d, e: (
        "fits none of the forms that the contract allows"
        if type(e.kind).__name__ == "OneOfNotValid"
        else "fits several of the forms that the contract allows, and must fit exactly one"
    ),
}
