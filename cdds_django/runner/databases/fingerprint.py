"""The fingerprint of what shapes a test database, as far as that can be told before it is made.

What code ran and which files were read while it was made is known afterwards only, and is kept with
the template (`inputs.py`).
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import signals

from cdds_django.impact.code.tree import digest
from cdds_django.impact.sources.settings import plain
from cdds_django.runner.databases.kept_digests import KeptDigests
from cdds_django.runner.databases.migration_files import migration_directories
from cdds_django.runner.databases.model_states import permissions_of, state_of

_SCHEMA = "1"

_SETTINGS = (
    "AUTH_USER_MODEL",
    "DATABASE_ROUTERS",
    "DEFAULT_AUTO_FIELD",
    "DEFAULT_INDEX_TABLESPACE",
    "DEFAULT_TABLESPACE",
    "INSTALLED_APPS",
    "LANGUAGE_CODE",
    "MIGRATION_MODULES",
    "SITE_ID",
    "TIME_ZONE",
    "USE_I18N",
    "USE_TZ",
)
"""What Django's own migrations and receivers read. What others read is seen when it happens."""

_WITHOUT_EFFECT = frozenset({"NAME", "MIRROR", "DEPENDENCIES"})
"""Of the dict TEST: where the database is, and in which order with others it is made."""
_CONNECTING = frozenset({"pool", "password", "passfile", "passwd", "timeout", "connect_timeout"})
"""Of OPTIONS: how to connect, not to what."""


class Fingerprints:
    """The fingerprints of one run's test databases. Reads files no more than it must."""

    def __init__(self, digests: KeptDigests, inputs: Iterable[Path]) -> None:
        """`inputs` are further files that databases are made from; they need not exist."""
        self._digests = digests
        self._inputs = tuple(inputs)
        self._common: str | None = None

    def of(self, alias: str, server: str) -> str:
        """Return the fingerprint of an alias's test database.

        `server` says which driver and server it is on, with their versions.
        """
        if self._common is None:
            self._common = digest("\0".join(self._shared_parts()).encode("utf-8", "replace"))
        wanted = connections[alias].settings_dict
        test = {k: v for k, v in wanted["TEST"].items() if k not in _WITHOUT_EFFECT}
        options = {k: v for k, v in wanted["OPTIONS"].items() if k not in _CONNECTING}
        parts = [
            *(self._common, alias, server, plain(wanted["ENGINE"]), plain(wanted["TIME_ZONE"])),
            *(plain(test), plain(options)),
            *self._schema_parts(migrate=test.get("MIGRATE") is not False),
        ]
        return digest("\0".join(parts).encode("utf-8", "replace"))

    def _shared_parts(self) -> Iterator[str]:
        yield from (_SCHEMA, django.get_version(), platform.python_version(), sys.platform)
        for name in _SETTINGS:
            yield f"{name} {plain(getattr(settings, name, None))}"
        yield f"cache tables {plain(_cache_tables(settings.CACHES))}"
        for model in apps.get_models(include_auto_created=True):
            yield permissions_of(model)
        for signal in (signals.pre_migrate, signals.post_migrate):
            yield plain(sorted(map(_name_of_receiver, signal.receivers)))
        for path in self._inputs:
            yield f"{path.name} {self._digests.of_file(str(path))}"

    def _schema_parts(self, *, migrate: bool) -> Iterator[str]:
        for config in apps.get_app_configs():
            directories = migration_directories(config) if migrate else None
            if directories is not None:
                found = map(self._digests.of_directory, directories)
                yield f"{config.label} {' '.join(found)}"
            else:
                yield from (state_of(model) for model in config.get_models())


def _cache_tables(caches: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the tables that `createcachetable` makes."""
    return sorted(
        str(config.get("LOCATION", ""))
        for config in caches.values()
        if str(config.get("BACKEND", "")).endswith("DatabaseCache")
    )


def _name_of_receiver(entry: Any) -> str:
    receiver = entry[1]
    # Django holds most of them weakly.
    target = receiver() if type(receiver).__name__ in ("ReferenceType", "WeakMethod") else receiver
    module, name = (getattr(target, key, "") for key in ("__module__", "__qualname__"))
    return f"{module}.{name}"
