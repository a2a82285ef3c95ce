"""The values that pass from recording to the map and from the map to the selection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Dependency(NamedTuple):
    """One thing that a test relied on."""

    kind: str
    """Which source of knowledge it comes from, as "code" or "template"."""
    key: str
    """Its name within that kind, as "shop/views.py::OrderViewSet.create"."""


Dependencies = frozenset[Dependency]

CACHED, READ, WRITTEN = "cached", "read", "written"
CHECKED = "checked"
UPSTREAM_CALL = "upstream_call"
STAND_INS = frozenset({"import", "memo", CACHED, READ, WRITTEN, CHECKED, UPSTREAM_CALL})
"""Kinds that aren't dependencies in the map. They stand for what a module's import, a memoised
function or a cached value brings with it, for data files that the run itself read or wrote, for
settings that Django's system checks read, and for calls of services that have yet to be named."""

EVERY_VIEW = "<every view>"
"""Stands, among symbols, for what a test asks of all views at once, as to generate a schema."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Dependencies that were seen to serve some tests: one test, or all tests of a class."""

    tests: tuple[str, ...]
    dependencies: Dependencies


@dataclass(frozen=True, kw_only=True)
class Recording:
    """All that one process saw while it ran tests. Picklable: workers send it to the parent."""

    observations: Sequence[Observation] = ()
    shared: Dependencies = frozenset()
    """What can't be told apart by test, so that every test depends on it: what prepared the
    databases, and what ran once on behalf of whoever came first."""
    fills: Mapping[Dependency, Dependencies] = field(default_factory=dict)
    """What ran once to make a value that is kept (a compiled template, a memoised function's
    result), by what stands for that value: the tests that used it depend on this too."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Name each dependency once, and by its number from then on.

        One at a time, dependencies take pickle longer than all else that workers send.
        """
        numbers: dict[Dependency, int] = {}

        def numbered(dependencies: Iterable[Dependency]) -> list[int]:
            return [numbers.setdefault(one, len(numbers)) for one in dependencies]

        observations = [(one.tests, numbered(one.dependencies)) for one in self.observations]
        shared = numbered(self.shared)
        owners = numbered(self.fills)
        fills = [numbered(found) for found in self.fills.values()]
        return _recording, (list(map(tuple, numbers)), observations, shared, owners, fills)


def _recording(
    dependencies: Iterable[tuple[str, str]],
    observations: Iterable[tuple[tuple[str, ...], list[int]]],
    shared: list[int],
    owners: list[int],
    fills: list[list[int]],
) -> Recording:
    numbered = list(map(Dependency._make, dependencies)).__getitem__
    return Recording(
        observations=tuple(
            Observation(tests=tests, dependencies=frozenset(map(numbered, found)))
            for tests, found in observations
        ),
        shared=frozenset(map(numbered, shared)),
        fills={
            numbered(owner): frozenset(map(numbered, found))
            for owner, found in zip(owners, fills, strict=True)
        },
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one test ended."""

    id: str
    outcome: str
    """passed, failed, error, skipped, expected_failure or unexpected_success."""
    duration_s: float = 0.0
    tags: frozenset[str] = frozenset()
    is_flaky: bool = False
    """Whether it also ended otherwise within the same run."""


SETTLED_OUTCOMES = frozenset({"passed", "skipped", "expected_failure"})
"""Outcomes after which a test may be left out while nothing that it depended on changes."""


_WORTHWHILE = 100
"""With fewer dependencies in common, observations are kept as they are."""


def common_apart(observations: Sequence[Observation]) -> list[Observation]:
    """Return the same observations, with what all of them have in common said once.

    Tests of one class share most of what they run; with thousands of tests these sets are most of
    what workers hand over and of the memory that the parent needs.
    """
    if len(observations) < 2:
        return list(observations)
    common = frozenset.intersection(*(o.dependencies for o in observations))
    if len(common) < _WORTHWHILE:
        return list(observations)
    tests = dict.fromkeys(test for o in observations for test in o.tests)
    return [
        Observation(tests=tuple(tests), dependencies=common),
        *(
            Observation(tests=o.tests, dependencies=rest)
            for o in observations
            if (rest := o.dependencies - common)
        ),
    ]


def merge_fills(recordings: tuple[Recording, ...]) -> dict[Dependency, Dependencies]:
    """Return what filled each kept value in any of the processes.

    A value may be made of other kept values; then it includes what filled those.
    """
    merged: dict[Dependency, Dependencies] = {}
    for recording in recordings:
        for owner, dependencies in recording.fills.items():
            merged[owner] = merged.get(owner, frozenset()) | dependencies
    return {owner: with_fills(found, merged) for owner, found in merged.items()}


def with_fills(
    dependencies: Dependencies, fills: Mapping[Dependency, Dependencies]
) -> Dependencies:
    """Return dependencies and what filled the kept values among them, and among that, and so on."""
    found = set(dependencies)
    pending = found & fills.keys()
    while pending:
        more = fills[pending.pop()] - found
        found |= more
        pending |= more & fills.keys()
    return frozenset(found)
