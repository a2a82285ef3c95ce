"""The project's own OpenAPI document, built by drf-spectacular without editing the project."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cdds_django.contract.collector import paused
from cdds_django.contract.literals import JsonObject
from cdds_django.contract.origins import Origins, origins_of, recorded_views
from cdds_django.errors import ContractError


@dataclass(frozen=True, kw_only=True)
class ProjectSchema:
    """What drf-spectacular makes of the project."""

    document: JsonObject
    """OpenAPI 3.0 or 3.1, as `SPECTACULAR_SETTINGS["OAS_VERSION"]` says; plain JSON values."""
    warnings: tuple[str, ...]
    """What drf-spectacular could only guess, sorted."""
    origins: Origins
    """Which code is behind which part of the document."""


def build_schema() -> ProjectSchema:
    """Return the OpenAPI document of the running project, all its operations included.

    Nothing is printed. Works without `drf_spectacular` in INSTALLED_APPS and with DRF's default
    schema class. Raises ContractError, naming the remedy, when DRF or drf-spectacular is missing
    or the schema can't be built.
    """
    _require_packages()
    from django.utils import translation
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.renderers import OpenApiJsonRenderer

    # Labels and help texts would follow whatever language happens to be active.
    with (
        paused(),
        GENERATOR_STATS.silence(),
        _schema_class(),
        translation.override(None),
        recorded_views() as operations,
    ):
        try:
            generator = _generator()
            schema = generator.get_schema(request=None, public=True)
            rendered = OpenApiJsonRenderer().render(schema, renderer_context={})
        # The project's own code runs here: serializers, querysets, hooks.
        except Exception as error:
            raise ContractError(
                f"The schema can't be built: {type(error).__name__}: {error} "
                "To see where, run: manage.py spectacular"
            ) from error
        warnings = sorted({*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache})
        origins = origins_of(generator.registry, operations)
    document = json.loads(rendered)
    _require_operations(document)
    return ProjectSchema(document=document, warnings=tuple(warnings), origins=origins)


def _require_packages() -> None:
    try:
        importlib.import_module("rest_framework")
        importlib.import_module("drf_spectacular.generators")
    except ImportError as error:
        package = {
            "rest_framework": "djangorestframework",
            "drf_spectacular": "drf-spectacular",
        }.get(error.name or "", error.name)
        raise ContractError(
            "A contract is made from Django REST framework's views by drf-spectacular, and "
            f"{package} isn't installed. Run: pip install djangorestframework drf-spectacular"
        ) from error


def _require_operations(document: JsonObject) -> None:
    from django.apps import apps

    if not document.get("paths") and not apps.is_installed("rest_framework"):
        raise ContractError(
            "This project has no contract: no route leads to a view of Django REST framework. "
            'If it has an API, add "rest_framework" to INSTALLED_APPS and its routes to '
            "ROOT_URLCONF."
        )


def _generator() -> Any:
    """Return the project's generator, made to accept views with a schema class of DRF's own."""
    from drf_spectacular.openapi import AutoSchema
    from drf_spectacular.settings import spectacular_settings

    base: Any = spectacular_settings.DEFAULT_GENERATOR_CLASS

    class Generator(base):  # type: ignore[misc]
        def create_view(self, callback: Any, method: str, request: Any = None) -> Any:
            view = super().create_view(callback, method, request)
            if not isinstance(view.schema, AutoSchema):
                view.schema = AutoSchema()
            return view

    return Generator()


@contextmanager
def _schema_class() -> Iterator[None]:
    """Make drf-spectacular's schema class the default unless the project chose one of its kind."""
    from drf_spectacular.openapi import AutoSchema
    from rest_framework.settings import api_settings

    settings: Any = api_settings
    configured = settings.DEFAULT_SCHEMA_CLASS
    if isinstance(configured, type) and issubclass(configured, AutoSchema):
        yield
        return
    # The attribute is DRF's own cache of the setting.
    settings.DEFAULT_SCHEMA_CLASS = AutoSchema
    try:
        yield
    finally:
        settings.DEFAULT_SCHEMA_CLASS = configured
