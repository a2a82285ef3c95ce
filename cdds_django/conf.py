"""The settings of this package: the dict `CDDS` of a project's Django settings, typed.

Only commands, checks and the runner read this module; everything else is passed what it needs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from django.conf import settings as django_settings

DEFAULTS: Mapping[str, Any] = {
    "SNAPSHOT": ".contract-snapshot.json",
    "STATE_DIR": ".cdds",
    "SOURCES": ["."],
    "WATCH": [],
    "DELTA": False,
    "RECORD": True,
    "PARALLEL": "auto",
    "KEEPDB": True,
    "MAX_TEMPLATES": 8,
    "DATABASE_INPUTS": [],
    "TRANSACTION_TESTS": "seeded",
    "FAST_HASHER": True,
    "ISOLATE_CACHES": True,
    "ISOLATE_MEDIA": True,
    "COVERAGE": False,
    "COLD_START": "full",
    "UPSTREAMS": {},
    "MAX_WORKERS": None,
    "RETRIES": 0,
    "RANDOM_SEED": 0,
    "SPEED_LIMITS": [0.1, 1.0],
    "MAP_STORAGE": None,
    "CLUSTER_OWN": [],
    "GITHUB": True,
    "CONTRACT_POLICY": ".contract-policy.toml",
}


class Settings:
    """Each property reads its setting anew, so that `override_settings(CDDS=…)` works."""

    def _get(self, name: str) -> Any:
        configured = getattr(django_settings, "CDDS", {})
        return configured.get(name, DEFAULTS[name])

    @property
    def root(self) -> Path:
        """The directory that relative paths start from: where the command was started."""
        return Path.cwd()

    @property
    def snapshot(self) -> Path:
        """Where the contract snapshot is committed."""
        return self.root / str(self._get("SNAPSHOT"))

    @property
    def state_dir(self) -> Path:
        """Where the impact map and other local state live; `CDDS_STATE_DIR` wins."""
        return self.root / (os.environ.get("CDDS_STATE_DIR") or self._get("STATE_DIR"))

    @property
    def sources(self) -> tuple[Path, ...]:
        """The directories that hold first-party code."""
        return tuple(self.root / source for source in self._get("SOURCES"))

    @property
    def watch(self) -> tuple[str, ...]:
        """Paths or glob patterns of extra files that every test depends on."""
        return tuple(self._get("WATCH"))

    @property
    def delta(self) -> bool:
        """Whether `test` selects as with `--delta`."""
        return cast(bool, self._get("DELTA"))

    @property
    def record(self) -> bool:
        """Whether runs record the impact map."""
        return cast(bool, self._get("RECORD"))

    @property
    def parallel(self) -> int | Literal["auto"]:
        """The number of workers when `--parallel` isn't given."""
        return cast("int | Literal['auto']", self._get("PARALLEL"))

    @property
    def keepdb(self) -> bool:
        """Whether test databases are kept for the next run."""
        return cast(bool, self._get("KEEPDB"))

    @property
    def max_templates(self) -> int:
        """How many templates of one test database are kept."""
        return cast(int, self._get("MAX_TEMPLATES"))

    @property
    def database_inputs(self) -> tuple[Path, ...]:
        """Extra files that test databases are made from, in an order that is always the same."""
        found = (path for p in self._get("DATABASE_INPUTS") for path in self.root.glob(str(p)))
        return tuple(sorted(set(found)))

    @property
    def transaction_tests(self) -> Literal["seeded", "flushed"]:
        """What tests that don't roll back leave to the next: the template, or as Django does."""
        return cast("Literal['seeded', 'flushed']", self._get("TRANSACTION_TESTS"))

    @property
    def fast_hasher(self) -> bool:
        """Whether passwords are hashed with MD5 while tests run."""
        return cast(bool, self._get("FAST_HASHER"))

    @property
    def isolate_caches(self) -> bool:
        """Whether each worker has cache keys of its own."""
        return cast(bool, self._get("ISOLATE_CACHES"))

    @property
    def isolate_media(self) -> bool:
        """Whether each worker has a MEDIA_ROOT of its own."""
        return cast(bool, self._get("ISOLATE_MEDIA"))

    @property
    def coverage(self) -> bool:
        """Whether runs measure coverage as with `--coverage`."""
        return cast(bool, self._get("COVERAGE"))

    @property
    def cold_start(self) -> Literal["full", "tags"]:
        """What `--delta` does without a map: run everything, or trust `@covers` alone."""
        return cast("Literal['full', 'tags']", self._get("COLD_START"))

    @property
    def upstreams(self) -> dict[str, Path]:
        """The OpenAPI documents of other services, or directories of them, by name."""
        return {name: self.root / path for name, path in self._get("UPSTREAMS").items()}

    @property
    def contract_policy(self) -> Path:
        """Where levels of rules and approvals of breaking changes are committed."""
        return self.root / str(self._get("CONTRACT_POLICY"))

    @property
    def map_storage(self) -> str | None:
        """The alias in `STORAGES` of where impact maps are kept for other machines, if any."""
        return cast("str | None", self._get("MAP_STORAGE"))

    @property
    def cluster_own(self) -> tuple[str, ...]:
        """Names of settings and variables that each machine of a cluster has its own value of."""
        return tuple(self._get("CLUSTER_OWN"))

    @property
    def github(self) -> bool:
        """Whether GitHub Actions is told of a run, where it runs there."""
        return cast(bool, self._get("GITHUB"))

    @property
    def max_workers(self) -> int | None:
        """The most workers that a run may start, or None for no limit."""
        return cast("int | None", self._get("MAX_WORKERS"))

    @property
    def retries(self) -> int:
        """How often a failing test is tried again when `--retries` isn't given."""
        return cast(int, self._get("RETRIES"))

    @property
    def random_seed(self) -> int | None:
        """What random numbers are seeded by before each test, or None to leave them alone."""
        return cast("int | None", self._get("RANDOM_SEED"))

    @property
    def speed_limits(self) -> tuple[float, float]:
        """The seconds from which on a test is medium, and slow."""
        medium, slow = self._get("SPEED_LIMITS")
        return medium, slow


settings = Settings()
