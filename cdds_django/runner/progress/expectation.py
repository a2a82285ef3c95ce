"""When a run will end, by what tests took when they last ran and by how fast this run is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ASSUMED_S = 0.05
"""What a test is taken to last where nothing at all is known."""
_PRIOR_S = 1.0
"""How many seconds of this run's tests weigh as much as what is recorded of others."""
_LATE_S = 3.0
"""How much later than it is done workers tell what they did."""
_LEAST = 0.6
"""Which part of the work that isn't known to be done is still to come, at least."""


class Expectation:
    """Counts down the recorded seconds of tests and set-ups that have yet to end."""

    def __init__(
        self,
        tests: Iterable[str],
        *,
        durations_s: Mapping[str, float],
        set_ups_s: Mapping[str, float],
        workers: int,
        rounds: int = 1,
    ) -> None:
        """`tests` are ids, `set_ups_s` what setting up classes took, by dotted name."""
        ids = list(tests)
        known = [durations_s[test] for test in ids if test in durations_s]
        # A new test is taken for an average one.
        usual_s = sum(known) / len(known) if known else _ASSUMED_S
        self._seconds = {test: durations_s.get(test, usual_s) for test in ids}
        self._seconds |= {name: set_ups_s.get(name, 0.0) for name in map(class_of, ids)}
        self._is_known = bool(known)
        self._workers = max(1, workers)
        self._all_s = self._left_s = rounds * sum(self._seconds.values())
        self._late_s = _LATE_S + max(self._seconds.values(), default=0.0)
        self._took_s = 0.0

    def finished(self, what: str, took_s: float) -> None:
        """Take a test, or the set-up of a class by its name, that has ended."""
        if what in self._seconds:
            self._left_s = max(0.0, self._left_s - self._seconds[what])
            self._took_s += took_s

    def left_s(self, elapsed_s: float) -> float | None:
        """Return about how many seconds are left, None as long as nobody can tell."""
        done_s = self._all_s - self._left_s
        if not self._is_known and not done_s:
            return None
        # Another machine, or a busier one: the more is done, the more this run's own times count.
        prior_s = _PRIOR_S if self._is_known else 0.0
        slowness = max(
            (self._took_s + prior_s) / (done_s + prior_s),
            # What isn't told yet was done meanwhile, but no more than that.
            elapsed_s / (done_s / self._workers + self._late_s),
        )
        left_s = self._left_s * slowness / self._workers
        projected_s = self._all_s * slowness / self._workers - elapsed_s
        return min(left_s, max(projected_s, _LEAST * left_s))


def class_of(test: str) -> str:
    """Return the dotted name of a test's class, by the test's id."""
    return test.rpartition(".")[0]
