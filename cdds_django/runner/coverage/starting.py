"""Starting a measured run.

Most of a project is imported before a test runner starts. So a run with coverage first replaces its
own process by one in which `coverage run` is there from the beginning.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from cdds_django.errors import ConfigurationError

MARK = "CDDS_COVERAGE_RUN"


def is_measured() -> bool:
    """Whether this process was started with coverage."""
    if "coverage" not in sys.modules:
        return False
    import coverage

    return coverage.Coverage.current() is not None


def restart_with_coverage(arguments: Sequence[str]) -> NoReturn:
    """Replace this process by itself, measured. `arguments` are those of `sys.argv`.

    Raises ConfigurationError where that isn't possible.
    """
    _require_readable_configuration()
    if os.environ.get(MARK) or not os.path.isfile(arguments[0]):
        raise ConfigurationError(
            "Coverage can't be started for this run: it was not started by a script such as "
            "manage.py. Start it with `coverage run` instead of passing --coverage."
        )
    command = [sys.executable, *interpreter_options(arguments), "-m", "coverage", "run"]
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None:  # Started as `python -m django`.
        command += ["-m", spec.name.removesuffix(".__main__"), *arguments[1:]]
    else:
        command += arguments
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, command, {**os.environ, MARK: "1"})


def _require_readable_configuration() -> None:
    from coverage import Coverage
    from coverage.exceptions import CoverageException

    try:
        Coverage()
    except CoverageException as error:
        raise ConfigurationError(f"coverage.py's configuration can't be used: {error}") from error


def interpreter_options(arguments: Sequence[str]) -> list[str]:
    """Return what was given to Python itself, as `-W error`."""
    given = sys.orig_argv
    if given[len(given) - len(arguments) + 1 :] != list(arguments[1:]):
        return []  # The script changed its arguments.
    before = given[1 : len(given) - len(arguments)]
    return before[:-1] if before[-1:] == ["-m"] else before
