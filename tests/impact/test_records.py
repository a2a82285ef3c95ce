"""`impact.records`: kept values made of others."""

from __future__ import annotations

import pickle

from cdds_django.impact.records import (
    Dependencies,
    Dependency,
    Observation,
    Recording,
    common_apart,
    merge_fills,
    with_fills,
)

A, B = Dependency("memo", "a"), Dependency("memo", "b")
X, Y = Dependency("code", "x"), Dependency("code", "y")


def test_recording_comes_back_from_another_process() -> None:
    recording = Recording(
        observations=(
            Observation(tests=("a", "b"), dependencies=frozenset({X, A})),
            Observation(tests=(), dependencies=frozenset({X, Y})),
        ),
        shared=frozenset({B}),
        fills={A: frozenset({X, B}), B: frozenset()},
    )

    found = pickle.loads(pickle.dumps(recording))

    assert found == recording
    assert {type(one) for o in found.observations for one in o.dependencies} == {Dependency}


def test_fills_of_all_processes_are_joined() -> None:
    one = Recording(fills={A: frozenset({X})})
    other = Recording(fills={A: frozenset({Y})})

    assert merge_fills((one, other)) == {A: {X, Y}}


def test_fills_are_followed_in_circles() -> None:
    fills = merge_fills((Recording(fills={A: frozenset({B, X}), B: frozenset({A, Y})}),))

    assert fills == {A: {A, B, X, Y}, B: {A, B, X, Y}}
    assert with_fills(frozenset({A}), fills) == {A, B, X, Y}


def test_what_observations_have_in_common_is_said_once() -> None:
    common = frozenset(Dependency("code", f"common {number}") for number in range(200))
    observations = [
        Observation(tests=("1",), dependencies=common | {X}),
        Observation(tests=("1", "2"), dependencies=common | {A}),
        Observation(tests=(), dependencies=common),
    ]

    apart = common_apart(observations)

    assert _by_test(apart) == _by_test(observations)
    assert sum(len(one.dependencies) for one in apart) == 202


def test_little_in_common_is_left_where_it_was() -> None:
    observations = [Observation(tests=(name,), dependencies=frozenset({X})) for name in "123"]

    assert common_apart(observations) == observations


def _by_test(observations: list[Observation]) -> dict[str, Dependencies]:
    found: dict[str, Dependencies] = {}
    for observation in observations:
        for test in observation.tests:
            found[test] = found.get(test, frozenset()) | observation.dependencies
    return found
