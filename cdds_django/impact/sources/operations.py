"""Operations of the API, by operationId: those called (joined from routes) and those declared.

The fingerprint is the hash in the committed contract snapshot; for an operation of another service
(`payments:createCharge`), which only a declaration can name here, its state in that one's document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from cdds_django.impact.sources.base import Project, watch_nothing

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder


class Operations:
    kind = "operation"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return watch_nothing

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: project.operations.get(key) or project.upstreams.get(key, "") for key in keys}
