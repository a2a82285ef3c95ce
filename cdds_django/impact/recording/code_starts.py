"""Seeing which first-party functions start, as cheaply as each version of Python allows.

On Python 3.12 and later two `sys.monitoring` tools share the work (PEP 669). The *scout* hears of
every code object's first start in the process and is then switched off for it for good, so that
third-party code costs nothing after its first call. Where the code is first-party, the scout hands
it to the *watch*, which hears of its starts from then on. Most functions start a few times in a
test, and hearing of that takes less time than being switched off and armed again. Only for what
starts often is the watch switched off till the scope ends. `restart_events()` would do the arming
in one call, but for all code of all tools.

Python 3.11 has nothing of the kind; see `code_starts_311.py`.
"""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

from cdds_django.impact.recording.listening import CodeStarts, Listener


def code_starts(listener: Listener) -> CodeStarts:
    """Return the cheapest implementation for this Python."""
    if sys.version_info >= (3, 12):
        return _Monitoring(listener)
    from cdds_django.impact.recording.code_starts_311 import Instrumenting

    return Instrumenting(listener)


if sys.version_info >= (3, 12):
    monitoring = sys.monitoring
    EVENTS = monitoring.events

    # Debuggers take 0, coverage 1 (and 3 when it measures itself), profilers 2, optimizers 5.
    _PREFERRED_TOOLS = (4, 3, 5, 2)

    _OFTEN = 5
    """Starts in one scope: arming a code object again takes about as long as hearing of three, and
    whatever is over this number once is armed in each scope from then on."""

    class _Monitoring:
        def __init__(self, listener: Listener) -> None:
            self._listener = listener
            self._hear = listener.started
            self._scout = self._watch = -1
            self._returning: dict[int, CodeType] = {}
            """By id: hashing code objects takes long."""
            self._known: dict[int, CodeType] = {}
            """What was discovered, by id. Whoever else restarts events has all start anew."""
            self._repeated: dict[int, int] = {}
            """How many more times than once code has started in the present scope, by id."""
            self._busy: set[int] = set()
            """What has started often in some scope, by id."""
            self._off: dict[int, CodeType] = {}
            """What the watch is switched off for."""

        def start(self) -> None:
            free = [tool for tool in _PREFERRED_TOOLS if monitoring.get_tool(tool) is None]
            if len(free) < 2:
                raise RuntimeError("Other tools occupy sys.monitoring; recording needs two places.")
            self._scout, self._watch = free[:2]
            monitoring.use_tool_id(self._scout, "cdds_django scout")
            monitoring.use_tool_id(self._watch, "cdds_django watch")
            register = monitoring.register_callback
            register(self._scout, EVENTS.PY_START, self._discovered)
            register(self._watch, EVENTS.PY_START, self._started)
            register(self._watch, EVENTS.PY_RETURN, self._returned)
            monitoring.set_events(self._scout, EVENTS.PY_START)
            # Code that an earlier recording in this process has switched off starts afresh.
            monitoring.restart_events()

        def stop(self) -> None:
            for tool in (self._scout, self._watch):
                monitoring.set_events(tool, 0)
                for event in (EVENTS.PY_START, EVENTS.PY_RETURN):
                    monitoring.register_callback(tool, event, None)
                monitoring.free_tool_id(tool)

        def rearm(self) -> None:
            self._repeated.clear()
            set_local_events, watch = monitoring.set_local_events, self._watch
            while self._off:
                number, code = self._off.popitem()
                if number not in self._returning:
                    set_local_events(watch, code, 0)
                    set_local_events(watch, code, EVENTS.PY_START)

        def watch_returns(self, code: CodeType) -> None:
            self._returning[id(code)] = code
            monitoring.set_local_events(self._watch, code, EVENTS.PY_START | EVENTS.PY_RETURN)

        def _discovered(self, code: CodeType, offset: int) -> Any:
            # Most code is of installed packages. Asking for a frame takes longer than knowing that.
            if not self._listener.watches(code.co_filename):
                return monitoring.DISABLE
            if id(code) in self._known:
                return monitoring.DISABLE
            self._known[id(code)] = code
            if self._listener.discovered(code, sys._getframe(1)):
                if id(code) not in self._returning:
                    monitoring.set_local_events(self._watch, code, EVENTS.PY_START)
                self._listener.started(code)
            return monitoring.DISABLE

        def _started(self, code: CodeType, offset: int) -> Any:
            number = id(code)
            if self._hear(code):
                repeated = self._repeated[number] = self._repeated.get(number, 0) + 1
                if repeated > _OFTEN:
                    self._busy.add(number)
            if number not in self._busy or number in self._returning:
                return None
            # Nothing may come between these two: another thread would arm it too early, for good.
            self._off[number] = code
            return monitoring.DISABLE

        def _returned(self, code: CodeType, offset: int, value: object) -> Any:
            self._listener.returned(code)
