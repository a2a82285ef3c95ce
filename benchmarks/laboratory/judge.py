"""Judging a tool: for each mutant that breaks something, which tests does it select?"""

import json
import math
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.laboratory.mutants import Mutant
from benchmarks.laboratory.projects import Project
from benchmarks.laboratory.scratch import Scratch
from benchmarks.laboratory.tools.base import Selection, Tool
from benchmarks.laboratory.truth import (
    FIRST_LIMIT_S,
    Baseline,
    LaboratoryError,
    Truth,
    baseline,
    changed,
    classes,
    outcomes_of,
    stored,
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a tool selected for a mutant."""

    status: str
    """`selected`, or `refused` where it ended with an error before it could select."""
    discovered: int
    selected: int
    full_run_reason: str | None
    changes: list[str]
    """What the tool says has changed."""
    missed: list[str]
    """Tests that the mutant breaks and that weren't selected."""

    @property
    def share(self) -> float:
        """The share of tests selected, from 0 to 1."""
        return self.selected / self.discovered if self.discovered else 1.0


@dataclass(frozen=True)
class VerdictStore:
    """Verdicts on disk, so that work that was stopped goes on."""

    directory: Path

    def get(self, mutant: Mutant) -> Verdict | None:
        """Return the verdict on a mutant, if there is one."""
        path = self.directory / f"{mutant.id}.json"
        return Verdict(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def put(self, mutant: Mutant, verdict: Verdict) -> None:
        """Remember a verdict."""
        self.directory.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(verdict), indent=1) + "\n"
        (self.directory / f"{mutant.id}.json").write_text(text, encoding="utf-8")


def store_of(project: Project, tool: Tool, name: str) -> VerdictStore:
    """Return where verdicts on a tool are kept; `name` tells its versions apart."""
    return VerdictStore(project.lab / f"verdicts-{tool.name}-{name}")


def killed(project: Project, mutants: Iterable[Mutant]) -> list[tuple[Mutant, Truth]]:
    """Return the mutants that are known to break tests."""
    truths = stored(project)
    known = ((mutant, truths.get(mutant)) for mutant in mutants)
    return [(mutant, truth) for mutant, truth in known if truth and truth.broken]


def judge(
    project: Project,
    tool: Tool,
    store: VerdictStore,
    mutants: Iterable[Mutant],
    *,
    processes: int,
    seconds: float = math.inf,
) -> Iterator[tuple[Mutant, Truth, Verdict]]:
    """Judge mutants that weren't judged yet; yield them as they are done.

    After so many `seconds`, no other one is begun.
    """
    deadline = time.monotonic() + seconds
    waiting = [row for row in killed(project, mutants) if store.get(row[0]) is None]
    free: SimpleQueue[Scratch] = SimpleQueue()
    for number in range(processes):
        scratch = Scratch.make(project, f"{tool.name}-{number}")
        tool.record(scratch, store.directory)
        free.put(scratch)
    scratch = free.get()
    known = baseline(project, scratch)
    _check(tool, scratch, store, known)
    free.put(scratch)

    def one(row: tuple[Mutant, Truth]) -> tuple[Mutant, Truth, Verdict] | None:
        if time.monotonic() > deadline:
            return None
        mutant, truth = row
        scratch = free.get()
        try:
            with scratch.mutated(mutant):
                selection = tool.select(scratch, store.directory)
                missed = [] if selection is None else _missed(truth.broken, selection)
                if missed and truth.status == "crashed" and not tool.succeeds(scratch):
                    missed = []  # Nobody can overlook that.
                if missed and tool.confirmed:
                    labels = classes(missed)
                    _, again = outcomes_of(scratch, limit_s=FIRST_LIMIT_S, labels=labels)
                    missed = sorted(set(missed) & set(changed(known, again)))
            verdict = _verdict(selection, missed)
            store.put(mutant, verdict)
            return mutant, truth, verdict
        finally:
            free.put(scratch)

    with ThreadPoolExecutor(processes) as pool:
        yield from filter(None, pool.map(one, waiting))


def _check(tool: Tool, scratch: Scratch, store: VerdictStore, known: Baseline) -> None:
    """Raise LaboratoryError where the tool selects settled tests though nothing changed."""
    selection = tool.select(scratch, store.directory)
    if selection is None:
        raise LaboratoryError(f"{tool.name} can't select on {scratch.project.name}.")
    extra = selection.selected & known.settled.keys()
    if extra:
        print(f"{tool.name} selects {len(extra)} settled tests though nothing changed: "
              f"{sorted(extra)[:5]}, {selection.full_run_reason}", flush=True)  # fmt: skip


def _missed(broken: Iterable[str], selection: Selection) -> list[str]:
    return [
        test
        for test in broken
        if test not in selection.selected
        # A module that a label names fails under its last name alone.
        and not any(f".{module}." in f".{test}" for module in selection.broken_modules)
    ]


def _verdict(selection: Selection | None, missed: list[str]) -> Verdict:
    if selection is None:
        return Verdict(
            status="refused", discovered=0, selected=0, full_run_reason=None, changes=[], missed=[]
        )
    return Verdict(
        status="selected",
        discovered=selection.discovered,
        selected=len(selection.selected),
        full_run_reason=selection.full_run_reason,
        changes=selection.changes,
        missed=missed,
    )
