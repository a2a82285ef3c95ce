"""The table: by kind of mutant, how many were killed and caught, and what was selected."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import mean

from benchmarks.laboratory.judge import Verdict
from benchmarks.laboratory.mutants import Mutant
from benchmarks.laboratory.operators import bodies, support, wiring
from benchmarks.laboratory.truth import Truth

GROUPS = {
    bodies.KIND: "bodies",
    support.TESTS: "tests",
    support.FIXTURES: "class-level",
    support.FACTORIES: "class-level",
    support.BASES: "class-level",
}
"""Kinds that aren't declarative."""
CALLED_BY_DJANGO = {wiring.COMMANDS, wiring.TAGS, wiring.MIDDLEWARE, wiring.PROCESSORS}
"""Kinds that are in part edits of bodies."""
CALLED_BODIES = "bodies of commands, tags, middleware"
DECLARATIVE = "declarative"
MOST = 0.95
"""A mutant that breaks this share of all tests breaks everything, and is too easy to catch."""


def group_of(mutant: Mutant) -> str:
    """Return the group that a mutant counts for."""
    if mutant.kind in CALLED_BY_DJANGO and mutant.operator in bodies.OPERATORS:
        return CALLED_BODIES
    return GROUPS.get(mutant.kind, DECLARATIVE)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A mutant and what is known of it."""

    mutant: Mutant
    truth: Truth | None
    verdict: Verdict | None
    tests: int
    """Number of tests that were settled without it."""

    @property
    def breaks_everything(self) -> bool:
        """Whether hardly a test is left that it doesn't break."""
        return self.truth is not None and len(self.truth.broken) >= MOST * self.tests


@dataclass
class Row:
    """What is known of one kind or group."""

    generated: int = 0
    tried: int = 0
    killed: int = 0
    everything: int = 0
    judged: int = 0
    caught: int = 0
    full: int = 0
    all_shares: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    needed: list[float] = field(default_factory=list)

    def add(self, known: Known) -> None:
        """Count one mutant."""
        truth, verdict = known.truth, known.verdict
        self.generated += 1
        self.tried += truth is not None
        if truth is None or not truth.broken:
            return
        self.killed += 1
        self.everything += known.breaks_everything
        if verdict is None:
            return
        self.judged += 1
        self.caught += not verdict.missed
        if verdict.status != "selected":
            return
        self.all_shares.append(verdict.share)
        if not known.breaks_everything:
            self.full += verdict.full_run_reason is not None
            self.shares.append(verdict.share)
            self.needed.append(len(truth.broken) / known.tests)

    def cells(self) -> list[str]:
        """Return what the table shows."""
        missed = self.judged - self.caught
        counts = (self.generated, self.tried, self.killed, self.everything, self.judged)
        counts = (*counts, self.caught)
        lists = (self.needed, self.shares, self.all_shares)
        shares = (f"{mean(each):.1%}" if each else "-" for each in lists)
        return [*map(str, counts), f"**{missed}**" if missed else "0", *shares, str(self.full)]


HEADINGS = (
    "kind",
    "generated",
    "tried",
    "killed",
    "break everything",
    "judged",
    "caught",
    "missed",
    "broken",
    "selected",
    "selected of all",
    "full runs",
)


def table(rows: Iterable[Known]) -> Iterator[str]:
    """Yield a Markdown table.

    Broken and selected are mean shares of all tests, over the mutants that don't break
    everything; a full run counts as what it is. "Selected of all" has those, too.
    """
    kinds: dict[str, Row] = defaultdict(Row)
    groups: dict[str, Row] = defaultdict(Row)
    for known in rows:
        kind = known.mutant.kind
        for row in (kinds[kind], groups[group_of(known.mutant)], groups["all"]):
            row.add(known)
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"| --- |{' ---: |' * (len(HEADINGS) - 1)}"
    for name, row in sorted(groups.items()):
        yield f"| **{name}** | {' | '.join(row.cells())} |"
    for name, row in sorted(kinds.items()):
        yield f"| {name} | {' | '.join(row.cells())} |"
