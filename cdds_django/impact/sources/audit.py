"""Listening to Python's audit events (PEP 578)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any

from cdds_django.upstream_calls import is_told_otherwise

Hook = Callable[[str, tuple[Any, ...]], None]
"""Takes an event's name and arguments. The frame that raised it is two above the hook's own."""

_hooks: dict[str, list[Hook]] = {}
_installed: list[bool] = []


def listen(events: Collection[str], hook: Hook) -> Callable[[], None]:
    """Have `hook` called at `events`; return what ends that."""
    if not _installed:
        # An audit hook can't be removed, so there is one for good, idle when nobody listens.
        _installed.append(True)
        sys.addaudithook(_audit)
    for event in events:
        _hooks.setdefault(event, []).append(hook)

    def end() -> None:
        for event in events:
            _hooks[event].remove(hook)

    return end


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _hooks and not is_told_otherwise():
        for hook in _hooks[event]:
            hook(event, arguments)
