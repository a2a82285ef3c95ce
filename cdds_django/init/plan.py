"""What init would write: one value for each file, nothing where all is there already."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cdds_django.errors import ConfigurationError
from cdds_django.init import settings_file, workflows
from cdds_django.init.changes import Change
from cdds_django.init.facts import RUNNER, Facts

COVERAGERC = """\
[run]
branch = True
source = .
omit =
    manage.py
    */migrations/*
    */tests/*
    */tests.py
    */test_*.py
"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user asked for."""

    system: str | None = None
    """The CI system to write a workflow for, None for none."""
    gitignore: bool = False


@dataclass(kw_only=True)
class Plan:
    """Files to write, and what a person should know."""

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(facts: Facts, wanted: Wanted, *, in_list: bool = True) -> Plan:
    """Return what is missing; `in_list` as in `settings_file.edited`. Raises ConfigurationError."""
    made = Plan()
    made.changes += _settings(facts, made.notes, in_list=in_list)
    made.changes += _coverage(facts)
    if wanted.gitignore:
        made.changes += _gitignore(facts)
    if wanted.system == workflows.GITHUB:
        made.changes += _github(facts, made.notes)
    elif wanted.system == workflows.GITLAB:
        made.changes += _gitlab(facts, made.notes)
    return made


def _settings(facts: Facts, notes: list[str], *, in_list: bool) -> Iterator[Change]:
    if facts.has_own_runner:
        notes.append(
            f"TEST_RUNNER stays {facts.test_runner}. With --testrunner {RUNNER} ours "
            "goes in front of it."
        )
    app, runner = not facts.has_app, not (facts.has_runner or facts.has_own_runner)
    if not (app or runner):
        return
    path = facts.settings_file
    if path.suffix != ".py" or not path.resolve().is_relative_to(facts.checkout):
        raise ConfigurationError(
            f"The settings {facts.settings_module} are in {path}, which is no Python file of the "
            "project. Name a module of the project with --settings."
        )
    before = path.read_bytes()
    after = settings_file.edited(
        before, app=app, runner=runner, in_list=in_list, has_name=facts.names_apps
    )
    yield Change(path=path, before=before, after=after)
    if app:
        notes.append(
            f"Wherever {facts.settings_module} is used, cdds_django has to be installed from now "
            "on. It does nothing there but register its commands."
        )


def _coverage(facts: Facts) -> Iterator[Change]:
    if not has_coverage_configuration(facts.root):
        path = facts.root / ".coveragerc"
        yield Change(path=path, before=None, after=COVERAGERC.encode())


def has_coverage_configuration(root: Path) -> bool:
    """Return whether coverage.py would find a configuration, in any of its places."""
    if (root / ".coveragerc").exists():
        return True
    for name in ("setup.cfg", "tox.ini"):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(root / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        if any(section.startswith("coverage:") for section in parser.sections()):
            return True
    try:
        told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return "coverage" in told.get("tool", {})


def _gitignore(facts: Facts) -> Iterator[Change]:
    path = facts.root / ".gitignore"
    before = path.read_bytes() if path.exists() else None
    text = (before or b"").decode(errors="surrogateescape")
    if not {".cdds", ".cdds/", "/.cdds", "/.cdds/"} & {line.strip() for line in text.splitlines()}:
        newline = "\r\n" if "\r\n" in text else "\n"
        end = newline if text and not text.endswith("\n") else ""
        after = f"{text}{end}.cdds/{newline}".encode(errors="surrogateescape")
        yield Change(path=path, before=before, after=after)


def _github(facts: Facts, notes: list[str]) -> Iterator[Change]:
    text = workflows.rendered("github", workflows.fitting(facts))
    path = facts.checkout / workflows.GITHUB_FILE
    others = sorted({*path.parent.glob("*.yml"), *path.parent.glob("*.yaml")} - {path})
    if others and not path.exists():
        notes.append(
            f"Other workflows stay: {', '.join(other.name for other in others)}. Where one runs "
            "the tests already, take that out of it."
        )
    yield from _new(path, text, notes)


def _gitlab(facts: Facts, notes: list[str]) -> Iterator[Change]:
    text = workflows.rendered("gitlab", workflows.fitting(facts))
    yield from _new(facts.checkout / workflows.GITLAB_FILE, text, notes)
    main = facts.checkout / workflows.GITLAB_MAIN_FILE
    if not main.exists():
        yield Change(path=main, before=None, after=workflows.GITLAB_INCLUDE.encode())
    elif workflows.GITLAB_FILE not in main.read_text(encoding="utf-8", errors="replace"):
        # YAML can't be added to and keep its comments, and there may be an `include` already.
        notes.append(
            f"{workflows.GITLAB_MAIN_FILE} stays as it is. Add to it:\n{workflows.GITLAB_INCLUDE}"
        )


def _new(path: Path, text: str, notes: list[str]) -> Iterator[Change]:
    """Yield a file that may be made, but not one in place of another."""
    if not path.exists():
        yield Change(path=path, before=None, after=text.encode())
    elif path.read_bytes() != text.encode():
        notes.append(
            f"{path} stays as it is. For one as it would be written now, move it away and run this "
            "again."
        )
