"""`runner.running.garbage`: frozen for a while, and by whoever did it first."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from cdds_django.runner.running.garbage import loaded_objects_spared


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_is_made_inside_is_still_collected() -> None:
    before: list[object] = []
    before.append(before)
    with loaded_objects_spared():
        made: list[object] = []
        made.append(made)
        seen = {id(one) for one in gc.get_objects()}
        assert id(before) not in seen
        assert id(made) in seen
        del made
        assert gc.collect() >= 1
    assert gc.get_freeze_count() == 0


def test_it_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), loaded_objects_spared():
        1 / 0  # noqa: B018
    assert gc.get_freeze_count() == 0


def test_what_somebody_else_froze_stays_frozen() -> None:
    gc.freeze()
    with loaded_objects_spared():
        pass
    assert gc.get_freeze_count() > 0
