"""The dialogue: say what would change, ask, write, look whether the project still works."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdds_django.errors import CddsError, ConfigurationError
from cdds_django.init import changes, facts, workflows
from cdds_django.init.changes import Change
from cdds_django.init.facts import Facts
from cdds_django.init.plan import Plan, Wanted, plan

Say = Callable[[str], Any]


def add_arguments(parser: Any) -> None:
    """Add the options, which the module and the command share."""
    group: argparse.ArgumentParser = parser
    group.add_argument(
        "--dry-run", action="store_true", help="show what would change, and write nothing"
    )
    group.add_argument(
        "--yes", "--noinput", action="store_true", dest="yes", help="write without asking"
    )
    system = group.add_mutually_exclusive_group()
    system.add_argument("--github", action="store_true", help="write a workflow for GitHub Actions")
    system.add_argument("--gitlab", action="store_true", help="write one for GitLab")
    system.add_argument("--no-ci", action="store_true", help="write none")
    group.add_argument(
        "--gitignore",
        action="store_true",
        help="add .cdds/ to .gitignore too; the directory keeps itself out of git anyway",
    )
    group.add_argument("--undo", action="store_true", help="put all files back as they were before")


def run(options: dict[str, Any], *, say: Say, ask: Callable[[str], str] = input) -> None:
    """Do what the options say, in the current directory. Raises CddsError."""
    start = Path.cwd()
    if options["undo"]:
        root = facts.project_root(start)
        for name in changes.undo(_state_dir(root), root):
            say(f"As it was before: {name}")
        return
    found = facts.find(start, options.get("settings"))
    wanted = Wanted(system=_system(options, found, ask), gitignore=options["gitignore"])
    made = plan(found, wanted)
    takes_snapshot = found.has_api and not found.snapshot.exists()
    if not made.changes and not takes_snapshot:
        _tell(made, say)
        say("Nothing to do: all of it is there.")
        return
    _show(made, found, say, takes_snapshot=takes_snapshot)
    if options["dry_run"]:
        return
    if not options["yes"] and not _agrees(ask):
        say("Nothing was written.")
        return
    state_dir = _state_dir(found.root)
    changes.keep(state_dir, found.root, _write(found, wanted, made))
    if takes_snapshot:
        changes.keep(state_dir, found.root, _take_snapshot(found, say))
    say("Written. The next steps:")
    runner = f" --testrunner {facts.RUNNER}" if found.has_own_runner else ""
    say(f"  python manage.py test{runner}            # all tests, and records what they depend on")
    say(f"  python manage.py test{runner} --delta    # from then on: what a change can affect")
    say("  python -m cdds_django.init --undo      # puts all files back")


def _write(found: Facts, wanted: Wanted, made: Plan) -> list[Change]:
    """Write; where the settings don't work then, put all back. Raises ConfigurationError."""
    changes.write(made.changes)
    try:
        problem = _problem(found)
        if problem == _not_listed(found):
            # The list in the module isn't the one that counts in the end.
            changes.restore(made.changes)
            made = plan(found, wanted, in_list=False)
            changes.write(made.changes)
            problem = _problem(found)
    except BaseException:
        changes.restore(made.changes)
        raise
    if problem is None:
        return list(made.changes)
    changes.restore(made.changes)
    # Whose fault is it?
    facts.ask(found.root, found.settings_module, check=True)
    raise ConfigurationError(f"{problem}\nNothing stays written.")


def _problem(found: Facts) -> str | None:
    """Return what is wrong with the project now, None where nothing is."""
    try:
        now = facts.ask(found.root, found.settings_module, check=True)
    except ConfigurationError as error:
        return str(error)
    if not now.has_app:
        return _not_listed(found)
    if not (now.has_runner or now.has_own_runner):
        return f"TEST_RUNNER of {found.settings_module} isn't ours after the change."
    return None


def _not_listed(found: Facts) -> str:
    return f"cdds_django isn't in INSTALLED_APPS of {found.settings_module} after the change."


def _take_snapshot(found: Facts, say: Say) -> list[Change]:
    """Have the contract's first snapshot made; return it, nothing where it can't be made."""
    result = subprocess.run(
        [sys.executable, "manage.py", "contract_snapshot"],
        cwd=found.root,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": found.settings_module},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode or not found.snapshot.exists():
        say("The contract's snapshot couldn't be made; the rest stays. contract_snapshot says:")
        for line in (result.stderr or result.stdout).strip().splitlines()[-6:]:
            say(f"  {line}")
        return []
    return [Change(path=found.snapshot, before=None, after=found.snapshot.read_bytes())]


def _system(options: dict[str, Any], found: Facts, ask: Callable[[str], str]) -> str | None:
    for system in (workflows.GITHUB, workflows.GITLAB):
        if options[system]:
            return system
    if options["no_ci"]:
        return None
    known = workflows.system_of(found.checkout)
    if known is not None or options["yes"] or options["dry_run"]:
        return known
    answer = _answer(ask, "A workflow for which CI system? [github/gitlab/none] ").lower()
    return answer if answer in (workflows.GITHUB, workflows.GITLAB) else None


def _show(made: Plan, found: Facts, say: Say, *, takes_snapshot: bool) -> None:
    for change in made.changes:
        for line in change.diff(found.checkout):
            say(line)
        say("")
    if takes_snapshot:
        say(f"And {found.snapshot.name}, the first snapshot of the API, by contract_snapshot.")
    _tell(made, say)


def _tell(made: Plan, say: Say) -> None:
    for note in made.notes:
        say(f"Note: {note}")


def _agrees(ask: Callable[[str], str]) -> bool:
    return _answer(ask, "Write this? [y/N] ").lower() in ("y", "yes")


def _answer(ask: Callable[[str], str], question: str) -> str:
    try:
        return ask(question).strip()
    except EOFError as error:
        raise ConfigurationError(
            "There is nobody to ask. Pass --yes to write, --dry-run to look."
        ) from error


def _state_dir(root: Path) -> Path:
    return root / os.environ.get("CDDS_STATE_DIR", ".cdds")


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status, 2 where something has to be put right."""
    parser = argparse.ArgumentParser(
        prog="python -m cdds_django.init",
        description="Put cdds_django into a Django project: settings, coverage, CI, the first "
        "snapshot of the contract. Shows what it would change, and asks.",
    )
    parser.add_argument(
        "--settings", metavar="MODULE", help="the settings (those that manage.py names)"
    )
    add_arguments(parser)
    try:
        run(vars(parser.parse_args(arguments)), say=print)
    except CddsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
