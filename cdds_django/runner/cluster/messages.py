"""What passes between the client and the hosts. Dask's own processes hand it on unread."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdds_django.impact.records import Dependency, Recording
from cdds_django.runner.coverage.points import Measured


@dataclass(frozen=True, kw_only=True)
class HostPlan:
    """What a host is told first."""

    run: str
    """Unique to the test run."""
    worker: int
    """The number of the place, from 1."""
    databases: Mapping[str, bool]
    """The aliases in use, and whether their content is wanted for `serialized_rollback`."""
    modules: tuple[str, ...]
    """What discovery imported, to be imported before databases are made."""
    path: tuple[str, ...]
    """The directories from which the client imports the project, by their paths from its root."""
    anew: bool
    """Whether databases are to be made anew."""
    check: bool
    """Whether Django's system checks are to run; one host does that for all."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A host has databases."""

    recordings: tuple[Recording, ...]
    """What was seen meanwhile, which is what every test depends on."""
    lines: Measured
    tracers: Mapping[str, str]
    made_databases: bool
    """Whether it made them, or found them made."""
    brings_back: bool
    """Whether no test finds other rows than the template's, whatever ran before it."""


@dataclass(frozen=True, kw_only=True)
class NotReady:
    """A host can't run tests."""

    text: str
    is_check: bool = False
    """Whether Django's system checks say so."""


@dataclass(frozen=True, kw_only=True)
class Begin:
    """How the process begins that runs tests."""

    generation: int
    """How many processes have had this number, with it."""
    random_seed: int | None


@dataclass(frozen=True, kw_only=True)
class Work:
    """An order. It is answered by `BatchAnswer`s, or by `Ended`."""

    content: bytes
    """The tests, pickled."""
    number: int
    """How many they are."""
    begin: Begin | None
    """Where a new process is to run them."""


@dataclass(frozen=True, kw_only=True)
class Finish:
    """The run is over. It is answered by `Finished`."""

    states: Mapping[Dependency, str] = field(default_factory=dict, repr=False)
    """The fingerprints where the client is of what tests depended on that isn't code."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What is left to be told."""

    lines: Measured
    tracers: Mapping[str, str]
    differing: frozenset[Dependency] = frozenset()
    """What has another fingerprint here."""


@dataclass(frozen=True)
class Stop:
    """No further test is to begin. It isn't answered."""


def packed(message: Any) -> bytes:
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
