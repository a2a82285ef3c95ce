"""Set-up of test databases against `--keepdb`, and bringing them back against Django's flush.

    python -m benchmarks.databases set-up PROJECT --settings MODULE [--python PYTHON] [--known]
    python -m benchmarks.databases reset [--tables 200] [--rounds 5]

The first works on somebody's project, in its directory and environment; variables that choose its
database are passed on. With `--known`, nothing is made from nothing: an earlier call did that. The
second makes tables of its own on the PostgreSQL server that `CDDS_TEST_POSTGRES` names. Sides take
turns, and ratios are medians of the rounds' own ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent


# Set-up.


def set_up_once(project: Path, python: str, module: str, how: str) -> dict[str, Any]:
    """Return what one set-up took: wall_s, cpu_s and what else is told of it."""
    more = [path for path in [os.environ.get("PYTHONPATH")] if path]
    result = subprocess.run(
        [python, str(CHECKOUT / "benchmarks" / "database_set_up.py"), how],
        cwd=project,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": module,
            "PYTHONPATH": os.pathsep.join([str(project), str(CHECKOUT), *more]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise SystemExit(f"{how}:\n{result.stdout}\n{result.stderr}")
    found: dict[str, Any] = json.loads(result.stdout.strip().splitlines()[-1])
    return found


def set_up(options: argparse.Namespace) -> None:
    def once(how: str) -> dict[str, Any]:
        return set_up_once(options.project, options.python, options.settings, how)

    fresh = None if options.known else once("fresh")
    kept = once("keepdb")
    first = once("ours")
    rounds = [(once("keepdb"), once("ours")) for _ in range(options.rounds)]
    assert all(ours["reused"] for _, ours in rounds), "a template was made again"
    print(f"{kept['migrations']} migrations applied; load {os.getloadavg()[1]:.1f}")
    print("| set-up | wall s | CPU s | wall ratio | CPU ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    if fresh is not None:
        print(f"| Django, made from nothing | {fresh['wall_s']:.2f} | {fresh['cpu_s']:.2f} | | |")
        print(f"| ours, template made | {first['wall_s']:.2f} | {first['cpu_s']:.2f} | | |")
    for place, name in enumerate(("Django, `--keepdb`, unchanged", "ours, unchanged")):
        wall = median(one[place]["wall_s"] for one in rounds)
        cpu = median(one[place]["cpu_s"] for one in rounds)
        walls = median(one[place]["wall_s"] / one[0]["wall_s"] for one in rounds)
        cpus = median(one[place]["cpu_s"] / one[0]["cpu_s"] for one in rounds)
        print(f"| {name} | {wall:.3f} | {cpu:.3f} | {walls:.3f} | {cpus:.3f} |")
    imports = median(ours["imports_cpu_s"] for _, ours in rounds)
    print(f"Of ours, {imports:.3f} CPU s are for importing what only runs that use databases do.")


# Reset.


def configure(tables: int) -> None:
    """Have models for that many tables, on a PostgreSQL server."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.db import models

    url = urlsplit(
        os.environ.get("CDDS_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
    )
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "benchmarks"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                # The same each time, so that no more than one template is left.
                "NAME": "cdds_benchmark",
                "USER": url.username or "",
                "PASSWORD": url.password or "",
                "HOST": url.hostname or "",
                "PORT": str(url.port or ""),
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    # Without such a module, the app counts as one that has no models.
    apps.get_app_config("benchmarks").models_module = ModuleType("benchmarks.models")
    for number in range(tables):
        fields: dict[str, Any] = {
            "__module__": "benchmarks.models",
            "name": models.CharField(max_length=50, db_index=True),
        }
        if number:
            fields["other"] = models.ForeignKey(
                f"benchmarks.Table{number - 1}", models.CASCADE, null=True
            )
        type(f"Table{number}", (models.Model,), fields)


def write_something(round_number: int) -> None:
    """Do what a test does: some rows in some tables."""
    from django.apps import apps

    for number in range(5):
        model = apps.get_model("benchmarks", f"Table{(round_number * 7 + number) % 50}")
        model.objects.bulk_create(model(name=f"row {i}") for i in range(20))


def reset(options: argparse.Namespace) -> None:
    configure(options.tables)
    from django.core.management import call_command
    from django.db import connection
    from django.test.runner import DiscoverRunner

    from cdds_django.conf import settings
    from cdds_django.impact.code.tree import SourceTree
    from cdds_django.runner.databases.comparing import differences, portrait
    from cdds_django.runner.databases.preparing import prepared_databases
    from cdds_django.runner.databases.wanted import Wanted

    sides: dict[str, list[tuple[float, float]]] = {"ours": [], "flush": []}

    def flush() -> None:
        call_command(
            "flush", verbosity=0, interactive=False, reset_sequences=False, allow_cascade=False
        )

    with prepared_databases(
        {"default": False},
        runner=DiscoverRunner(verbosity=0, interactive=False),
        wanted=Wanted.of(settings, keep=False, anew=True, workers=0),
        tree=SourceTree.of(CHECKOUT, [CHECKOUT / "benchmarks"]),
        recorder=None,
    ) as prepared:

        def bring_back() -> None:
            prepared.here.reset(["default"])

        template = portrait(connection)
        # The first time, queries are planned.
        for number in range(options.rounds + 1):
            # To look at every sequence touches it, which tests don't.
            bring_back()
            write_something(number)
            sides["ours"].append(timed(bring_back))
            found = list(differences(template, portrait(connection), {}))
            assert not found, found
        for number in range(options.rounds + 1):
            write_something(number)
            sides["flush"].append(timed(flush))
        lost = len(list(differences(template, portrait(connection), {})))
    print(f"{options.tables} tables, load {os.getloadavg()[1]:.1f}, {options.rounds} rounds")
    print("| | ours, identical each time | Django's flush | ratio |")
    print("| --- | ---: | ---: | ---: |")
    for place, name in enumerate(("till the rows are gone", "till the next connection is there")):
        ours, theirs = (median(one[place] for one in times[1:]) for times in sides.values())
        print(f"| {name} | {ours * 1000:.1f} ms | {theirs * 1000:.1f} ms | {ours / theirs:.4f} |")
    print(f"The flush leaves {lost} differences.")


def timed(act: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds till `act` is done, and till what follows it has a connection.

    TransactionTestCase closes every connection after a test, whatever has emptied the tables.
    """
    from django.db import connection

    began = time.perf_counter()
    act()
    done = time.perf_counter()
    connection.close()
    connection.ensure_connection()
    return done - began, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(required=True)
    command = what.add_parser("set-up")
    command.add_argument("project", type=Path)
    command.add_argument("--rounds", type=int, default=5)
    command.add_argument("--python", default=sys.executable)
    command.add_argument("--settings", required=True)
    command.add_argument("--known", action="store_true")
    command.set_defaults(run=set_up)
    command = what.add_parser("reset")
    command.add_argument("--rounds", type=int, default=5)
    command.add_argument("--tables", type=int, default=200)
    command.set_defaults(run=reset)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
