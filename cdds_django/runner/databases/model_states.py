"""What models say about the database, written so that equal models are written alike."""

from __future__ import annotations

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Model

from cdds_django.impact.sources.settings import plain


def permissions_of(model: type[Model]) -> str:
    """Return what the rows of content types and permissions are made from.

    Django adds them when migrations have run, from the models as they are then.
    """
    meta: Any = model._meta
    name = meta.verbose_name
    return repr(
        (
            *(meta.label, meta.proxy, meta.managed, bool(meta.swapped)),
            # To ask for the raw name of each of many models takes long: that switches languages.
            name if type(name) is str else meta.verbose_name_raw,
            [*meta.default_permissions],
            [(code, str(text)) for code, text in meta.permissions],
        )
    )


def state_of(model: type[Model]) -> str:
    """Return what the table of a model without migrations is made from."""
    state: Any = ModelState.from_model(model)
    deep = _Deconstructing().deep_deconstruct
    fields = {name: deep(field) for name, field in state.fields.items()}
    return plain([state.app_label, state.name, fields, deep(state.options), list(state.bases)])


class _Deconstructing(MigrationAutodetector):
    """Django's way to take fields, constraints and indexes apart; nothing else of it is used."""

    def __init__(self) -> None:
        super().__init__(ProjectState(), ProjectState())
