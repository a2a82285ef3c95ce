"""What every kind of dependency provides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from cdds_django.impact.code.tree import SourceTree

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder


@dataclass(frozen=True, kw_only=True)
class Project:
    """What fingerprints are taken of: the project as it is now."""

    tree: SourceTree
    operations: Mapping[str, str]
    """The contract's hash of each operation, by operationId; empty without a snapshot."""
    watched: tuple[str, ...] = ()
    """Glob patterns of files that every test depends on."""
    settings: object = field(default_factory=lambda: settings)
    """What has Django's settings as attributes, with the values that count as the project's."""
    upstreams: Mapping[str, str] = field(default_factory=dict)
    """The state of each operation of other services, as `payments:POST /charges`."""


class Source(Protocol):
    """One kind of dependency."""

    kind: str

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        """Begin to note dependencies of this kind as they are met; return what ends it."""

    def shared(self, project: Project) -> Iterable[str]:
        """Return the keys that every test depends on, whatever it does."""

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        """Return the present state of each key."""


def watch_nothing() -> None:
    """End watching where there was nothing to begin."""
