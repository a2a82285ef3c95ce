"""What a recorder has gathered so far, to be handed over in one piece."""

from __future__ import annotations

from collections import defaultdict

from cdds_django.impact.records import (
    Dependencies,
    Dependency,
    Observation,
    Recording,
    common_apart,
)

_NEIGHBOURS = 12
"""How many observations in a row are looked at for what they have in common: about a class."""


class Gathered:
    """Observations, what every test depends on, and what filled kept values."""

    def __init__(self) -> None:
        self.shared: set[Dependency] = set()
        """What every test depends on."""
        self._observations: list[Observation] = []
        self._latest: list[Observation] = []
        self._fills: dict[Dependency, set[Dependency]] = defaultdict(set)

    def observe(self, tests: tuple[str, ...], dependencies: Dependencies) -> None:
        """Add what served these tests."""
        self._latest.append(Observation(tests=tests, dependencies=dependencies))
        if len(self._latest) == _NEIGHBOURS:
            self._take_apart()

    def fill(self, owner: Dependency, dependencies: Dependencies) -> None:
        """Add what made the value that `owner` stands for."""
        self._fills[owner] |= dependencies

    def hand_over(self) -> Recording:
        """Return all that was added since the last call."""
        self._take_apart()
        recording = Recording(
            observations=tuple(self._observations),
            shared=frozenset(self.shared),
            fills={owner: frozenset(found) for owner, found in self._fills.items()},
        )
        self._observations, self.shared = [], set()
        self._fills = defaultdict(set)
        return recording

    def _take_apart(self) -> None:
        self._observations += common_apart(self._latest)
        self._latest = []
