"""Where migrations lie, third parties' included."""

from __future__ import annotations

import importlib.util
import os

from django.apps import AppConfig
from django.conf import settings


def migration_directories(config: AppConfig) -> list[str] | None:
    """Return the directories of an app's migrations, None where it has none."""
    label_modules: dict[str, str | None] = settings.MIGRATION_MODULES
    if config.label not in label_modules:
        directory = os.path.join(config.path, "migrations")
        return [directory] if os.path.isdir(directory) else None
    module = label_modules[config.label]
    if module is None:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return places or None
