"""Replaying real commits: what `--delta` leaves out, and whether that is right.

python -m benchmarks.laboratory.replay FILE.json [--commits 30] [--lab DIR] [--package DIR]
    [--tool ours|testmon]

Before the first commit everything runs and is recorded. From then on each commit is tested with
`--delta`, as in daily work, so that the map grows from many small runs; what was selected is
compared with full runs of Django's runner before and after. The same for the commit's tests on
its parent's code ("tests first"), which leaves no trace in the map. Every commit runs in the
project's one environment; where that can't load it, it is left out.
"""

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.laboratory.history import History
from benchmarks.laboratory.projects import Project, named
from benchmarks.laboratory.scratch import Scratch
from benchmarks.laboratory.tools.base import Tool, replace
from benchmarks.laboratory.tools.ours import Ours
from benchmarks.laboratory.tools.testmon import Testmon
from benchmarks.laboratory.truth import FIRST_LIMIT_S, SETTLED, classes, outcomes_of

TESTS_OF = "tests of "
TOOLS: dict[str, Callable[[], Tool]] = {"ours": Ours, "testmon": Testmon}


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
    """Those of them that weren't selected, and end otherwise when run without the others, too."""

    @property
    def skipped(self) -> float:
        """The share of tests left out, from 0 to 1."""
        return 1 - self.selected / self.discovered if self.discovered else 0.0


class WorkTree(Scratch):
    """A copy that git takes care of."""

    def reset(self) -> None:
        """Leave the files alone: whoever goes to a step removes what doesn't belong there."""


class Replay:
    """One project's commits, one after the other in one copy."""

    def __init__(self, project: Project, name: str, tool: Tool) -> None:
        self._directory = project.lab / "replay"
        self.results = self._directory / name
        """Where the map and the steps are kept."""
        self._history = History.clone(project.root, project.lab / "replay-tree")
        self._scratch = WorkTree(project, self._history.path)
        self._project = project
        self._tool = tool

    def find_truth(self, commits: int) -> Iterator[tuple[str, int]]:
        """Run everything at all steps; yield their names and the number of outcomes."""
        first, *rest = self._revisions(commits)
        yield first, len(self._outcomes(first))
        for revision in rest:
            for name in (f"{TESTS_OF}{revision}", revision):
                if self._go_to(name):
                    yield name, len(self._outcomes(name))

    def steps(self, commits: int) -> Iterator[list[Step]]:
        """Yield one or two steps for each commit, the oldest first, known ones as well."""
        before, *rest = self._revisions(commits)
        latest = self.results / "latest"
        known = self.results / f"{before}.json"
        steps: dict[str, list[Step]] = {}
        if known.exists():
            told = json.loads(known.read_text(encoding="utf-8"))
            steps = {name: [Step(**step) for step in found] for name, found in told.items()}
        else:
            self._go_to(before)
            self._outcomes(before)
            self._tool.record(self._scratch, self.results)
            replace(latest, self.results / self._tool.kept)
        for revision in rest:
            if revision not in steps:
                steps[revision] = [
                    self._step(name, before, latest)
                    for name in (f"{TESTS_OF}{revision}", revision)
                    if self._go_to(name)
                ]
                if self._outcomes(revision):
                    replace(latest, self._scratch.path / self._tool.state)
                told = {name: [asdict(step) for step in found] for name, found in steps.items()}
                known.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
            yield steps[revision]
            if self._outcomes(revision):
                before = revision

    def _revisions(self, commits: int) -> list[str]:
        found = self._history.commits(commits, self._project.mutated)
        return [self._history.parent(found[0]), *found]

    def _go_to(self, name: str) -> bool:
        """Bring the tree to a step; say whether there is such a step."""
        revision = name.removeprefix(TESTS_OF)
        if revision == name:
            self._history.checkout(revision)
            return True
        tests = self._history.tests_of(revision)
        if tests:
            self._history.checkout(self._history.parent(revision))
            self._history.take(revision, tests)
        return bool(tests)

    def _step(self, name: str, before: str, latest: Path) -> Step:
        """Select and run, with the map as the last step left it."""
        truth = self._outcomes(name)
        subject = self._history.subject(name.removeprefix(TESTS_OF))
        short = name[: len(name) - 30]
        replace(self.results / self._tool.kept, latest)
        chosen = self._tool.select(self._scratch, self.results)
        if chosen is None or not truth:
            return Step(commit=short, subject=subject, problem="it can't be run")
        self._tool.succeeds(self._scratch)
        earlier = self._outcomes(before)
        differing = {
            test
            for test, outcome in truth.items()
            if earlier.get(test) != outcome or outcome not in SETTLED
        }
        # Tests of a module that can't be imported fail, whoever wants them.
        broken = {test for test in truth if test.startswith(tuple(chosen.broken_modules))}
        missed = self._confirmed(differing - chosen.selected - broken, earlier)
        return Step(
            commit=short,
            subject=subject,
            discovered=len(truth),
            selected=len(chosen.selected),
            full_run_reason=chosen.full_run_reason,
            differing=len(differing),
            missed=tuple(sorted(missed)),
        )

    def _confirmed(self, missed: set[str], earlier: dict[str, str]) -> set[str]:
        """Return those that end otherwise without the rest of the suite, too.

        The others end so because of what a test before them left, as a failing `setUp` does.
        """
        if not missed:
            return missed
        _, alone = outcomes_of(self._scratch, limit_s=FIRST_LIMIT_S, labels=classes(missed))
        return {test for test in missed if alone.get(test) != earlier.get(test)}

    def _outcomes(self, name: str) -> dict[str, str]:
        """Return the outcomes of a full run, made where the tree is if there was none yet."""
        file = self._directory / "outcomes" / f"{name.replace(' ', '-')}.json"
        if not file.exists():
            self._go_to(name)
            _, outcomes = outcomes_of(self._scratch, limit_s=FIRST_LIMIT_S)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(outcomes), encoding="utf-8")
        told: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return told


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
        ("commits", [step for step in known if not step.commit.startswith(TESTS_OF)]),
        ("tests first", [step for step in known if step.commit.startswith(TESTS_OF)]),
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
    parser.add_argument("--name", default="1", help="tells versions of it apart")
    parser.add_argument("--tool", choices=TOOLS, default="ours")
    parser.add_argument("--truth", action="store_true", help="only make the full runs")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin nothing after that")
    options = parser.parse_args()
    deadline = time.monotonic() + options.seconds
    project = named(options.project, options.lab, options.package)
    name = options.name if options.tool == "ours" else f"{options.tool}-{options.name}"
    replay = Replay(project, name, TOOLS[options.tool]())
    if options.truth:
        for name, number in replay.find_truth(options.commits):
            print(f"{name}: {number} outcomes", flush=True)
            if time.monotonic() > deadline:
                return
        return
    steps: list[Step] = []
    for found in replay.steps(options.commits):
        for step in found:
            said = step.problem or f"{step.selected} of {step.discovered}, {step.full_run_reason}"
            print(f"{step.commit} {step.subject}: {said}, missed {list(step.missed)}", flush=True)
        steps += found
        if time.monotonic() > deadline:
            break
    print("\n".join(["", *table(steps)]))


if __name__ == "__main__":
    main()
