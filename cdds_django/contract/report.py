"""What is said of a difference: causes, with the code behind them and the tests that cover it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdds_django.contract.causes import Cause, causes_of
from cdds_django.contract.changes import Diff
from cdds_django.contract.versions import Advice, advice_on, next_version


@dataclass(frozen=True, kw_only=True)
class Consumers:
    """What of this project a change of another service's contract affects."""

    operations: tuple[str, ...]
    """operationIds of this project that those tests call too, sorted."""
    tests: tuple[str, ...]
    """Tests that are known to call one of the service's affected operations, by id, sorted."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A difference as it is shown."""

    diff: Diff
    causes: tuple[Cause, ...]
    """The gravest first."""
    views: Mapping[str, str] = field(default_factory=dict)
    """Module, class and action of the views behind operations, by operationId."""
    tests: Mapping[str, int] | None = None
    """How many tests were recorded calling each operation, by operationId; none is a gap.

    None where nothing was recorded.
    """
    title: str = ""
    """The service whose contract it is, empty for this project's."""
    consumers: Consumers | None = None
    """For another service's contract, where an impact map is there to tell."""

    @property
    def advice(self) -> Advice:
        """Which number of the version the change asks to raise."""
        return advice_on(self.diff)

    @property
    def next_version(self) -> str:
        """The version that should follow the base's, empty where that is no semantic version."""
        return next_version(self.diff.versions[0], self.advice)

    @property
    def documented(self) -> tuple[str, ...]:
        """The operations of which only documentation, tags or announcements changed."""
        return tuple(sorted(set(self.diff.changed) - set(self.diff.affected)))

    @property
    def gaps(self) -> tuple[str, ...]:
        """The affected operations, those that are gone apart, that no recorded test calls."""
        if self.tests is None:
            return ()
        left = set(self.diff.affected) - set(self.diff.removed)
        return tuple(sorted(name for name in left if not self.tests.get(name)))


def report_of(diff: Diff) -> Report:
    """Return the report of two documents of which nothing else is known."""
    return Report(diff=diff, causes=causes_of(diff.changes))
