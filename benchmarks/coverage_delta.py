"""Is the coverage report of a delta run that of a full run? Seeded changes of the example project.

python -m benchmarks.coverage_delta [--changes N] [--first N] [--seed N] [--lines] [LABEL ...]

Each change is made to the tree as it is in git; so from one run to the next, one change goes and
another one comes. After each, `--delta --coverage` is compared with a full run, line by line and
branch by branch; with `--lines`, branches aren't measured. Changes that keep the project from
loading aren't counted. `--first` begins later in the row of changes, to go through it in parts.
"""

import argparse
import ast
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.laboratory.generate import generate
from benchmarks.laboratory.mutants import Mutant
from benchmarks.laboratory.projects import example
from benchmarks.measuring import CHECKOUT, Project, conditions, project

CONFIGURATION = "[run]\nbranch = {}\nsource = example_project\n"
BRANCHES = ("executed_branches", "missing_branches")
SHARE_OF_MUTANTS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", nargs="*", default=["example_project"])
    parser.add_argument("--changes", type=int, default=50)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", action="store_true")
    options = parser.parse_args()
    labels, changes = options.labels, options.changes
    print(conditions())
    with project() as copy:
        (copy.path / ".coveragerc").write_text(
            CONFIGURATION.format(not options.lines), encoding="utf-8"
        )
        whole(copy, *labels, "--coverage")
        pristine = {path: path.read_bytes() for path in copy.path.glob("example_project/**/*.py")}
        judged = equal = selected = along = discovered = 0
        every = enumerate(seeded(copy, options.seed), 1)
        for number, (name, apply) in islice(every, options.first - 1, None):
            if judged == changes:
                break
            restore(copy, pristine)
            apply()
            # What changed within the clock's resolution of the last run is looked at again anyway.
            time.sleep(0.1)
            report = run(copy, *labels, "--coverage", "--delta")
            if report is None:
                print(f"{number} {name}: the project doesn't load", flush=True)
                continue
            delta = covered(copy)
            whole(copy, *labels, "--coverage", "--no-record")
            full = covered(copy)
            judged += 1
            equal += delta == full
            also = sum(t["reasons"][:1] != [] and t["reasons"][0]["kind"] == "coverage"
                       for t in report["tests"])  # fmt: skip
            selected += report["selected"]
            along += also
            discovered += report["discovered"]
            print(
                f"{number} {name}: {report['selected']} of {report['discovered']} selected, {also} "
                f"of them for their class, {report['full_run_reason'] or ''} "
                f"{'equal' if delta == full else 'DIFFERS'}",
                flush=True,
            )
            for line in differences(delta, full):
                print(f"    {line}", flush=True)
    print(f"{equal} of {judged} reports equal; {selected / discovered:.1%} of tests selected, ")
    print(f"{along / discovered:.1%} only so that their classes are whole")


def whole(copy: Project, *arguments: str) -> dict:
    """Run the suite, which has to load; return the JSON report."""
    report = run(copy, *arguments)
    if report is None:
        sys.exit(f"{' '.join(arguments)}: the project doesn't load")
    return report


def run(copy: Project, *arguments: str) -> dict | None:
    """Run the suite, whose tests may fail; return the JSON report, None where it doesn't load."""
    report = copy.path / "report.json"
    report.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "test", "--noinput", "--parallel", "2",
         "--report-json", str(report), *arguments],
        cwd=copy.path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return json.loads(report.read_text(encoding="utf-8")) if report.exists() else None


def covered(copy: Project) -> dict:
    """Return lines and branches, executed and missing, by file."""
    subprocess.run(
        [sys.executable, "-m", "coverage", "json", "-q", "-o", "coverage.json"],
        cwd=copy.path, check=True,
    )  # fmt: skip
    files = json.loads((copy.path / "coverage.json").read_text(encoding="utf-8"))["files"]
    parts = ("executed_lines", "missing_lines", *BRANCHES)
    return {name: {part: file.get(part) for part in parts} for name, file in files.items()}


