"""Killing workers at random while they run a suite, and looking at what becomes of it.

    python -m benchmarks.killed_workers [KILLS] [SEED]

The suite is generated, on PostgreSQL where CDDS_TEST_POSTGRES names a server, else on SQLite.
Afterwards every test must have an outcome, every error name a worker's death, and neither processes
nor databases be left; that includes the prepared database, which isn't kept here.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measuring import CHECKOUT, BenchmarkError

_WORKERS = 4
_SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM)

MANAGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
SETTINGS = """
SECRET_KEY = "for-tests"
INSTALLED_APPS = ["django.contrib.contenttypes"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {{"default": {database!r}}}
CDDS = {{"KEEPDB": False}}
"""
TESTS = """
import time
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase

{classes}
"""
CLASS = """
class Case{number}(TestCase):
{methods}
"""
METHOD = """
    def test_{number}(self):
        ContentType.objects.create(app_label="a", model="b")
        time.sleep({seconds})
"""


def database(directory: Path) -> dict:
    url = os.environ.get("CDDS_TEST_POSTGRES")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(directory / "db"),
            "TEST": {"NAME": str(directory / "test.sqlite3")},
        }
    server = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": f"kills{os.getpid()}",
        "USER": server.username,
        "PASSWORD": server.password or "",
        "HOST": server.hostname,
        "PORT": str(server.port),
    }


def generate(directory: Path, kills: int, generator: random.Random) -> int:
    """Write a project whose tests sleep long enough for that many kills; return their number."""
    classes, tests = [], 0
    while tests < kills * 8:
        number = generator.randint(1, 12)
        methods = "".join(
            METHOD.format(number=i, seconds=round(generator.uniform(0.02, 0.12), 3))
            for i in range(number)
        )
        classes.append(CLASS.format(number=len(classes), methods=methods))
        tests += number
    (directory / "manage.py").write_text(MANAGE)
    (directory / "settings.py").write_text(SETTINGS.format(database=database(directory)))
    (directory / "tests.py").write_text(TESTS.format(classes="".join(classes)))
    return tests


def workers_of(parent: int) -> list[int]:
    """Return the processes that the parent forked: they have its command line."""
    own = Path(f"/proc/{parent}/cmdline").read_bytes()
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) != parent:
                continue
            if (stat.parent / "cmdline").read_bytes() == own:
                found.append(int(stat.parent.name))
        except (OSError, IndexError):
            continue
    return found


def kill_some(process: subprocess.Popen, kills: int, generator: random.Random) -> Counter:
    done: Counter = Counter()
    while process.poll() is None and done.total() < kills:
        time.sleep(generator.uniform(0.05, 0.25))
        try:
            workers = workers_of(process.pid)
            if len(workers) < 2:
                continue  # Not begun yet, or about to end.
            chosen = generator.choice(_SIGNALS)
            os.kill(generator.choice(workers), chosen)
        except (FileNotFoundError, ProcessLookupError):
            continue
        done[chosen.name] += 1
    return done


def check(outcomes: dict, errors: str, expected: int, directory: Path) -> None:
    """Raise BenchmarkError where a promise isn't kept."""
    others = {test: o for test, o in outcomes.items() if o not in ("passed", "error")}
    if len(outcomes) != expected or others:
        raise BenchmarkError(f"{len(outcomes)} of {expected} tests have outcomes; {others}")
    deaths = re.findall(r"died \(.*\) while it was running (.+)\.\n", errors)
    # A fixture's death is one of all tests of its class.
    places = tuple(f"{name.partition('(')[2].rstrip(')')}." for name in deaths if "(" in name)
    failed = {test for test, outcome in outcomes.items() if outcome == "error"}
    if unnamed := {test for test in failed - set(deaths) if not test.startswith(places or "-")}:
        raise BenchmarkError(f"Errors without a death: {unnamed}")
    left = [
        path.parent.name for path in Path("/proc").glob("[0-9]*/cwd") if _is_in(path, directory)
    ]
    if left:
        raise BenchmarkError(f"Processes are left: {left}")


def _is_in(link: Path, directory: Path) -> bool:
    try:
        return link.resolve() == directory.resolve()
    except OSError:
        return False


def _server() -> str:
    return "PostgreSQL" if os.environ.get("CDDS_TEST_POSTGRES") else "SQLite"


def databases_left(directory: Path) -> list[str]:
    if not os.environ.get("CDDS_TEST_POSTGRES"):
        return [path.name for path in directory.glob("test*.sqlite3")]
    import psycopg

    with psycopg.connect(os.environ["CDDS_TEST_POSTGRES"]) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%kills{os.getpid()}%"]
        )
        return [name for (name,) in rows.fetchall()]


def measure(kills: int, seed: int) -> str:
    """Kill that many workers; return what happened. Raises BenchmarkError."""
    generator = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kills-") as path:
        directory = Path(path)
        expected = generate(directory, kills, generator)
        report = directory / "report.json"
        began = time.perf_counter()
        options = ["--noinput", "--testrunner", "cdds_django.runner.DeltaDiscoverRunner"]
        options += ["--report-json", str(report)]
        with (directory / "errors").open("w") as errors_file:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "test", "--parallel", str(_WORKERS), *options],
                cwd=directory,
                env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
                stdout=subprocess.PIPE,
                stderr=errors_file,
                text=True,
            )
            done = kill_some(process, kills, generator)
            output, _ = process.communicate()
        errors = (directory / "errors").read_text()
        if not report.exists():
            raise BenchmarkError(f"exit status {process.returncode}\n{output}\n{errors[-3000:]}")
        tests = json.loads(report.read_text())["tests"]
        outcomes = {test["id"]: test["outcome"] for test in tests}
        if process.returncode != int("error" in outcomes.values()):
            raise BenchmarkError(f"exit status {process.returncode}\n{output}\n{errors[-3000:]}")
        check(outcomes, errors, expected, directory)
        if left := databases_left(directory):
            raise BenchmarkError(f"Databases are left: {left}")
        return (
            f"{done.total()} kills ({dict(done)}) of {_WORKERS} workers on {_server()} in "
            f"{time.perf_counter() - began:.0f} s, seed {seed}: {expected} tests, "
            f"{dict(Counter(outcomes.values()))}; every error names a death, nothing is left."
        )


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(f"{date.today().isoformat()}, load {os.getloadavg()[1]:.1f} (5 minutes)")
    print(measure(kills, seed))


if __name__ == "__main__":
    main()
