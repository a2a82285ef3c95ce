"""Which kind of progress suits where a run's output goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any

from cdds_django.runner.progress.area import Area
from cdds_django.runner.progress.progress import LineProgress, LiveProgress, Progress

_DUMB = ("", "dumb", "unknown")


def progress_for(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Progress:
    """Return what tells of a run with these options of `manage.py test`.

    A live area needs a terminal that a person looks at. Under --pdb the terminal is the debugger's.
    """
    environ = os.environ if environ is None else environ
    verbosity = options.get("verbosity", 1)
    if verbosity < 1:
        return Progress()
    stream = sys.stderr
    if options.get("pdb") or not is_live_terminal(stream, environ):
        return LineProgress(stream, after_dots=verbosity == 1)
    others = [sys.stdout] if is_terminal(sys.stdout) else []
    colors = has_colors(options, environ)

    def looks() -> Any:
        from cdds_django.runner.progress.looks import Looks

        return Looks(stream, colors=colors)

    return LiveProgress(Area(stream, others), looks, stream, names_tests=verbosity > 1)


def is_live_terminal(stream: Any, environ: Mapping[str, str]) -> bool:
    """Whether a stream leads to a terminal on which lines can be drawn again."""
    return (
        is_terminal(stream)
        and environ.get("TERM", "") not in _DUMB
        and environ.get("CI", "").lower() in ("", "0", "false")
    )


def is_terminal(stream: Any) -> bool:
    """Whether a stream is one of Python's own and leads to a terminal."""
    try:
        return isinstance(stream, TextIOWrapper) and os.isatty(stream.fileno())
    except (OSError, ValueError):
        return False


def has_colors(options: Mapping[str, Any], environ: Mapping[str, str]) -> bool:
    """Whether colors are wanted, by Django's options and variables and by NO_COLOR."""
    if options.get("no_color"):
        return False
    if options.get("force_color"):
        return True
    is_off = environ.get("NO_COLOR") or environ.get("DJANGO_COLORS") == "nocolor"
    return not is_off
