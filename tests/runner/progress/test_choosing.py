"""Where a live area is shown, and where lines."""

from __future__ import annotations

import io
import os
import pty
import sys

import pytest

from cdds_django.runner.progress.choosing import has_colors, is_terminal, progress_for
from cdds_django.runner.progress.progress import LineProgress, LiveProgress, Progress

XTERM = {"TERM": "xterm-256color"}


@pytest.fixture
def on_terminal(monkeypatch):
    """A function that has standard error lead to a terminal; standard output doesn't."""
    ours, theirs = pty.openpty()
    with open(theirs, "w") as stream:
        # Not before the test begins: pytest sets the streams anew then.
        yield lambda: monkeypatch.setattr(sys, "stderr", stream)
    os.close(ours)


def kind(environment, **options):
    return type(progress_for(options, environment))


def test_a_terminal_is_drawn_on(on_terminal):
    on_terminal()
    assert kind(XTERM, verbosity=1) is LiveProgress
    assert kind(XTERM, verbosity=3) is LiveProgress
    assert kind({**XTERM, "CI": "false"}) is LiveProgress


def test_lines_elsewhere(on_terminal, monkeypatch):
    on_terminal()
    assert kind({**XTERM, "CI": "true"}) is LineProgress
    assert kind({"TERM": "dumb"}) is LineProgress
    assert kind({}) is LineProgress
    # The terminal is the debugger's.
    assert kind(XTERM, pdb=True) is LineProgress
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert kind(XTERM) is LineProgress
    assert not is_terminal(None)


def test_nothing_where_nothing_is_wanted(on_terminal):
    on_terminal()
    assert kind(XTERM, verbosity=0) is Progress


def test_colors():
    assert has_colors({}, XTERM)
    assert not has_colors({"no_color": True}, XTERM)
    assert not has_colors({}, {"NO_COLOR": "1"})
    assert not has_colors({}, {"DJANGO_COLORS": "nocolor"})
    assert has_colors({"force_color": True}, {"NO_COLOR": "1"})
