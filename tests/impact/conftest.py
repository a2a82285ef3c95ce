"""A small project, recorded once per session and copied for every test that edits it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from benchmarks.laboratory.warm import Warm
from tests.conftest import warmed

REPOSITORY = Path(__file__).parents[2]
PROJECT = Path(__file__).with_name("project")
MAP = ".cdds/impact.sqlite"

# These are projects to run tests in, not tests of ours.
collect_ignore = ["project", "api"]


@dataclass(frozen=True)
class Report:
    """What a run or an explanation said."""

    process: subprocess.CompletedProcess[str]
    path: Path

    @cached_property
    def json(self) -> dict[str, Any]:
        assert self.path.exists(), self.process.stdout + self.process.stderr
        return json.loads(self.path.read_text())

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each discovered test, by class and method."""
        return {_short(test["id"]): test["outcome"] for test in self.json["tests"]}

    @property
    def selected(self) -> set[str]:
        """The tests that were chosen, whether or not they ran."""
        return {test for test, outcome in self.outcomes.items() if outcome != "not_selected"}

    @property
    def full_run_reason(self) -> str | None:
        return self.json["full_run_reason"]

    def reasons(self, test: str) -> list[tuple[str, str, str]]:
        """Return kind, key and change of each reason of a test."""
        (row,) = [row for row in self.json["tests"] if _short(row["id"]) == test]
        return [(reason["kind"], reason["key"], reason["change"]) for reason in row["reasons"]]


def _short(test: str) -> str:
    return ".".join(test.split(".")[-2:])


@dataclass(frozen=True)
class Shop:
    """A project in a directory of its own."""

    path: Path
    warm: Warm

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `manage.py test` in a process of its own."""
        return subprocess.Popen(
            [sys.executable, *self._command(*arguments)],
            cwd=self.path,
            env=_environment(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test(self, *arguments: str, **environment: str) -> Report:
        """Run tests."""
        output, errors = (self.report.with_suffix(end) for end in (".out", ".err"))
        command = self._command(*arguments)
        status = self.warm.run(
            command,
            path=self.path,
            environment=_environment(environment),
            output=output,
            errors=errors,
            limit_s=120,
        )
        text = output.read_text(), errors.read_text()
        assert status is not None, f"still running:\n{''.join(text)}"
        return Report(subprocess.CompletedProcess(command, status, *text), self.report)

    def _command(self, *arguments: str) -> list[str]:
        """Return the command of a run, in one process unless the arguments say otherwise."""
        self.report.unlink(missing_ok=True)
        parallel = [] if "--parallel" in arguments else ["--parallel", "1"]
        runner = ["--testrunner", "cdds_django.runner.DeltaDiscoverRunner"]
        report = ["--report-json", str(self.report)]
        return ["manage.py", "test", *arguments, *parallel, *runner, *report]

    def delta(self, *arguments: str, **environment: str) -> Report:
        """Run what changed."""
        return self.test("--delta", *arguments, **environment)

    def explain(self, *arguments: str, **environment: str) -> Report:
        """Say what would run."""
        return self.test("--delta", "--explain", *arguments, **environment)

    @property
    def report(self) -> Path:
        # Outside of the project: a test that starts a process depends on all files in it.
        return self.path.with_name(f"{self.path.name}-report.json")

    @property
    def map(self) -> Path:
        return self.path / MAP

    def read(self, name: str) -> str:
        return (self.path / name).read_text()

    def write(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first `old`, which must be there, in a file."""
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def edit_body(self, name: str, function: str, body: str = "None") -> None:
        """Put a statement of no effect in front of a function's body."""
        lines = self.read(name).splitlines()
        (index,) = [i for i, line in enumerate(lines) if f"def {function}(" in line]
        indent = lines[index + 1][: len(lines[index + 1]) - len(lines[index + 1].lstrip())]
        self.write(name, "\n".join([*lines[: index + 1], indent + body, *lines[index + 1 :], ""]))


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE", "CDDS"))},
        "PYTHONPATH": str(REPOSITORY),
        **more,
    }


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Shop:
    """The project with the map of a full run. Not to be edited."""
    shop = Shop(tmp_path_factory.mktemp("recorded") / "shop", warm)
    shutil.copytree(PROJECT, shop.path, ignore=shutil.ignore_patterns("__pycache__", ".cdds"))
    report = shop.test()
    assert report.process.returncode == 0, report.process.stderr
    return shop


