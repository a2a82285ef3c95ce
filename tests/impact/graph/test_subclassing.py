"""`impact.graph.subclassing`: which classes do something when they are subclassed."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from cdds_django.impact.graph.subclassing import installed, registers_subclasses


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("library")
    source = """
class Plain: pass
class Keeping:
    def __init_subclass__(cls): pass
class Meta(type): pass
class Made(metaclass=Meta): pass
class Below(Keeping): pass
"""
    exec(source, vars(module))
    monkeypatch.setitem(sys.modules, "library", module)
    return module


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("library.Plain", False),
        ("library.Keeping", True),
        ("library.Below", True),
        ("library.Made", True),
        ("library.missing", True),
        ("elsewhere.Base", True),
        ("django.db.models.Model", False),
        ("enum.Enum", False),
    ],
)
def test_subclassing(library: ModuleType, name: str, does: bool) -> None:
    assert registers_subclasses(name) is does


def test_installed(library: ModuleType) -> None:
    assert installed("library.Plain.__name__") == "Plain"
    assert installed("library.missing.name") is None
    assert installed("nowhere.at.all") is None
