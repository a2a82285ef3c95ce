"""Operations of other services, as their stand-in tells who called them.

While tests run, calls are noted by the document that the stand-in was made from. `UPSTREAMS` gives
documents names, so only whoever knows that setting can join the two (`dependencies_of_call`). A
document without a name counts as a file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from types import FrameType
from typing import TYPE_CHECKING

from cdds_django import upstream_calls
from cdds_django.impact.code.tree import ABSENT
from cdds_django.impact.records import UPSTREAM_CALL, Dependency
from cdds_django.impact.sources.base import Project, watch_nothing

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

UPSTREAM, UPSTREAM_CALLER = "upstream", "upstream_caller"

_PARTS = ("request", "response", "examples", "related operations")
"""What the parts of a state are of. The examples differ as well where a part before them does."""

_SEPARATOR = "\n"


class UpstreamOperations:
    """Keys are `payments:POST /charges`: the service and the operation."""

    kind = UPSTREAM

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        tree = recorder.tree

        def called(document: str, operation: str, from_caller: bool) -> None:
            key = os.path.relpath(document, tree.root).replace(os.sep, "/")
            caller = _caller(sys._getframe(1), tree.key) if from_caller else ""
            recorder.note(UPSTREAM_CALL, _SEPARATOR.join((key, operation, caller)))

        return upstream_calls.listen(called)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return {key: project.upstreams.get(key, ABSENT) for key in keys}


class UpstreamCallers:
    """From which of the project's files operations were called: for people, without a state.

    Keys are those of the operations, a space, and the file.
    """

    kind = UPSTREAM_CALLER

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        return watch_nothing

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


def dependencies_of_call(key: str, services: Mapping[str, str]) -> tuple[Dependency, ...]:
    """Return what a noted call means. `services` are the names of documents, by path from the
    root."""
    document, operation, caller = key.split(_SEPARATOR)
    service = services.get(document)
    if service is None:
        return (Dependency("file", document),)
    called = f"{service}:{operation}"
    in_use = Dependency(UPSTREAM, f"{service}:{upstream_calls.IN_USE}")
    if operation == upstream_calls.IN_USE or not caller:
        return (in_use, Dependency(UPSTREAM, called))
    return (
        in_use,
        Dependency(UPSTREAM, called),
        Dependency(UPSTREAM_CALLER, f"{called} {caller}"),
    )


def operation_and_caller(key: str) -> tuple[str, str]:
    """Return the two parts of an `upstream_caller` key, the caller as a dotted module."""
    operation, _, caller = key.rpartition(" ")
    return operation, caller.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def change_of(before: str, now: str) -> str:
    """Return what differs between two states: "response changed", "removed"."""
    if now == ABSENT:
        return "removed"
    if before == ABSENT:
        return "added"
    old, new = before.split(":"), now.split(":")
    if not len(old) == len(new) == len(_PARTS):
        return "changed"
    parts = [part for part, a, b in zip(_PARTS, old, new, strict=True) if a != b]
    promised = [part for part in parts if part in _PARTS[:2]]
    return f"{' and '.join(promised or parts[:1])} changed"


def sentence(key: str, change: str) -> str:
    """Return "payments: POST /charges response changed"."""
    service, _, operation = key.partition(":")
    done = f"was {change}" if change in ("added", "removed") else change
    if operation == upstream_calls.IN_USE:
        return f"{service}: its document {'changed' if 'changed' in change else done}"
    if operation == upstream_calls.UNKNOWN:
        return f"{service}: its list of operations changed"
    return f"{service}: {operation} {done}"


def _caller(frame: FrameType | None, key_of: Callable[[str], str | None]) -> str:
    """Return the key of the nearest first-party file on the stack; nothing where there is none."""
    while frame is not None:
        key = key_of(frame.f_code.co_filename)
        if key is not None:
            return key
        frame = frame.f_back
    return ""
