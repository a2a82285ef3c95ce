"""`impact.records`: kept values made of others."""

from __future__ import annotations

from cdds_django.impact.records import Dependency, Recording, merge_fills, with_fills

A, B = Dependency("memo", "a"), Dependency("memo", "b")
X, Y = Dependency("code", "x"), Dependency("code", "y")


def test_fills_of_all_processes_are_joined() -> None:
    one = Recording(fills={A: frozenset({X})})
    other = Recording(fills={A: frozenset({Y})})

    assert merge_fills((one, other)) == {A: {X, Y}}


def test_fills_are_followed_in_circles() -> None:
    fills = merge_fills((Recording(fills={A: frozenset({B, X}), B: frozenset({A, Y})}),))

    assert fills == {A: {A, B, X, Y}, B: {A, B, X, Y}}
    assert with_fills(frozenset({A}), fills) == {A, B, X, Y}
