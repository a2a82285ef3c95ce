"""Finding out the truth for many mutants in few full runs.

Mutants of different files are applied together, a bundle at a time, and everything is run. Where
nothing breaks, none of them breaks anything. Else each is applied alone, and the tests that the
bundle broke are run. A bundle that breaks too much is cut in two. So what is called
broken was broken by one mutant alone; a test that one mutant breaks and another mends would go
unnoticed.
"""

import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue

from benchmarks.laboratory.mutants import Mutant
from benchmarks.laboratory.operators import bodies, files, values
from benchmarks.laboratory.projects import Project
from benchmarks.laboratory.scratch import Scratch
from benchmarks.laboratory.truth import (
    Baseline,
    Truth,
    TruthStore,
    baseline,
    changed,
    classes,
    outcomes_of,
    stored,
)

ALONE = {
    files.REMOVED,
    values.IMPORTS,
    values.NAMES,
    "settings: installed apps",
    "models: fields removed",
}
"""Kinds that often break everything."""
TOO_MUCH = 0.25
"""The share of tests from which a broken bundle is cut in two."""
MANY = 200
"""The number of tests from which their classes are named."""


def bundles(mutants: Iterable[Mutant], size: int) -> Iterator[list[Mutant]]:
    """Yield lists of mutants that can be applied together."""
    waiting: list[list[Mutant]] = []
    for mutant in mutants:
        if mutant.kind in ALONE or size == 1:
            yield [mutant]
            continue
        for bundle in waiting:
            if all(other.path != mutant.path for other in bundle):
                bundle.append(mutant)
                if len(bundle) == size:
                    waiting.remove(bundle)
                    yield bundle
                break
        else:
            waiting.append([mutant])
    yield from waiting


def _labels(tests: Sequence[str]) -> Sequence[str]:
    """Return what to name so that some tests run: them, or their classes where these are many."""
    return tests if len(tests) <= MANY else classes(tests)


@dataclass(frozen=True)
class Bench:
    """One copy of a project to find out the truth in."""

    scratch: Scratch
    known: Baseline
    store: TruthStore

    @property
    def limit_s(self) -> float:
        """Seconds that a run may take."""
        return 60 + 4 * self.known.seconds

    def resolve(self, bundle: Sequence[Mutant]) -> Iterator[tuple[Mutant, Truth]]:
        """Find out what each mutant of a bundle breaks."""
        truth = self._run(bundle)
        everything = truth.status != "ran"
        if len(bundle) == 1 or not (truth.broken or everything):
            for mutant in bundle:
                yield self._put(mutant, truth)
        elif truth.status == "crashed" and (culprits := self._unloadable(bundle)):
            for mutant in culprits:
                yield from self.resolve([mutant])
            if rest := [mutant for mutant in bundle if mutant not in culprits]:
                yield from self.resolve(rest)
        elif everything or len(truth.broken) > TOO_MUCH * len(self.known.settled):
            middle = len(bundle) // 2
            yield from self.resolve(bundle[:middle])
            yield from self.resolve(bundle[middle:])
        else:
            for mutant in bundle:
                yield self._put(mutant, self._run([mutant], truth.broken))

    def _run(self, bundle: Sequence[Mutant], tests: Sequence[str] = ()) -> Truth:
        """Run everything, or some tests."""
        began = time.perf_counter()
        with ExitStack() as stack:
            stack.callback(self.scratch.reset)
            for mutant in bundle:
                mutant.apply(self.scratch.path)
            status, outcomes = outcomes_of(
                self.scratch, limit_s=self.limit_s, labels=_labels(tests)
            )
        broken = [] if status == "late" else changed(self.known, outcomes)
        if tests and status == "ran":
            broken = sorted(set(broken) & set(tests))
        seconds = round(time.perf_counter() - began, 1)
        return Truth(status=status, broken=broken, seconds=seconds)

    def _unloadable(self, bundle: Sequence[Mutant]) -> list[Mutant]:
        """Return the mutants with which the project doesn't even load."""
        found = []
        for mutant in bundle:
            with self.scratch.mutated(mutant):
                if self.scratch.run("manage.py", "check", limit_s=self.limit_s).status:
                    found.append(mutant)
        return found

    def _put(self, mutant: Mutant, truth: Truth) -> tuple[Mutant, Truth]:
        self.store.put(mutant, truth)
        return mutant, truth


def find_out(
    project: Project,
    mutants: Iterable[Mutant],
    *,
    processes: int,
    size: int,
    enough: int | None = None,
    seconds: float = math.inf,
) -> Iterator[tuple[Mutant, Truth]]:
    """Find out what isn't known yet; yield mutants as they are done.

    With `enough`, kinds of which so many mutants are killed are tried no further, bodies of
    functions aside. After so many `seconds`, no other bundle is begun.
    """
    deadline = time.monotonic() + seconds
    store = stored(project)
    limit = math.inf if enough is None else enough
    killed: Counter[str] = Counter()
    unknown = []
    for mutant in mutants:
        known = store.get(mutant)
        if known is None:
            unknown.append(mutant)
        else:
            killed[mutant.kind] += bool(known.broken)
    free: SimpleQueue[Bench] = SimpleQueue()
    for number in range(processes):
        scratch = Scratch.make(project, f"truth-{number}")
        free.put(Bench(scratch, baseline(project, scratch), store))

    def one(bundle: Sequence[Mutant]) -> list[tuple[Mutant, Truth]]:
        wanted = [m for m in bundle if m.kind == bodies.KIND or killed[m.kind] < limit]
        if not wanted or time.monotonic() > deadline:
            return []
        bench = free.get()
        try:
            found = list(bench.resolve(wanted))
        finally:
            free.put(bench)
        killed.update(mutant.kind for mutant, told in found if told.broken)
        return found

    with ThreadPoolExecutor(processes) as pool:
        for found in pool.map(one, bundles(unknown, size)):
            yield from found