@pytest.fixture
def shop(recorded: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A recorded project to edit."""
    shop = Shop(tmp_path / "shop", recorded.warm)
    shutil.copytree(recorded.path, shop.path, symlinks=True)
    yield shop
    shutil.rmtree(shop.path)


@pytest.fixture(scope="session")
def all_tests(recorded: Shop) -> frozenset[str]:
    """Every test of the project."""
    return frozenset(Report(_NOTHING, recorded.report).outcomes)


@dataclass(frozen=True)
class Api:
    """The recorded project of declarative code."""

    recorded: Shop
    tests: frozenset[str]

    def expand(self, names: str) -> set[str]:
        """Return the tests of classes and tests named in a text."""
        # A test module that can't be imported fails as one test.
        modules = {word for word in names.split() if word.startswith("tests.")}
        words = set(names.split()) - modules
        found = {test for test in self.tests if {test, test.partition(".")[0]} & words}
        unknown = words - found - {test.partition(".")[0] for test in found}
        assert not unknown, f"no such tests: {unknown}"
        return found | modules


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A Django REST framework project with the map of a full run. Not to be edited."""
    path = tmp_path_factory.mktemp("recorded") / "api"
    ignored = shutil.ignore_patterns("__pycache__", ".cdds", "db.sqlite3")
    shutil.copytree(PROJECT.with_name("api"), path, ignore=ignored)
    warm = warmed("psycopg", "requests", "rest_framework.compat")
    recorded = Shop(path, warm)
    report = recorded.test()
    assert report.process.returncode == 0, report.process.stderr
    yield Api(recorded, frozenset(report.outcomes))
    warm.end()


Edit = tuple[str, str | None, str | None]
EVERYTHING = "*"

# It asks a class for its subclasses, and any class that changes may have become one.
ASKS_FOR_SUBCLASSES = "Generated.test_subclasses"


@pytest.fixture
def expect(api: Api, tmp_path: Path) -> Callable[..., None]:
    """A function that edits a copy of the project and compares what is selected.

    `edits` are triples of a path, what stands there, and what is to stand there: without the
    second, a file is written; without the third, it is removed. `must` names tests that fail
    after the edit or may behave in another way; `within` what else may be selected, since
    nothing tells it apart: a star for all. With IMPACT_FULL_RUNS=1 in the environment, all tests
    run too, and `must` has to name all that fail.
    """

    def expect(edits: list[Edit], must: str, within: str, **environment: str) -> None:
        copy = Shop(tmp_path / "api", api.recorded.warm)
        shutil.copytree(api.recorded.path, copy.path, symlinks=True)
        edit(copy.path, edits)
        report = copy.explain(**environment)
        if os.environ.get("IMPACT_FULL_RUNS"):
            outcomes = copy.test("--no-record", **environment).outcomes
            assert {t for t, outcome in outcomes.items() if outcome != "passed"} <= api.expand(must)
        assert api.expand(must) <= report.selected
        if within != EVERYTHING:
            assert report.full_run_reason is None
            assert report.selected <= api.expand(f"{must} {within} {ASKS_FOR_SUBCLASSES}")

    return expect


def edit(path: Path, edits: list[Edit]) -> None:
    """Edit a project, as `expect` says."""
    for name, old, new in edits:
        file = path / name
        if new is None:
            file.unlink()
        elif old is None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(new)
        else:
            text = file.read_text()
            assert old in text, f"{name} has no {old!r}"
            file.write_text(text.replace(old, new, 1))


_NOTHING: Any = None

Explain = Callable[..., Report]
