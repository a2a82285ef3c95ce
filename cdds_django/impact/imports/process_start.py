"""When this process began: what was edited since may have been loaded before or after that."""

from __future__ import annotations

import os
import time
from pathlib import Path

_IMPORTED_NS = time.time_ns()


def process_started_ns() -> int:
    """Return a time in nanoseconds since the epoch before which this process read no source file.

    From `/proc` (field 22 of proc_pid_stat(5)), to a clock tick. Where there is none, the time at
    which this module was imported, which is later.
    """
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        ticks_per_s = os.sysconf("SC_CLK_TCK")
        booted_ns = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    except (OSError, AttributeError, ValueError):
        return _IMPORTED_NS
    # The tick after: Python takes longer than that to read its first file of a project, and a file
    # that was written right before the process was started isn't taken for one written since.
    return booted_ns + (int(fields[19]) + 1) * 1_000_000_000 // ticks_per_s
