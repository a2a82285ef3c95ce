"""The live area's lines."""

from __future__ import annotations

import os
import pty
import re
import time

import pytest
from rich.cells import cell_len

from cdds_django.runner.progress.expectation import Expectation
from cdds_django.runner.progress.looks import Looks
from cdds_django.runner.progress.state import Failure, Running, State

CONTROL = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def terminal():
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:
        yield stream
    os.close(ours)


def a_state(workers=2, **more):
    names = [f"shop.orders.tests.test_checkout.Checkout{n:02}Tests" for n in range(workers)]
    return State(
        **{
            "total": 5400,
            "workers": workers,
            "expectation": Expectation(
                ["a.T.t"], durations_s={"a.T.t": 240.0 * workers}, set_ups_s={}, workers=workers
            ),
            "began_s": time.monotonic() - 7,
            "done": 1200,
            "running": [
                Running(n + 1, name, time.monotonic() - 65 + n) for n, name in enumerate(names)
            ],
            **more,
        }
    )


def drawn(monkeypatch, stream, width, height, state, colors=False):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LINES", str(height))
    return Looks(stream, colors=colors).lines(state)


def test_two_workers(monkeypatch, terminal):
    failed = [Failure("FAIL", "a.T.t", "")] * 3
    lines = drawn(monkeypatch, terminal, 100, 30, a_state(failures=failed))
    assert lines[0].split(" ")[0] == "1,200/5,400"
    assert lines[0].endswith("  3 failed  0:07  about 4 min left")
    assert lines[1:] == [
        " 1 shop.orders.tests.test_checkout.Checkout00Tests 1:05",
        " 2 shop.orders.tests.test_checkout.Checkout01Tests 1:04",
    ]
    (first, *_) = drawn(monkeypatch, terminal, 100, 30, a_state(is_stopping=True))
    assert "stopping after the tests that run now" in first


@pytest.mark.parametrize("width", [200, 120, 80, 38, 12, 3])
@pytest.mark.parametrize("colors", [True, False])
def test_nothing_is_wider_than_the_terminal(monkeypatch, terminal, width, colors):
    for height in (30, 5, 2):
        lines = drawn(monkeypatch, terminal, width, height, a_state(16), colors)
        plain = [CONTROL.sub("", line) for line in lines]
        assert max(map(cell_len, plain)) < width
        assert 1 <= len(lines) <= min(7, max(1, height - 2))
        assert colors or plain == lines
        assert not any("\x1b" in line or "\n" in line for line in plain)


def test_many_workers_share_rows(monkeypatch, terminal):
    lines = drawn(monkeypatch, terminal, 200, 30, a_state(16))
    assert len(lines) == 5
    text = "\n".join(lines)
    assert all(f"Checkout{n:02}Tests" in text for n in range(16))
    # With less room, those that have run for longest.
    lines = drawn(monkeypatch, terminal, 60, 30, a_state(16))
    assert len(lines) == 7
    assert lines[1] == " 1 shop.orders.tests.test_checkout.Checkout00Tests 1:05"
    assert lines[-1] == " and 11 more"


def test_failures_can_be_searched_for(monkeypatch, terminal):
    monkeypatch.setenv("COLUMNS", "20")
    looks = Looks(terminal, colors=False)
    failure = Failure("FAIL", "shop.tests.OrderTests.test_total", "AssertionError: [1] != {2}")
    assert looks.failure(failure, with_name=True) == (
        "FAIL: shop.tests.OrderTests.test_total\n  AssertionError: [1] != {2}\n"
    )
    assert looks.failure(failure, with_name=False) == "  AssertionError: [1] != {2}\n"
    colored = Looks(terminal, colors=True).failure(failure, with_name=True)
    assert CONTROL.sub("", colored) == looks.failure(failure, with_name=True)
