"""The truth: which tests end otherwise with a mutant, from full runs without any selection."""

import hashlib
import json
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.laboratory.mutants import Mutant
from benchmarks.laboratory.projects import Project
from benchmarks.laboratory.scratch import Scratch

RUNNER = "outcome_runner.Runner"
FIRST_LIMIT_S = 1800.0
"""Seconds that a run without mutants may take."""
SETTLED = {"passed", "skipped", "expected_failure"}


class LaboratoryError(Exception):
    """An experiment can't be made."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What a mutant did."""

    status: str
    """`ran`, `crashed` (no test ran) or `late` (stopped at the limit)."""
    broken: list[str]
    """Tests that were settled without the mutant and now end otherwise, or not at all."""
    seconds: float
    """What the full run took."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """All outcomes without any mutant."""

    outcomes: dict[str, str]
    seconds: float

    @property
    def settled(self) -> dict[str, str]:
        """The tests that can tell something: those that didn't fail anyway."""
        return {test: outcome for test, outcome in self.outcomes.items() if outcome in SETTLED}


def outcomes_of(
    scratch: Scratch, *, limit_s: float, labels: Sequence[str] = ()
) -> tuple[str, dict[str, str]]:
    """Run everything, or what is named; return how that ended, and the outcomes."""
    file = scratch.path.with_name(f"{scratch.path.name}-outcomes.json")
    file.unlink(missing_ok=True)
    options = ("--testrunner", RUNNER)
    copy = str(scratch.database_copy())
    run = scratch.test(
        *options, labels=labels, limit_s=limit_s, OUTCOMES=str(file), DATABASE_COPY=copy
    )
    if run.status is None:
        return "late", {}
    if not file.exists():
        return "crashed", {}
    return "ran", json.loads(file.read_text(encoding="utf-8"))


def baseline(project: Project, scratch: Scratch) -> Baseline:
    """Return what was found out in two runs, or find it out. Raises LaboratoryError."""
    path = _baseline_path(project)
    if not path.exists():
        began = time.perf_counter()
        status, first = outcomes_of(scratch, limit_s=FIRST_LIMIT_S)
        seconds = time.perf_counter() - began
        _, second = outcomes_of(scratch, limit_s=FIRST_LIMIT_S)
        if status != "ran":
            raise LaboratoryError(f"The tests of {project.name} {status} without any mutant.")
        steady = {test: first[test] for test in first if second.get(test) == first[test]}
        _write(path, {"outcomes": steady, "seconds": seconds})
    return known_baseline(project)


def known_baseline(project: Project) -> Baseline:
    """Return what `baseline` found out."""
    return Baseline(**json.loads(_baseline_path(project).read_text(encoding="utf-8")))


def _baseline_path(project: Project) -> Path:
    return project.lab / f"baseline-{_tree_digest(project)}.json"


def changed(known: Baseline, outcomes: dict[str, str]) -> list[str]:
    """Return the settled tests that end otherwise, or that are missing."""
    return sorted(t for t, outcome in known.settled.items() if outcomes.get(t) != outcome)


def classes(tests: Iterable[str]) -> list[str]:
    """Return labels for the classes of some tests."""
    return sorted({test.rpartition(".")[0] for test in tests})


def stored(project: Project) -> "TruthStore":
    """Return the store for the project's tree as it is."""
    return TruthStore(project.lab / "truth" / _tree_digest(project))


@dataclass(frozen=True)
class TruthStore:
    """Results on disk, so that work that was stopped goes on."""

    directory: Path

    def get(self, mutant: Mutant) -> Truth | None:
        """Return what is known of a mutant."""
        path = self.directory / f"{mutant.id}.json"
        return Truth(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def put(self, mutant: Mutant, truth: Truth) -> None:
        """Remember what was found out."""
        _write(self.directory / f"{mutant.id}.json", asdict(truth))


def _tree_digest(project: Project) -> str:
    """Return what stands for the contents of all files that may be mutated."""
    digest = hashlib.sha256()
    for path in project.mutable():
        content = hashlib.sha256((project.root / path).read_bytes()).hexdigest()
        digest.update(f"{path} {content}\n".encode())
    return digest.hexdigest()[:16]


def _write(path: Path, told: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    shutil.move(unfinished, path)
