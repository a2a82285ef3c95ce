"""First-party model classes: their labels and the tables that they use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.dispatch import Signal

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.graph.subclassing import installed
from cdds_django.impact.sources.tables import name_of_table

if TYPE_CHECKING:
    from cdds_django.impact.graph.modules import Symbol

# The graph is imported where symbols are asked for: writing the map does without.

AUTOMATIC_TABLES = frozenset({"auth_permission", "django_content_type"})
"""Django fills these from the models themselves when a database is made."""

MIGRATION_TABLE = "django_migrations"
"""Who reads it may compare models with migrations."""


def symbols_by_label(tree: SourceTree) -> dict[str, Symbol]:
    """Return the classes of first-party models, by label in lower case ("shop.order")."""
    from cdds_django.impact.graph.modules import Symbol

    return {
        model._meta.label_lower: Symbol(*place)
        for model in apps.get_models()
        if (place := _place(model, tree.key)) is not None
    }


def is_signal(name: str) -> bool:
    """Whether a dotted name of an installed package is a signal."""
    return isinstance(installed(name), Signal)


def is_plain_field(symbol: Symbol, name: str, models: Mapping[str, Symbol]) -> bool:
    """Whether an attribute of a model class isn't the key by which relations know it."""
    for label, known in models.items():
        if known == symbol:
            model = apps.get_model(label)
            keys = {model._meta.pk.name} if model._meta.pk else set()
            keys |= {
                field.target_field.name
                for relation in model._meta.related_objects
                if (field := relation.field) and field.many_to_many is False
            }
            return name not in keys and name not in {"id", "pk"}
    return False


def names_of_user_model(models: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """Return the names by which code asks Django for the user model, if it is first-party."""
    symbol = models.get(str(getattr(settings, "AUTH_USER_MODEL", "")).lower())
    names = ("django.contrib.auth.get_user_model", "django.conf.settings.AUTH_USER_MODEL")
    return dict.fromkeys(names, symbol) if symbol is not None else {}


def tables_by_class(tree: SourceTree) -> dict[str, list[str]]:
    """Return the tables in which each first-party model's rows lie, by the key of its class.

    Those of many-to-many relations count for both sides.
    """
    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        owners = [model]
        if model._meta.auto_created:
            owners = [f.related_model for f in model._meta.fields if f.related_model is not None]
        for owner in owners:
            place = _place(owner, tree.key)
            if place is not None:
                key = "::".join(place)
                found.setdefault(key, set()).add(name_of_table(model._meta.db_table))
    return {key: sorted(tables) for key, tables in sorted(found.items())}


def tables_by_name() -> dict[str, set[str]]:
    """Return the tables of models by the model's name in lower case, whatever the app."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        found.setdefault(model._meta.model_name or "", set()).add(
            name_of_table(model._meta.db_table)
        )
    return found


def _place(model: type[Model], key_of: Callable[[str], str | None]) -> tuple[str, str] | None:
    """Return the key of a first-party model's file and the top-level name that it belongs to."""
    module = sys.modules.get(model.__module__)
    key = key_of(getattr(module, "__file__", None) or "<none>")
    return (key, model.__qualname__.partition(".")[0]) if key is not None else None
