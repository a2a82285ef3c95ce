"""Live servers of several workers whose test classes ask for the same port."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from django.test.testcases import LiveServerThread

from cdds_django.impact.recording.patching import wrap


def yield_taken_ports() -> Callable[[], None]:
    """Have a live server take any free port where the one asked for is in use.

    Tests find it by `live_server_url`. Return what undoes it.
    """

    def create_server(original: Any, thread: Any, **options: Any) -> Any:
        try:
            return original(thread, **options)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not thread.port:
                raise
            thread.port = 0
            return original(thread, **options)

    return wrap(LiveServerThread, "_create_server", create_server)
