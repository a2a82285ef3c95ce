"""The matrix of what is supported: `nox` runs all of it.

A session for each version of Python that is on the PATH, as `python3.12`, with each Django that
takes it; the others are reported as skipped. What comes after `--` goes to pytest, or to
`manage.py test` in `example`:

    nox                                                             # everything; takes long
    nox --list
    nox --session "tests(python='3.13', django='6.1')" -- tests/impact -q
    nox --session example --python 3.12 -- example_project.orders

The servers are those of `.ci/run`: DATABASE_URL and REDIS_URL for PostgreSQL and Redis.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import nox

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Each with the oldest Python that it takes.
DJANGOS = {"5.2": "3.11", "6.0": "3.12", "6.1": "3.12"}
DATABASES = ("sqlite", "postgresql")

POSTGRES = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

nox.needs_version = ">=2024.10"
# Also where the variable CI is set: what isn't installed is skipped, and says so.
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"


def cells() -> Iterator[tuple[str, str]]:
    """Yield Python and Django, as far as they go together."""
    for python in PYTHONS:
        for django, oldest in DJANGOS.items():
            if PYTHONS.index(python) >= PYTHONS.index(oldest):
                yield python, django


@nox.session
@nox.parametrize(("python", "django"), cells())
def tests(session: nox.Session, django: str) -> None:
    """The package's own tests, on SQLite and on whatever servers are there."""
    install(session, django)
    session.run("python", "-m", "pytest", *(session.posargs or ["-n", "2", "-q"]))


@nox.session
@nox.parametrize("database", DATABASES)
@nox.parametrize(("python", "django"), cells())
def example(session: nox.Session, django: str, database: str) -> None:
    """The example project's suite: recorded, and then again by --delta, which has to skip it."""
    install(session, django)
    name = f"nox_{session.python}_{django}".replace(".", "_")
    environment = {"CDDS_STATE_DIR": os.path.join(session.create_tmp(), "state")}
    if database == "postgresql":
        server = POSTGRES.rpartition("/")[0]
        environment |= {"DATABASE_URL": f"{server}/{name}", "REDIS_URL": REDIS}
    command = ("python", "manage.py", "test", *(session.posargs or ["example_project"]))
    session.run(*command, env=environment)
    session.run(*command, "--delta", env=environment)
    session.run("python", "manage.py", "test_databases", "--prune", "--all", env=environment)


def install(session: nox.Session, django: str) -> None:
    session.install("-e", ".[dev]", f"django~={django}.0")
