"""Runs commands of a project in forks of a process that has imported Django and libraries already.

The laboratory copies this file to a directory that projects import from, and runs it with the
project's interpreter. It reads one request per line, as JSON, from standard input, and answers
each with two lines: the child's process id when it began, its exit status when it ended.
Arguments name modules to import before, besides Django's: LIBRARIES where there are none.
"""

import atexit
import contextlib
import importlib
import json
import multiprocessing.process
import os
import runpy
import sys
import tempfile
import threading
import traceback

DJANGO = (
    "django.core.management.commands.test",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.template.loader",
    "django.test",
    "django.urls",
    "django.views.generic",
)
LIBRARIES = ("factory", "psycopg", "requests", "rest_framework.compat")
"""None of these reads a setting when it is imported."""


def main():
    for name in (*DJANGO, *(sys.argv[1:] or LIBRARIES)):
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


def _run(path, arguments, environment, output, errors):
    """Run a script as a process of its own would, and end the process."""
    status = 0
    try:
        os.setsid()
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(1 if errors is None else os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(path)
        tempfile.tempdir = None  # The environment may name another.
        sys.path[0] = path
        sys.argv = arguments
        sys.orig_argv = [sys.executable, *arguments]
        multiprocessing.process.ORIGINAL_DIR = path  # Workers that are spawned look for the script.
        runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        # What an interpreter does at its end, except for freeing memory.
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    main()
