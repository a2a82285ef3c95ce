"""What workers write while they run is readable after they died."""

from __future__ import annotations

from cdds_django.runner.board import Board, Place


def test_running_and_ended(tmp_path):
    board = Board(tmp_path)
    places = {number: Place(tmp_path, number) for number in (1, 2, 3)}
    places[1].write("tests.test_a.ATests.test_" + "long" * 50)
    places[1].write("tests.test_a.ATests.test_b")
    places[2].write("tests.test_c")
    places[2].write("")
    places[3].write("tests.test_d")
    places[3].write_ended()
    assert board.running() == {1: "tests.test_a.ATests.test_b"}
    board.clear()
    assert board.running() == {}


def test_stop(tmp_path):
    board, place = Board(tmp_path), Place(tmp_path, 1)
    assert not place.stop_asked()
    board.ask_to_stop()
    assert place.stop_asked()


def test_overlong_names_are_cut(tmp_path):
    place = Place(tmp_path, 1)
    place.write("ä" * 2000)
    place.write("short")
    assert Board(tmp_path).running() == {1: "short"}
