"""Selecting by what is known of lines: a class that is left out has to bring its lines along."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from cdds_django.impact.choice.selection import Reason
from cdds_django.impact.storage.store import ImpactMap
from cdds_django.runner.coverage import owners
from cdds_django.runner.coverage.carrying import (
    changed_imports,
    holding,
    users_of,
)
from cdds_django.runner.coverage.kept import Kept
from cdds_django.runner.coverage.present import Present

KIND = "coverage"
"""The kind of the reason why a test runs of which only the lines are wanted."""


class LeavingOut:
    """What one run leaves out, and what that covered."""

    def __init__(self, kept: Kept, present: Present, impact_map: ImpactMap) -> None:
        self._kept = kept
        self._present = present
        self._map = impact_map
        self._holding = holding(kept, present)
        self._moved_fixtures = [
            f"{owners.name(owner)}."
            for owner in kept.owners
            if owners.is_module(owner) and owner not in self._holding
        ]
        self.tests: frozenset[str] = frozenset()
        """The ids of the tests that are left out."""

    def modules_to_load(
        self, modules: Mapping[str, str], loaded: Collection[str]
    ) -> frozenset[str]:
        """Return those test modules whose import covers other lines now, or that of a helper.

        `modules` are the paths by dotted name of those that need not be loaded otherwise, `loaded`
        the keys of files that are loaded already.
        """
        changed = changed_imports(self._kept, self._present) - frozenset(loaded)
        return frozenset(
            name
            for name, path in modules.items()
            if path in changed or (changed and users_of(self._map, changed, [name]))
        )

    def completed(
        self, discovered: Mapping[str, tuple[Reason, ...] | None]
    ) -> dict[str, tuple[Reason, ...]]:
        """Return the tests to run though no change affects them, with the reason.

        `discovered` has the reasons of each test, None where it is left out. Lines are known by
        class, so a class runs as a whole, and so does one whose lines aren't known.
        """
        more: dict[str, tuple[Reason, ...]] = {}
        left_out: set[str] = set()
        for owner, tests in owners.by_class(discovered).items():
            left = [test for test in tests if discovered[test] is None]
            if len(left) == len(tests) and self._knows(owner, tests):
                left_out.update(left)
                continue
            change = "unknown" if len(left) == len(tests) else "incomplete"
            reason = Reason(kind=KIND, key=owners.name(owner), change=change)
            more.update(dict.fromkeys(left, (reason,)))
        self.tests = frozenset(left_out)
        return more

    def take(self, left_out: Collection[str]) -> None:
        """Be told of the tests that are left out, where that was decided before."""
        self.tests = frozenset(left_out)

    def _knows(self, owner: str, tests: list[str]) -> bool:
        (digest,) = owners.digests(tests).values()
        return (
            owner in self._holding
            and self._kept.tests.get(owner) == digest
            and not owners.name(owner).startswith(tuple(self._moved_fixtures))
        )

    def owners(self, ran: Collection[str]) -> frozenset[str]:
        """Return who covers lines without having run. `ran` are the owners that did."""
        classes = {owners.class_of(test) for test in self.tests}
        names = {owners.name(owner) for owner in classes}
        others = {
            owner
            for owner in self._holding
            if owners.is_module(owner)
            and any(name.startswith(f"{owners.name(owner)}.") for name in names)
        }
        return frozenset(classes | (others - frozenset(ran)))
