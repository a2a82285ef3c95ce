"""`impact.heap`: objects are found whether or not the garbage collector looks at them."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from cdds_django.impact.recording.heap import all_objects, holders_of


class Kept:
    """Something to look for."""


@pytest.fixture(params=["usual", "frozen"])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    found = Kept()
    holder = {"kept": found}
    if request.param == "frozen":
        gc.freeze()
    yield found
    gc.unfreeze()
    assert holder


def test_objects_are_found(kept: Kept) -> None:
    frozen = bool(gc.get_freeze_count())
    assert any(one is kept for one in all_objects())
    assert {"kept": kept} in [one for one in holders_of(kept) if isinstance(one, dict)]
    assert bool(gc.get_freeze_count()) == frozen