def differences(delta: dict, full: dict) -> Iterator[str]:
    for name in sorted(delta.keys() | full.keys()):
        before, after = delta.get(name, {}), full.get(name, {})
        for part in ("executed_lines", "executed_branches"):
            one = {str(point) for point in before.get(part) or ()}
            other = {str(point) for point in after.get(part) or ()}
            if one != other:
                yield f"{name} {part}: delta only {sorted(one - other)}, full only " + str(
                    sorted(other - one)
                )


def restore(copy: Project, pristine: dict[Path, bytes]) -> None:
    for path in copy.path.glob("example_project/**/*.py"):
        if path not in pristine:
            path.unlink()
    for path, content in pristine.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def seeded(copy: Project, seed: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield changes without end: mutants of the laboratory, edits of layout and of tests."""
    chance = random.Random(seed)
    scratch = copy.path / ".laboratory"
    mutants = generate(example(CHECKOUT, scratch, ""), each=3, bodies_too=40, seed=seed)
    mutants = [m for m in mutants if m.path.endswith(".py") and m.effect == "edit"]
    files = sorted(p for p in copy.path.glob("example_project/**/*.py") if p.stat().st_size > 300)
    tests = [path for path in files if path.name.startswith("test_")]
    while True:
        if chance.random() < SHARE_OF_MUTANTS:
            mutant = chance.choice(mutants)
            yield f"{mutant.operator} {mutant.path}:{mutant.line}", applied(mutant, copy)
        else:
            edit = chance.choice(LAYOUT_EDITS + TEST_EDITS)
            path = chance.choice(tests if edit in TEST_EDITS else files)
            where = path.relative_to(copy.path)
            yield f"{edit.__name__} {where}", edited(path, edit, chance.random())


def applied(mutant: Mutant, copy: Project) -> Callable[[], None]:
    return lambda: mutant.apply(copy.path)


def edited(
    path: Path, edit: Callable[[list[str], ast.Module, random.Random], None], seed: float
) -> Callable[[], None]:
    def apply() -> None:
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        edit(lines, ast.parse(text), random.Random(seed))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    return apply


def comment_inserted(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    """Before any statement, also in the middle of a function."""
    statement = chance.choice([n for n in ast.walk(tree) if isinstance(n, ast.stmt)])
    if statement is not tree.body[0]:
        line = min(
            [statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))]
        )
        lines.insert(line - 1, " " * statement.col_offset + "# A comment.")


def lines_inserted(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    """Blank lines at the top, and a function that nobody calls at the end."""
    lines[0:0] = ["", "", ""]
    lines += ["", "", "def never_called():", "    return 1"]


def joined_and_split(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    """Write what `ast.unparse` makes of it: no comments, other line breaks."""
    lines[:] = ast.unparse(tree).splitlines()


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [
        node
        for cls in ast.walk(tree)
        if isinstance(cls, ast.ClassDef)
        for node in cls.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def test_removed(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    if found := functions(tree):
        test = chance.choice(found)
        begin = min([test.lineno, *(d.lineno for d in test.decorator_list)])
        lines[begin - 1 : test.end_lineno] = [" " * test.col_offset + "pass"]


def test_renamed(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    if found := functions(tree):
        test = chance.choice(found)
        lines[test.lineno - 1] = lines[test.lineno - 1].replace(test.name, f"{test.name}_again")


def test_emptied(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    """Return from a test before it has done anything: its lines are no longer covered by it."""
    if found := functions(tree):
        test = chance.choice(found)
        lines.insert(test.body[0].lineno - 1, " " * test.body[0].col_offset + "return")


def test_added(lines: list[str], tree: ast.Module, chance: random.Random) -> None:
    if found := functions(tree):
        test = chance.choice(found)
        indent = " " * test.col_offset
        lines.insert(test.end_lineno or 0, f"{indent}    self.assertTrue(True)")
        lines.insert(test.end_lineno or 0, f"\n{indent}def test_added(self):")


LAYOUT_EDITS = [comment_inserted, lines_inserted, joined_and_split]
TEST_EDITS = [test_removed, test_renamed, test_emptied, test_added]


if __name__ == "__main__":
    main()
