"""Generating mutants: all edits that operators find, and a seeded sample of them."""

import ast
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.laboratory.edits import Edit, Source
from benchmarks.laboratory.families import Families
from benchmarks.laboratory.mutants import Mutant, read
from benchmarks.laboratory.operators import bodies, files, support, values
from benchmarks.laboratory.operators.catalogue import edits_of, edits_of_text
from benchmarks.laboratory.projects import Project

INSIDE_FUNCTIONS = {bodies.KIND, support.TESTS}
"""Kinds that only matter where the edited line runs."""
CRUDE = {files.REMOVED, values.IMPORTS, values.NAMES, "models: fields removed"}
"""Kinds that often leave nothing that works; a third as many of them is made."""


def generate(project: Project, *, each: int, bodies_too: int, seed: int) -> list[Mutant]:
    """Return up to `each` mutants of every kind, `bodies_too` of functions' bodies.

    Kinds are mixed, so that work on the mutants may stop at any place.
    """
    by_kind: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in candidates(project):
        by_kind[mutant.kind].append(mutant)
    chosen: list[tuple[float, str, Mutant]] = []
    for kind, mutants in sorted(by_kind.items()):
        fewer = each // 3 if kind in CRUDE else each
        wanted = bodies_too if kind == bodies.KIND else fewer
        shuffled = random.Random(f"{seed} {kind}").sample(mutants, len(mutants))
        valid = list(_first_valid(project.root, _in_turns(shuffled), wanted))
        chosen += [(place / len(valid), kind, mutant) for place, mutant in enumerate(valid)]
    return [mutant for _, _, mutant in sorted(chosen, key=lambda row: row[:2])]


def candidates(project: Project) -> Iterator[Mutant]:
    """Yield all mutants of a project, each once."""
    texts = dict(_texts(project))
    sources = [Source(path, text) for path, text in texts.items() if path.endswith(".py")]
    families = Families(sources)
    covered = _covered(project)
    seen: set[tuple[str, int, str, str]] = set()
    for source in sources:
        for edit in edits_of(source, families):
            mutant = _mutant(source.path, source.text, edit)
            if edit.kind in INSIDE_FUNCTIONS and covered is not None:
                runs = mutant.line in covered.get(source.path, ())
            else:
                runs = True
            key = (mutant.path, mutant.start, mutant.old, mutant.new)
            if runs and key not in seen:
                seen.add(key)
                yield mutant
    for path, text in texts.items():
        if not path.endswith(".py"):
            for edit in edits_of_text(path, text):
                yield _mutant(path, text, edit)
    yield from files.find(texts, sorted(_apps(texts)))


def _texts(project: Project) -> Iterator[tuple[str, str]]:
    for path in project.mutable():
        try:
            text = read(project.root / path)
        except UnicodeDecodeError:
            continue
        yield path, text


def _apps(texts: Iterable[str]) -> set[str]:
    return {
        found[1]
        for path in texts
        if (found := re.match(r"(.+)/(migrations|apps\.py|admin\.py)", path))
    }


def _covered(project: Project) -> dict[str, set[int]] | None:
    """Return the lines that tests run, where that was found out, by file."""
    path = project.lab / "coverage.json"
    if not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {name: set(file["executed_lines"]) for name, file in told.items()}


def _mutant(path: str, text: str, edit: Edit) -> Mutant:
    begin, end = edit.span
    return Mutant(
        kind=edit.kind,
        operator=edit.operator,
        path=path,
        line=text.count("\n", 0, begin) + 1,
        start=begin,
        old=text[begin:end],
        new=edit.new,
    )


def _in_turns(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """Yield one mutant of each operator and file, then the second of each, and so on."""
    piles: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        piles[mutant.operator, mutant.path].append(mutant)
    while piles:
        for key in list(piles):
            yield piles[key].pop()
            if not piles[key]:
                del piles[key]


def _first_valid(root: Path, mutants: Iterator[Mutant], wanted: int) -> Iterator[Mutant]:
    for mutant in mutants:
        if wanted <= 0:
            return
        if _is_valid(root, mutant):
            wanted -= 1
            yield mutant


def _is_valid(root: Path, mutant: Mutant) -> bool:
    """Tell whether a Python file still parses, and is another program."""
    if mutant.effect != "edit" or not mutant.path.endswith(".py"):
        return mutant.old != mutant.new
    text = read(root / mutant.path)
    try:
        return ast.dump(ast.parse(mutant.applied(text))) != ast.dump(ast.parse(text))
    except SyntaxError:
        return False
