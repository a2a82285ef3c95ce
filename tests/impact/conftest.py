"""A small project, recorded once per session and copied for every test that edits it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

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
    """The project in a directory of its own."""

    path: Path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `manage.py test`, in one process unless the arguments say otherwise."""
        self.report.unlink(missing_ok=True)
        parallel = [] if "--parallel" in arguments else ["--parallel", "1"]
        runner = ["--testrunner", "cdds_django.runner.DeltaDiscoverRunner"]
        report = ["--report-json", str(self.report)]
        return subprocess.Popen(
            [sys.executable, "manage.py", "test", *arguments, *parallel, *runner, *report],
            cwd=self.path,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE", "CDDS"))},
                "PYTHONPATH": str(REPOSITORY),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test(self, *arguments: str, **environment: str) -> Report:
        """Run tests."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=120)
        done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
        return Report(done, self.report)

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


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The project with the map of a full run. Not to be edited."""
    shop = Shop(tmp_path_factory.mktemp("recorded") / "shop")
    shutil.copytree(PROJECT, shop.path, ignore=shutil.ignore_patterns("__pycache__", ".cdds"))
    report = shop.test()
    assert report.process.returncode == 0, report.process.stderr
    return shop


@pytest.fixture
def shop(recorded: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A recorded project to edit."""
    shop = Shop(tmp_path / "shop")
    shutil.copytree(recorded.path, shop.path, symlinks=True)
    yield shop
    shutil.rmtree(shop.path)


@pytest.fixture(scope="session")
def all_tests(recorded: Shop) -> frozenset[str]:
    """Every test of the project."""
    return frozenset(Report(_NOTHING, recorded.report).outcomes)


class ForkServer:
    """A process that runs commands in forks of itself, without importing Django each time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE", "CDDS"))},
                "PYTHONPATH": str(REPOSITORY),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def test(self, path: Path, *arguments: str, **environment: str) -> Report:
        """Run `manage.py test` in a project."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        report, output = (path.with_name(f"{path.name}{end}") for end in (".json", ".txt"))
        report.unlink(missing_ok=True)
        request = {
            "path": str(path),
            "arguments": [
                *("test", *arguments, "--parallel", "1", "--report-json", str(report)),
                *("--testrunner", "cdds_django.runner.DeltaDiscoverRunner"),
            ],
            "environment": environment,
            "output": str(output),
        }
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        done = subprocess.CompletedProcess(arguments, status, output.read_text(), "")
        return Report(done, report)

    def end(self) -> None:
        self._process.communicate()


@dataclass(frozen=True)
class Api:
    """The recorded project of declarative code."""

    path: Path
    server: ForkServer
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
    server = ForkServer()
    report = server.test(path)
    assert report.process.returncode == 0, report.process.stdout
    yield Api(path, server, frozenset(report.outcomes))
    server.end()


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
        path = tmp_path / "api"
        shutil.copytree(api.path, path, symlinks=True)
        edit(path, edits)
        report = api.server.test(path, "--delta", "--explain", **environment)
        if os.environ.get("IMPACT_FULL_RUNS"):
            outcomes = api.server.test(path, "--no-record", **environment).outcomes
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
