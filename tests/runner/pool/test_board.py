"""What workers write while they run is readable after they died."""

from __future__ import annotations

import time

from cdds_django.runner.pool.board import Board, Place, as_written


def test_running(tmp_path):
    board, place = Board(tmp_path), Place(tmp_path, 1)
    place.running("tests.test_a.ATests.test_" + "long" * 50)
    place.running("tests.test_a.ATests.test_b")
    since_s, what = board.running(1)
    assert what == "tests.test_a.ATests.test_b"
    assert -0.01 <= time.monotonic() - since_s < 60
    place.running("")
    assert board.running(1).what == ""
    assert board.running(2).what == "", "it has not come to write"
    place.running("tests.test_c")
    board.clear(1)
    assert board.running(1).what == ""


def test_stop(tmp_path):
    board, place = Board(tmp_path), Place(tmp_path, 1)
    assert not place.stop_asked()
    board.ask_to_stop()
    assert place.stop_asked()


def test_overlong_names_are_cut(tmp_path):
    board, place = Board(tmp_path), Place(tmp_path, 1)
    place.running("ä" * 5000)
    assert board.running(1).what == as_written("ä" * 5000) != "ä" * 5000
    place.running("short")
    assert board.running(1).what == as_written("short") == "short"
