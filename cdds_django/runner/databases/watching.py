"""Seeing what runs while databases are made, whether or not the run is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import (
    STAND_INS,
    WRITTEN,
    Dependencies,
    Dependency,
    Recording,
    merge_fills,
    with_fills,
)
from cdds_django.impact.sources.catalogue import SOURCES


@dataclass
class Watch:
    """What was seen."""

    earlier: Recording = field(default_factory=Recording)
    """By the run's recorder, before the watch began."""
    recording: Recording = field(default_factory=Recording)

    def dependencies(self) -> Dependencies:
        """Return what the databases depend on, as far as something ran or was read."""
        seen = self.recording
        found = with_fills(seen.shared, merge_fills((seen,)))
        written = {Dependency("file", key) for kind, key in found if kind == WRITTEN}
        return frozenset(one for one in found - written if one.kind not in STAND_INS)


@contextmanager
def watching(tree: SourceTree, recorder: Recorder | None) -> Iterator[Watch]:
    """Yield what holds, at the end, all that ran inside. `recorder` is the run's, if it has one."""
    watch = Watch()
    own = recorder if recorder is not None else Recorder(tree, SOURCES)
    if recorder is None:
        own.start()
        own.take()
    else:
        own.share()
        watch.earlier = own.hand_over()
    try:
        yield watch
    finally:
        own.share()
        watch.recording = own.hand_over()
        if recorder is None:
            own.stop()
