"""The workflows that `python -m cdds_django.init` writes do what they say, step by step.

They run in a small project with PostgreSQL and Redis: first the main branch, which records, then a
change that asks to be merged. Not among the other tests, since once is enough for all Pythons:
`python -m pytest .ci/test_workflows.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cdds_django.init.workflows import Fitting, rendered

pytest_plugins = ("tests.runner.conftest",)

REPOSITORY = Path(__file__).parents[1]
REHEARSE = REPOSITORY / ".ci" / "rehearse"
SETTLED = {"PYTHONPATH": str(REPOSITORY)}


@dataclass(frozen=True)
class Ci:
    """A repository, and the directory that stands for its CI system."""

    repository: Path
    at: Path
    variables: dict[str, str]

    def run(self, workflow: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        variables = [f"{name}={value}" for name, value in {**SETTLED, **self.variables}.items()]
        return subprocess.run(
            [
                *(sys.executable, str(REHEARSE), workflow, "--repository", "."),
                *("--at", str(self.at), *arguments),
                *(f"--variable={variable}" for variable in variables),
            ],
            cwd=self.repository,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=200,
            check=False,
        )

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.repository, check=True, capture_output=True)

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.repository,
            env={**os.environ, **SETTLED, **self.variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--message", "x")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.repository / name).read_text()
        assert old in text
        (self.repository / name).write_text(text.replace(old, new))

    def change(self) -> None:
        """Commit a branch with a function that is written otherwise, and an API that takes less."""
        self.git("checkout", "-b", "change")
        self.edit("shop/prices.py", "net // 10 * 10", "net - net % 10")
        fields = 'fields = ["id", "name", "net"]'
        more = 'extra_kwargs = {"name": {"max_length": 40}}'
        self.edit("shop/views.py", fields, f"{fields}\n        {more}")
        self.python("manage.py", "contract_snapshot")
        self.commit()

    def artefact(self, name: str, event: str) -> Path:
        (found,) = self.at.glob(f"artefacts/{event}-*/{name}")
        return found


@pytest.fixture
def ci(tmp_path, postgres, redis_url):
    database = postgres.server
    user = ":".join(filter(None, [database["USER"], database["PASSWORD"]]))
    place = f"{database['HOST']}:{database['PORT'] or 5432}"
    made = Ci(
        tmp_path / "repository",
        tmp_path / "ci",
        {"DATABASE_URL": f"postgres://{user}@{place}/{postgres.name}", "REDIS_URL": redis_url},
    )
    shutil.copytree(REHEARSE / "project", made.repository)
    (made.repository / ".gitignore").write_text("__pycache__/\n")
    made.git("init", "--initial-branch", "main")
    made.at.mkdir()
    return made


def require_all_ran(artefacts: Path) -> None:
    report = json.loads((artefacts / "report.json").read_text())
    assert (report["mode"], report["selected"], report["skipped"]) == ("full", 4, 0)


def require_delta(artefacts: Path) -> dict[str, Any]:
    report = json.loads((artefacts / "report.json").read_text())
    assert (report["mode"], report["full_run_reason"]) == ("delta", None)
    # The shorter name concerns who uses the serializer.
    ran = {test["id"].split(".")[-1] for test in report["tests"] if test["reasons"]}
    assert ran == {"test_rounded", "test_create"}
    junit = ElementTree.parse(artefacts / "junit.xml").getroot()
    assert junit.get("tests") == "2"
    # Of all tests, though two ran.
    covered = ElementTree.parse(artefacts / "coverage.xml").getroot()
    lines = {cls.get("filename"): cls.get("line-rate") for cls in covered.iter("class")}
    assert lines["shop/prices.py"] == "1"
    assert (artefacts / "report" / "index.html").stat().st_size > 10_000
    return report


def test_github(ci):
    ci.python("-m", "cdds_django.init", "--yes", "--github")
    ci.commit()
    workflow = ".github/workflows/cdds.yml"
    main = ci.run(workflow)
    assert main.returncode == 0, main.stdout
    assert "4 passed, 0 failed" in main.stdout
    require_all_ran(ci.artefact("tests", "push"))
    assert [path.name for path in ci.at.glob("caches/cdds-main-*/.cdds/impact.sqlite")]

    ci.change()
    comments = ci.at / "comments"
    comments.mkdir()
    (comments / "1").write_text("Somebody else's.")
    (comments / "2").write_text("<!-- cdds_django: contract -->\nThe last one.")
    done = ci.run(workflow, "--event", "pull_request", "--branch", "change")
    assert "2 passed, 0 failed" in done.stdout, done.stdout
    report = require_delta(ci.artefact("tests", "pull_request"))
    assert report["delta_skip_ratio"] == 0.5
    # The change breaks clients; nothing else is wrong with it.
    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("[tests] failed:")]
    assert failed == ["[tests] failed: What the change does to the contract"]
    assert "::error title=" in done.stdout
    assert (comments / "1").read_text() == "Somebody else's."
    assert "**breaking**" in (comments / "2").read_text()
    assert len(list(comments.iterdir())) == 2
    summary = (ci.at / "summary.md").read_text()
    assert "2 of 4 tests selected, **50.0% skipped**" in summary
    assert "**breaking**" in summary


def test_gitlab(ci):
    ci.python("-m", "cdds_django.init", "--yes", "--gitlab")
    assert (ci.repository / ".gitlab-ci.yml").read_text() == (
        "include:\n  - local: .gitlab/cdds.yml\n"
    )
    ci.commit()
    workflow = ".gitlab/cdds.yml"
    main = ci.run(workflow)
    assert main.returncode == 0, main.stdout
    require_all_ran(ci.artefact("tests-all", "push"))

    ci.change()
    ci.variables["CDDS_GITLAB_TOKEN"] = "secret"
    done = ci.run(workflow, "--event", "pull_request", "--branch", "change")
    require_delta(ci.artefact("tests-delta", "pull_request"))
    assert done.returncode == 1
    assert "[tests:delta] ok" in done.stdout, done.stdout
    assert "[contract] failed" in done.stdout
    (comment,) = (ci.at / "comments").iterdir()
    assert "**breaking**" in comment.read_text()
    contract = ElementTree.parse(ci.artefact("contract/contract.xml", "pull_request"))
    assert contract.getroot().find(".//failure") is not None


def test_github_shards(ci):
    ci.python("-m", "cdds_django.init", "--yes", "--no-ci")
    workflow = ci.repository / "shards.yml"
    workflow.write_text(rendered("github-shards", Fitting()))
    ci.commit()
    main = ci.run("shards.yml")
    assert main.returncode == 0, main.stdout
    require_all_ran(ci.artefact("tests", "push"))

    ci.change()
    done = ci.run("shards.yml", "--event", "pull_request", "--branch", "change")
    assert done.returncode == 0, done.stdout
    assert "Merged 4 shards." in done.stdout
    require_delta(ci.artefact("tests", "pull_request"))
