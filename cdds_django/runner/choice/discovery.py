"""The tests that a run finds, and which of them run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cdds_django.runner.choice.loading import DeltaLoader, LeftOutTest
from cdds_django.runner.choice.selecting import Reasons
from cdds_django.runner.shards.partition import Partition, Shard, partition

if TYPE_CHECKING:
    from cdds_django.runner.coverage.leaving_out import LeavingOut


class Discovery:
    """Tests in the order that they were found, each with the reasons why it runs."""

    def __init__(
        self,
        loader: DeltaLoader,
        load: Callable[[], list[Any]],
        reasons: Callable[[Any], Reasons | None],
    ) -> None:
        """`load` finds the tests, `reasons` tells why one runs, None if it doesn't."""
        self._loader = loader
        self._load = load
        self._reasons = reasons
        self.tests = load()
        self.reasons = {test.id(): reasons(test) for test in self.tests}
        """By id, None for those that are left out."""

    def selected(self) -> list[Any]:
        return [test for test in self.tests if self.reasons[test.id()] is not None]

    def complete(self, leaving_out: LeavingOut) -> None:
        """Select what coverage needs besides; load it where that was not to be done."""
        self.reasons.update(leaving_out.completed(self.reasons))
        needed = {
            test.module
            for test in self.tests
            if isinstance(test, LeftOutTest) and self.reasons[test.id()] is not None
        }
        if needed:
            self._loader.left_out = {
                name: known for name, known in self._loader.left_out.items() if name not in needed
            }
            known, self.tests = self.reasons, self._load()
            self.reasons = {
                test.id(): known[test.id()] if test.id() in known else self._reasons(test)
                for test in self.tests
            }

    def take_part(self, shard: Shard, durations_s: Mapping[str, float]) -> Partition:
        """Keep the tests of one shard, and those that are left out; return all parts."""
        cut = partition((test.id() for test in self.selected()), durations_s, shard.count)
        part = cut.parts[shard.index - 1]
        self.reasons = {
            test: reasons
            for test, reasons in self.reasons.items()
            if reasons is None or test in part
        }
        self.tests = [test for test in self.tests if test.id() in self.reasons]
        return cut
