"""Mutants of a project, what they break, and what was selected.

python -m benchmarks.laboratory STEP [--project CHECKOUT|FILE.json] [--lab DIR] ...

Steps, in this order: `cover` (which lines tests run), `generate`, `truth`, `judge`, `misses`,
`table`.
"""

import argparse
import math
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.laboratory import bundles, coverage_run, generate, judge, mutants, table, truth
from benchmarks.laboratory.projects import CHECKOUT, Project, named
from benchmarks.laboratory.tools.base import Tool
from benchmarks.laboratory.tools.ours import Ours
from benchmarks.laboratory.tools.testmon import Testmon


def main() -> None:
    options = _parser().parse_args()
    projects = [named(name, options.lab, options.package) for name in options.project]
    if options.step == "table":
        rows = chain.from_iterable(_rows(project, options) for project in projects)
        print("\n".join(table.table(rows)))
        return
    for project in projects:
        project.lab.mkdir(parents=True, exist_ok=True)
        STEPS[options.step](project, options)


def cover(project: Project, options: argparse.Namespace) -> None:
    coverage_run.measure(project)


def generate_mutants(project: Project, options: argparse.Namespace) -> None:
    made = generate.generate(
        project, each=options.each, bodies_too=options.bodies, seed=options.seed
    )
    mutants.save(project.lab / "mutants.json", made)
    print(f"{project.name}: {len(made)} mutants of {len({m.kind for m in made})} kinds")


def find_truth(project: Project, options: argparse.Namespace) -> None:
    made = mutants.load(project.lab / "mutants.json")
    began = time.perf_counter()
    found = bundles.find_out(
        project,
        made[: options.first],
        processes=options.processes,
        size=options.bundle,
        enough=options.enough,
        seconds=options.seconds,
    )
    for number, (mutant, told) in enumerate(found, 1):
        print(
            f"{project.name} {number} {mutant.id} {mutant.kind} | {mutant.operator} | "
            f"{mutant.path}:{mutant.line} | {told.status} {len(told.broken)} broken, "
            f"{time.perf_counter() - began:.0f} s so far",
            flush=True,
        )


def judge_tool(project: Project, options: argparse.Namespace) -> None:
    tool = TOOLS[options.tool]
    store = judge.store_of(project, tool, options.name)
    made = mutants.load(project.lab / "mutants.json")
    for mutant, told, verdict in judge.judge(
        project,
        tool,
        store,
        made[: options.first],
        processes=options.processes,
        seconds=options.seconds,
    ):
        said = f"MISSED {len(verdict.missed)}" if verdict.missed else verdict.status
        print(
            f"{project.name} {mutant.id} {mutant.kind} | {mutant.operator} | "
            f"{mutant.path}:{mutant.line} | {len(told.broken)} broken, "
            f"{verdict.selected} of {verdict.discovered}, {verdict.full_run_reason} | {said}",
            flush=True,
        )


def misses(project: Project, options: argparse.Namespace) -> None:
    for known in _rows(project, options):
        mutant, verdict = known.mutant, known.verdict
        if verdict and verdict.missed:
            print(f"### {project.name} {mutant.id}: {mutant.kind}, {mutant.operator}\n")
            print(f"```diff\n{mutant.diff(project.root)}\n```\n")
            print(f"{verdict.selected} of {verdict.discovered} selected for {verdict.changes}")
            print(f"not selected, {len(verdict.missed)}: {', '.join(verdict.missed[:8])}\n")


def _rows(project: Project, options: argparse.Namespace) -> Iterator[table.Known]:
    truths = truth.stored(project)
    store = judge.store_of(project, TOOLS[options.tool], options.name)
    tests = len(truth.known_baseline(project).settled)
    for mutant in mutants.load(project.lab / "mutants.json"):
        yield table.Known(
            mutant=mutant, truth=truths.get(mutant), verdict=store.get(mutant), tests=tests
        )


STEPS = {
    "cover": cover,
    "generate": generate_mutants,
    "truth": find_truth,
    "judge": judge_tool,
    "misses": misses,
}
TOOLS: dict[str, Tool] = {tool.name: tool for tool in (Ours(), Testmon())}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=[*STEPS, "table"])
    parser.add_argument("--project", nargs="+", default=[str(CHECKOUT)])
    parser.add_argument("--lab", type=Path, default=Path(".laboratory"))
    parser.add_argument("--package", default="", help="directory with the cdds_django to judge")
    parser.add_argument("--each", type=int, default=12, help="mutants of each kind")
    parser.add_argument("--bodies", type=int, default=60, help="mutants of function bodies")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tool", choices=TOOLS, default="ours")
    parser.add_argument("--name", default="1", help="tells versions of the tool apart")
    parser.add_argument("--bundle", type=int, default=6, help="mutants in one full run")
    parser.add_argument("--first", type=int, help="try only so many mutants")
    parser.add_argument("--enough", type=int, help="stop with a kind after so many killed ones")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin nothing after that")
    parser.add_argument("--processes", type=int, default=2)
    return parser


if __name__ == "__main__":
    main()
