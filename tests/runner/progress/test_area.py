"""Drawing below what is written, on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import tty

import pytest

from cdds_django.runner.progress.area import Area

END = b"\0"


class Terminal:
    """What a terminal is sent."""

    def __init__(self):
        self.ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self.stream = os.fdopen(theirs, "w", buffering=1, encoding="utf-8")

    def sent(self):
        # What was written may still be on its way; what is written last arrives last.
        os.write(self.stream.fileno(), END)
        found = b""
        while not found.endswith(END):
            found += os.read(self.ours, 100_000)
        return found.removesuffix(END).decode()

    def close(self):
        self.stream.close()
        os.close(self.ours)


@pytest.fixture
def terminal():
    made = Terminal()
    yield made
    made.close()


@pytest.fixture
def area(terminal):
    made = Area(terminal.stream)
    made.open()
    yield made
    made.close()


DRAWN = "\x1b[J\x1bD\x1bD\x1b[2A\x1b7\r\none\x1b[m\r\ntwo\x1b[m\x1b8"
"""Room for two lines below, the cursor kept, the lines, the cursor back."""


def test_it_is_drawn_below_the_cursor(area, terminal):
    area.draw(["one", "two"])
    assert terminal.sent() == DRAWN
    area.draw(["one", "two"])
    assert terminal.sent() == ""
    area.draw(["new"])
    assert terminal.sent() == "\x1b[J\x1bD\x1b[1A\x1b7\r\nnew\x1b[m\x1b8"
    area.erase()
    area.erase()
    assert terminal.sent() == "\x1b[J"


def test_who_writes_gets_room(area, terminal):
    print("before", file=terminal.stream)
    assert terminal.sent() == "before\n"
    area.draw(["one", "two"])
    print("within", file=terminal.stream, end="")
    assert terminal.sent() == f"{DRAWN}\x1b[J"
    assert area.is_within_line
    area.draw(["one", "two"])
    assert terminal.sent() == f"within{DRAWN}"
    area.write_bytes(b"of a worker\n")
    assert terminal.sent() == "\x1b[Jof a worker\n"
    assert not area.is_within_line


def test_flushing_makes_room(area, terminal):
    """`input()` flushes before it asks."""
    area.draw(["one", "two"])
    terminal.sent()
    terminal.stream.flush()
    assert terminal.sent() == "\x1b[J"


def test_other_programs_get_room(area, terminal):
    area.draw(["one", "two"])
    terminal.sent()
    subprocess.run(["true"], check=True)
    assert terminal.sent() == "\x1b[J"


def test_the_stream_is_left_as_it_was(area, terminal):
    assert vars(terminal.stream).keys() >= {"write", "flush"}
    area.draw(["one", "two"])
    terminal.sent()
    area.close()
    assert vars(terminal.stream).keys().isdisjoint({"write", "writelines", "flush"})
    assert terminal.sent() == "\x1b[J"
    subprocess.run(["true"], check=True)
    print("after", file=terminal.stream)
    assert terminal.sent() == "after\n"


def test_a_forked_process_leaves_the_area_alone(area, terminal, monkeypatch):
    area.draw(["one", "two"])
    terminal.sent()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    print("of the child", file=terminal.stream)
    assert terminal.sent() == "of the child\n"
