"""Real runs on a pseudo-terminal, and what the screen shows then."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import pytest

WIDTH, HEIGHT = 100, 40

TESTS = """
import os
import subprocess
import time

from django.test import SimpleTestCase


def wait_for(name):
    # However busy the machine is, the other worker comes first.
    until = time.monotonic() + 30
    while "TOGETHER" in os.environ and not os.path.exists(name):
        assert time.monotonic() < until
        time.sleep(0.02)


class FirstTests(SimpleTestCase):
    def test_prints(self):
        time.sleep(0.8)
        print("printed by a test")
        subprocess.run(["sh", "-c", "echo one; echo two; echo three"], check=True)
        os.write(2, b"raw, ")
        os.write(2, b"in two parts\\n")
        open("printed", "w").close()

    def test_waits(self):
        wait_for("failed")
        time.sleep(0.7)


class SecondTests(SimpleTestCase):
    @classmethod
    def tearDownClass(cls):
        open("failed", "w").close()
        super().tearDownClass()

    def test_asks(self):
        wait_for("printed")
        if "ASK" in os.environ:
            self.assertEqual(input("What now? "), "go on")

    def test_fails(self):
        self.assertEqual([1], [2])
"""

SEQUENCE = re.compile(r"\x1b(?:\[([0-9;]*)([A-Za-z])|([78D]))|(.)", re.DOTALL)


class Screen:
    """As much of a terminal as the progress makes use of. Lines don't wrap."""

    def __init__(self):
        self.rows = [""]
        self.row = self.column = 0
        self.saved = (0, 0)
        self.sequences = set()

    def feed(self, text):
        for numbers, final, simple, character in SEQUENCE.findall(text):
            if character:
                self.put(character)
            else:
                self.sequences.add(final or simple)
                self.obey(final or simple, numbers)

    def obey(self, name, numbers):
        if name == "J":
            self.rows[self.row] = self.rows[self.row][: self.column]
            del self.rows[self.row + 1 :]
        elif name == "A":
            self.row -= int(numbers)
        elif name == "D":
            self.down()
        elif name == "7":
            self.saved = (self.row, self.column)
        elif name == "8":
            self.row, self.column = self.saved
        else:
            assert name == "m", name

    def put(self, character):
        if character == "\n":
            self.down()
        elif character == "\r":
            self.column = 0
        else:
            line = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = line[: self.column] + character + line[self.column + 1 :]
            self.column += 1

    def down(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")

    @property
    def lines(self):
        return [line.rstrip() for line in self.rows]


class Seen:
    """What became of a run on a terminal."""

    def __init__(self):
        self.screen = Screen()
        self.areas = []
        """The first lines of all areas that were shown, without colors."""
        self.returncode = None


def run_on_terminal(project, *arguments, answers=(), **environment):
    """Run the tests; `answers` are (what the screen's last line ends with, what is typed then)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    kept = {
        k: v for k, v in project.environment(**environment).items() if k not in ("CI", "COLUMNS")
    }
    process = subprocess.Popen(
        project.command(*arguments),
        cwd=project.path,
        env={**kept, "TERM": "xterm-256color", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, pending = Seen(), list(answers)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            text = os.read(ours, 1 << 16).decode()
        except OSError:  # Linux's way of saying that nobody has the other end any more.
            break
        seen.screen.feed(text)
        seen.areas += re.findall(r"\x1b7\r+\n(.*?)\x1b\[m\r", re.sub(r"\x1b\[[1-9;0]+m", "", text))
        if pending and "".join(seen.screen.rows[seen.screen.row :]).endswith(pending[0][0]):
            os.write(ours, pending.pop(0)[1])
    os.close(ours)
    seen.returncode = process.wait(10)
    return seen


@pytest.fixture
def slow(make_project):
    return make_project({"test_slow.py": TESTS})


def test_workers(slow):
    seen = run_on_terminal(slow, "--parallel", "2", TOGETHER="1")
    lines = seen.screen.lines
    assert seen.returncode == 1, lines
    # There was an area.
    assert any(re.match(r"[0-4]/4 .*━", area) for area in seen.areas), seen.areas
    assert seen.screen.sequences <= set("JAD78m")
    # Nothing of it is left, and nothing of what others wrote is lost.
    text = "\n".join(lines)
    assert "━" not in text
    assert "test_slow.FirstTests 0:" not in text
    start = lines.index("printed by a test")
    assert lines[start : start + 5] == [
        "printed by a test",
        "one",
        "two",
        "three",
        "raw, in two parts",
    ]
    # A failure is told when it happens, and wholly at the end.
    told = lines.index("FAIL: test_slow.SecondTests.test_fails")
    assert lines[told + 1] == "  AssertionError: Lists differ: [1] != [2]"
    assert text.count("FAIL: test_slow.SecondTests.test_fails") == 1
    assert text.count("Traceback (most recent call last)") == 1
    assert [line for line in lines if line][-1] == "3 passed, 1 failed"


def test_one_process_that_asks(slow):
    seen = run_on_terminal(
        slow, "--parallel", "1", "-v", "2", answers=[("What now? ", b"go on\n")], ASK="1"
    )
    lines = seen.screen.lines
    assert any(re.match(r"[0-4]/4 ", area) for area in seen.areas), seen.areas
    assert "test_asks (test_slow.SecondTests.test_asks) ... What now? go on" in lines
    start = next(n for n, line in enumerate(lines) if line.endswith("printed by a test"))
    assert lines[start + 1 : start + 4] == ["one", "two", "three"]
    assert "━" not in "\n".join(lines)
    assert [line for line in lines if line][-1] == "3 passed, 1 failed"
    # unittest has named the test already.
    assert "  AssertionError: Lists differ: [1] != [2]" in lines
    assert "FAIL: test_slow.SecondTests.test_fails" not in lines


def test_pipes_get_plain_text(slow):
    run = slow.test("--parallel", "2", TERM="xterm-256color", TOGETHER="1")
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", run.text)
    assert run.last_line == "3 passed, 1 failed"
    assert re.search(r"^\.F", run.errors, re.MULTILINE), run.errors
    assert "printed by a test" in run.output
