"""Replaying real commits: what `--delta` would have left out, and whether that was right.

python -m benchmarks.laboratory.replay FILE.json [--commits 30] [--lab DIR] [--package DIR]

For each commit a full run on its parent is recorded, then the selection on the commit is compared
with a full run on it. The same for the commit's tests on its parent's code ("tests first").
Every commit runs in the project's one environment; where that can't load it, it is left out.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.laboratory.history import History
from benchmarks.laboratory.projects import Project, named
from benchmarks.laboratory.scratch import STATE, Scratch
from benchmarks.laboratory.tools.base import Selection, replace
from benchmarks.laboratory.tools.ours import RUNNER, selection
from benchmarks.laboratory.truth import FIRST_LIMIT_S, SETTLED


@dataclass(frozen=True, kw_only=True)
class Step:
    """What became of one edit of the tree."""

    commit: str
    """The revision, or `tests of` it."""
    subject: str
    problem: str = ""
    """Why nothing is known of this step."""
    discovered: int = 0
    selected: int = 0
    full_run_reason: str | None = None
    differing: int = 0
    """Tests that end otherwise than before, new ones included."""
    missed: tuple[str, ...] = ()
    """Those of them that weren't selected."""

    @property
    def skipped(self) -> float:
        """The share of tests left out, from 0 to 1."""
        return 1 - self.selected / self.discovered if self.discovered else 0.0


class Replay:
    """One project's commits, one after the other in one copy."""

    def __init__(self, project: Project) -> None:
        self._directory = project.lab / "replay"
        self._history = History.clone(project.root, project.lab / "replay-tree")
        self._scratch = Scratch(project, self._history.path)
        self._project = project

    def steps(self, commits: int) -> Iterator[Step]:
        """Yield two steps for each commit, the oldest first; what is known isn't done again."""
        for revision in self._history.commits(commits, self._project.mutated):
            file = self._directory / f"{revision}.json"
            if not file.exists():
                rows = [asdict(step) for step in self._steps_of(revision)]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
            yield from (Step(**row) for row in json.loads(file.read_text(encoding="utf-8")))

    def _steps_of(self, revision: str) -> Iterator[Step]:
        subject = self._history.subject(revision)
        parent = self._history.parent(revision)
        before = self._recorded(parent)
        if not before:
            yield Step(commit=revision[:10], subject=subject, problem="the parent can't be run")
            return
        if tests := self._history.tests_of(revision):
            self._history.checkout(parent)
            self._history.take(revision, tests)
            yield self._step(f"tests of {revision[:10]}", subject, parent, before)
        self._history.checkout(revision)
        yield self._step(revision[:10], subject, parent, before, revision)

    def _step(
        self, name: str, subject: str, parent: str, before: dict[str, str], kept_as: str = ""
    ) -> Step:
        """Judge the tree as it is against the map of the parent."""
        replace(self._scratch.path / STATE, self._map(parent))
        chosen = self._selected()
        replace(self._scratch.path / STATE, self._map(parent))
        after = self._full_run()
        if chosen is None or not after:
            return Step(commit=name, subject=subject, problem="it can't be run")
        if kept_as:
            self._keep(kept_as, after)
        differing = {test for test, outcome in after.items() if before.get(test) != outcome}
        differing |= {
            test for test, outcome in after.items() if outcome not in SETTLED
        }  # Unsettled before: has to run as well.
        return Step(
            commit=name,
            subject=subject,
            discovered=chosen.discovered,
            selected=len(chosen.selected),
            full_run_reason=chosen.full_run_reason,
            differing=len(differing),
            missed=tuple(sorted(differing - chosen.selected)),
        )

    def _recorded(self, revision: str) -> dict[str, str]:
        """Return the outcomes on a revision, of which there is a map then; nothing if it fails."""
        outcomes = self._map(revision).with_suffix(".outcomes")
        if not outcomes.exists():
            self._history.checkout(revision)
            replace(self._scratch.path / STATE, Path())
            self._keep(revision, self._full_run())
        told: dict[str, str] = json.loads(outcomes.read_text(encoding="utf-8"))
        return told

    def _keep(self, revision: str, outcomes: dict[str, str]) -> None:
        kept = self._map(revision)
        kept.parent.mkdir(parents=True, exist_ok=True)
        replace(kept, self._scratch.path / STATE)
        kept.with_suffix(".outcomes").write_text(json.dumps(outcomes), encoding="utf-8")

    def _map(self, revision: str) -> Path:
        return self._directory / "maps" / revision

    def _full_run(self) -> dict[str, str]:
        report = self._report()
        return {test["id"]: test["outcome"] for test in report["tests"]} if report else {}

    def _selected(self) -> Selection | None:
        report = self._report("--delta", "--explain")
        return selection(report) if report else None

    def _report(self, *options: str) -> dict[str, list[dict[str, str]]] | None:
        file = self._directory / "report.json"
        self._directory.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        self._scratch.test(*RUNNER, *options, "--report-json", str(file), limit_s=FIRST_LIMIT_S)
        if not file.exists():
            return None
        report: dict[str, list[dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
        return report


def table(steps: list[Step]) -> Iterator[str]:
    """Yield a Markdown table and a summary."""
    yield "| commit | tests | selected | skipped | differing | missed | full run because |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for step in steps:
        if step.problem:
            yield f"| {step.commit} | - | - | - | - | - | left out: {step.problem} |"
        else:
            yield (
                f"| {step.commit} | {step.discovered} | {step.selected} | {step.skipped:.1%} | "
                f"{step.differing} | {len(step.missed)} | {step.full_run_reason or ''} |"
            )
    known = [step for step in steps if not step.problem]
    for name, part in (
        ("commits", [step for step in known if not step.commit.startswith("tests of")]),
        ("tests first", [step for step in known if step.commit.startswith("tests of")]),
    ):
        if part:
            yield (
                f"\n{name}: {len(part)}, {median(step.skipped for step in part):.1%} skipped in "
                f"the median, {sum(step.full_run_reason is not None for step in part)} full runs, "
                f"{sum(len(step.missed) for step in part)} tests missed"
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("project")
    parser.add_argument("--commits", type=int, default=30)
    parser.add_argument("--lab", type=Path, default=Path(".laboratory"))
    parser.add_argument("--package", default="", help="directory with the cdds_django to judge")
    options = parser.parse_args()
    steps = []
    for step in Replay(named(options.project, options.lab, options.package)).steps(options.commits):
        steps.append(step)
        said = step.problem or f"{step.selected} of {step.discovered}, {step.full_run_reason}"
        print(f"{step.commit} {step.subject}: {said}, missed {list(step.missed)}", flush=True)
    print("\n".join(["", *table(steps)]))


if __name__ == "__main__":
    main()
