"""Compiled validators of one side's schemas: made on first use, each schema once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol

from cdds_django.contract.references import UnusableDocumentError
from cdds_django.mock.extra import jsonschema_rs
from cdds_django.mock.schemas.conversion import Schemas

_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?([zZ]|[-+]\d\d:?\d\d)?")
_DURATION = re.compile(
    r"-?P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)"
    r"|(-?\d+ )?-?(\d+:)?\d+:\d\d(\.\d+)?"
)

FORMATS = {
    "time": lambda text: bool(_TIME.fullmatch(text)),
    "duration": lambda text: bool(_DURATION.fullmatch(text)),
}
"""Formats that Django writes in its own way: a time without offset, `3 04:00:00` for a duration."""


class Validator(Protocol):
    """What a compiled schema can do; jsonschema-rs has it."""

    def is_valid(self, instance: Any) -> bool:
        """Whether `instance` (JSON as Python values) fits."""

    def iter_errors(self, instance: Any) -> Iterable[Any]:
        """Return everything that doesn't fit."""


class Validators:
    """Compiles schemas of one side."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self._module = jsonschema_rs()
        self._known: dict[int, tuple[Any, Validator]] = {}

    def of(self, converted: Any) -> Validator:
        """Return the validator of a converted schema. Raises UnusableDocumentError."""
        known = self._known.get(id(converted))
        if known is not None:
            return known[1]
        try:
            validator: Validator = self._module.Draft202012Validator(
                converted,
                retriever=self.schemas.retrieve,
                formats=FORMATS,
                validate_formats=True,
            )
        except (ValueError, self._module.ReferencingError) as error:
            raise UnusableDocumentError(
                converted, f"a schema is not valid JSON Schema ({error})."
            ) from None
        # The schema is kept beside it, so that its id stays its own.
        self._known[id(converted)] = (converted, validator)
        return validator
