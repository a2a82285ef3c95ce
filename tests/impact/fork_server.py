"""Runs management commands in forks of a process that has imported Django and libraries already.

Reads one request per line, as JSON, from standard input: the project's directory, the arguments,
the environment's additions and the file for the output. Answers each with a line: the exit status.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import sys
import traceback
from typing import Any

# None of these reads a setting when it is imported.
PRELOADED = (
    "django.core.management.commands.test",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.template.loader",
    "django.test",
    "django.urls",
    "django.views.generic",
    "psycopg",
    "requests",
    "rest_framework.compat",
    "cdds_django.impact.choice.selection",
    "cdds_django.runner.runner",
)


def main() -> None:
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _run(**request)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(path: str, arguments: list[str], environment: dict[str, str], output: str) -> Any:
    """Run `manage.py` and end the process."""
    status: Any = 0
    try:
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(environment)
        os.chdir(path)
        sys.path[0] = path
        sys.argv = ["manage.py", *arguments]
        # As the main module: where that lies is first-party.
        runpy.run_path("manage.py", run_name="__main__")
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    main()
