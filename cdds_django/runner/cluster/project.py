"""What a host is to be: the project's files, and the command that starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import ENVIRONMENT_VARIABLE

from cdds_django.errors import ConfigurationError
from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.cluster.facts import facts
from cdds_django.runner.coverage.starting import MARK, interpreter_options

_DATA = (".html", ".txt", ".json", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".sql", ".csv", ".xml")
"""Endings of files that count where no version control says which do."""


@dataclass(frozen=True, kw_only=True)
class ClientProject:
    """The project as it is here, for workers to compare with."""

    root: str
    script: str
    """The file that started this process, by its path from `root`; "." where there is none."""
    sources: tuple[str, ...]
    """The directories of first-party code, by their paths from `root`."""
    facts: Mapping[str, Any]
    options: tuple[str, ...]
    """For Python itself, when it starts a host."""
    command: tuple[str, ...]
    environment: Mapping[str, str]
    """The variables that a host has from here; all others are its machine's own."""

    @classmethod
    def of(cls, tree: SourceTree, *, is_measured: bool) -> ClientProject:
        """Look at this process. Raises ConfigurationError where hosts can't be started like it."""
        script, command = _command(sys.argv, tree.root)
        options, measurement = _without_coverage(interpreter_options(sys.argv))
        environment: dict[str, str] = {}
        if settings_module := os.environ.get(ENVIRONMENT_VARIABLE):
            environment[ENVIRONMENT_VARIABLE] = settings_module
        if is_measured:
            options += ["-m", "coverage", "run", *measurement]
            # It writes a data file at its end, which nobody needs.
            options.append("--data-file={directory}/coverage")
            environment[MARK] = "1"
        root = str(tree.root)
        sources = tuple(sorted(os.path.relpath(source, root) for source in tree.sources))
        return cls(
            root=root,
            script=script,
            sources=sources,
            facts=facts(root, sources, _data_files(tree)),
            options=tuple(options),
            command=tuple(command),
            environment=environment,
        )


def _command(arguments: Sequence[str], root: Path) -> tuple[str, list[str]]:
    """Return the script that started this process, and the arguments that start one like it."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    name = os.path.basename(arguments[0])
    if name.startswith("django-admin") or (
        spec is not None and spec.name.removesuffix(".__main__") == "django"
    ):
        return ".", ["-m", "django", *arguments[1:]]
    if not os.path.isfile(arguments[0]):
        raise ConfigurationError(
            "--cluster starts processes as this one was started, and that was not by a script such "
            "as manage.py."
        )
    script = os.path.relpath(os.path.realpath(arguments[0]), root)
    return script, [script, *arguments[1:]]


def _without_coverage(options: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return Python's own options, and those of the `coverage run` that started this process."""
    for place, option in enumerate(options):
        if option == "run" and place and os.path.basename(options[place - 1]) == "coverage":
            before = place - 2 if options[place - 2 : place - 1] == ["-m"] else place - 1
            return [*options[: max(before, 0)]], [*options[place + 1 :]]
    return [*options], []


def _data_files(tree: SourceTree) -> list[str]:
    """Return files that aren't Python's and that tests may depend on, by their paths from the root.

    Those are the files under version control, where it can be asked.
    """
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached"],
            cwd=tree.root,
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout.decode(errors="surrogateescape")
    except (OSError, subprocess.SubprocessError):
        return [key for key in tree.all_files() if key.endswith(_DATA)]
    held = set(tree.all_files())
    return [key for key in listed.split("\0") if key in held]
