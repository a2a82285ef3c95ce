"""Hearing that something is about to write to the terminal that isn't a stream of this process.

Programs that a test starts write by themselves, and prompts of `input()` and of debuggers need the
terminal as it is. Python tells of them beforehand:
https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

_EVENTS = frozenset(
    {"subprocess.Popen", "os.system", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"}
    | {"os.exec", "builtins.input", "builtins.breakpoint", "pdb.Pdb"}
)

_listeners: list[Callable[[], None]] = []
_is_hooked = False


def listen(callback: Callable[[], None]) -> Callable[[], None]:
    """Call `callback` whenever it may happen; return what ends that."""
    global _is_hooked
    if not _is_hooked:
        # There is no way to take it away again.
        sys.addaudithook(_heard)
        _is_hooked = True
    _listeners.append(callback)
    return lambda: _listeners.remove(callback)


def _heard(event: str, arguments: Any) -> None:
    if _listeners and event in _EVENTS:
        for callback in _listeners:
            callback()
