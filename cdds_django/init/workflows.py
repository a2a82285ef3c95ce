"""The workflows for CI systems, made from templates that fit the project."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from cdds_django.init.facts import RUNNER, Facts

GITHUB, GITLAB = "github", "gitlab"
GITHUB_FILE = ".github/workflows/cdds.yml"
GITLAB_FILE = ".gitlab/cdds.yml"
GITLAB_MAIN_FILE = ".gitlab-ci.yml"
GITLAB_INCLUDE = f"include:\n  - local: {GITLAB_FILE}\n"

TEST_OPTIONS = (
    "--coverage --coverage-xml coverage.xml --junit-xml junit.xml --report-json report.json "
    "--report-html report"
)
_REQUIREMENTS = (
    *("requirements.txt", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt"),
    *("requirements/base.txt", "requirements/dev.txt", "requirements/local.txt"),
    *("requirements/test.txt", "requirements/tests.txt", "test-requirements.txt"),
)

_PIP_CACHE_KEYS = ("requirements.txt", "pyproject.toml")
"""The files that actions/setup-python looks for. It fails where there is neither."""


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """What a template is filled with."""

    branch: str = "main"
    python: str = f"{sys.version_info[0]}.{sys.version_info[1]}"
    install: tuple[str, ...] = (
        "python -m pip install -r requirements.txt",
        "python -m pip install cdds-django",
    )
    """Shell commands."""
    options: str = TEST_OPTIONS
    directory: str = ""
    """Where `manage.py` is, from the checkout's root; empty if it is there."""
    snapshot: str = ".contract-snapshot.json"
    postgres: bool = True
    redis: bool = True
    pip_cache: bool = True
    """Whether there is one of the files that pip's cache is keyed by."""
    api: bool = True


def fitting(facts: Facts) -> Fitting:
    """Return what fits a project."""
    inside = facts.root.relative_to(facts.checkout).as_posix()
    keeps_runner = facts.has_own_runner
    return Fitting(
        branch=_main_branch(facts.checkout),
        install=(*_installing(facts.root), "python -m pip install cdds-django"),
        options=f"{TEST_OPTIONS} --testrunner {RUNNER}" if keeps_runner else TEST_OPTIONS,
        directory="" if inside == "." else inside,
        snapshot=facts.snapshot.relative_to(facts.root).as_posix(),
        postgres=facts.uses_postgres,
        redis=facts.uses_redis,
        pip_cache=any((facts.root / name).exists() for name in _PIP_CACHE_KEYS),
        api=facts.has_api,
    )


def rendered(name: str, values: Fitting) -> str:
    """Return a workflow; `name` is that of a template: github, github-shards or gitlab."""
    template = resources.files("cdds_django.init").joinpath("templates", f"{name}.yml")
    return "".join(_lines(template.read_text(encoding="utf-8"), values))


def system_of(checkout: Path) -> str | None:
    """Return the CI system that a checkout is made for, None where nothing tells."""
    if (checkout / ".gitlab-ci.yml").exists():
        return GITLAB
    if (checkout / ".github").is_dir():
        return GITHUB
    remotes = _git(checkout, "remote", "--verbose").lower()
    for system in (GITLAB, GITHUB):
        if system in remotes:
            return system
    return None


def _lines(template: str, values: Fitting) -> Iterator[str]:
    conditions = {
        "postgres": values.postgres,
        "redis": values.redis,
        "services": values.postgres or values.redis,
        "api": values.api,
        "pip_cache": values.pip_cache,
        "directory": bool(values.directory),
    }
    texts = {
        "branch": values.branch,
        "python": values.python,
        "options": values.options,
        "directory": values.directory,
        "prefix": f"{values.directory}/" if values.directory else "",
        "snapshot": values.snapshot,
    }
    is_shown = True
    for line in template.splitlines(keepends=True):
        if line.startswith("#if "):
            is_shown = conditions[line.removeprefix("#if ").strip()]
        elif line.startswith("#endif"):
            is_shown = True
        elif is_shown and line.strip() == "@install@":
            yield from (line.replace("@install@", command) for command in values.install)
        elif is_shown:
            yield re.sub(r"@([a-z]+)@", lambda found: texts[found[1]], line)


def _installing(root: Path) -> Iterator[str]:
    """Yield the commands that install what a project needs, in the way that its files tell."""
    if (root / "uv.lock").exists():
        yield "python -m pip install uv"
        yield "uv export --frozen --all-groups --no-emit-project --output-file .ci-requirements.txt"
        yield "python -m pip install --requirement .ci-requirements.txt"
    elif (root / "poetry.lock").exists():
        yield "python -m pip install poetry"
        yield "poetry config virtualenvs.create false"
        yield "poetry install --no-interaction"
    elif (root / "Pipfile.lock").exists():
        yield "python -m pip install pipenv"
        yield "pipenv install --system --dev --deploy"
    elif found := [name for name in _REQUIREMENTS if (root / name).exists()]:
        yield f"python -m pip install {' '.join(f'-r {name}' for name in found)}"
    elif (root / "pyproject.toml").exists() or (root / "setup.py").exists():
        yield "python -m pip install --editable ."
    else:
        yield "python -m pip install django # And what else your project needs."


def _main_branch(checkout: Path) -> str:
    """Return the branch that others go to: what the remote says, or the one that is there."""
    told = _git(checkout, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    if told:
        return told.removeprefix("origin/")
    branches = _git(checkout, "branch", "--format", "%(refname:short)").split()
    return next((name for name in ("main", "master", "develop") if name in branches), "main")


def _git(checkout: Path, *arguments: str) -> str:
    """Return what git says, nothing where there is no git or it has no answer."""
    try:
        result = subprocess.run(
            ["git", *arguments], cwd=checkout, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""
