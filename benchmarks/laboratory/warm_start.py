"""Runs commands of a project in forks of a process that has imported Django and libraries already.

The laboratory copies this file to a directory that projects import from, and runs it with the
project's interpreter. It reads one request per line, as JSON, from standard input, and answers
each with two lines: the child's process id when it began, its exit status when it ended.
"""

import contextlib
import importlib
import json
import os
import runpy
import sys
import traceback

PRELOADED = (
    "django.core.management.commands.test",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.template.loader",
    "django.test",
    "django.urls",
    "django.views.generic",
    "factory",
    "psycopg",
    "requests",
    "rest_framework.compat",
)
"""None of these reads a setting when it is imported."""


def main():
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _run(**request)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(path, arguments, environment, output):
    """Run a script and end the process."""
    status = 0
    try:
        os.setsid()
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(path)
        sys.path[0] = path
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")
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
