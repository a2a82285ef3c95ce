"""Running commands on a copy of the example project, and measuring what they cost."""

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import django

CHECKOUT = Path(__file__).resolve().parent.parent
EDITED_FILE = "example_project/orders/services/vouchers.py"
LINES = ("code = code.strip().upper()", 'code = "".join(code.split()).upper()')
"""Two ways to write one line: replacing either by the other is an edit."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one command took, its child processes included."""

    wall_s: float
    cpu_s: float


class BenchmarkError(Exception):
    """A run did not do what is being measured."""


@dataclass(frozen=True)
class Project:
    """A copy of the example project."""

    path: Path

    def manage(self, *arguments: str) -> Cost:
        """Run a command. Raises BenchmarkError when it fails."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CDDS_")}
        # Compiled modules are kept wherever people work.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        wall_s = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if result.returncode:
            raise BenchmarkError(f"{' '.join(arguments)}:\n{result.stdout}\n{result.stderr}")
        used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Cost(wall_s=wall_s, cpu_s=used_s)

    def test(self, *options: str) -> tuple[Cost, dict]:
        """Run the suite through our runner; return the cost and the JSON report."""
        report = self.path / "report.json"
        cost = self.manage(
            "test", "example_project", "--noinput", "--report-json", str(report), *options
        )
        return cost, json.loads(report.read_text(encoding="utf-8"))

    def edit(self) -> None:
        """Change one line of a function's body, there and back again by turns."""
        path = self.path / EDITED_FILE
        text = path.read_text(encoding="utf-8")
        before, after = LINES if LINES[0] in text else LINES[::-1]
        if text.count(before) != 1:
            raise BenchmarkError(f"{EDITED_FILE} has not exactly one line {before!r}.")
        path.write_text(text.replace(before, after), encoding="utf-8")

    def forget(self) -> None:
        """Remove the impact map, but not the record of kept databases."""
        (self.path / ".cdds" / "impact.sqlite").unlink(missing_ok=True)


@contextmanager
def project() -> Iterator[Project]:
    """Yield a copy that goes away in the end."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        path = Path(directory)
        ignored = shutil.ignore_patterns("__pycache__", "*.sqlite3", "media", ".cdds")
        shutil.copytree(CHECKOUT / "example_project", path / "example_project", ignore=ignored)
        shutil.copy(CHECKOUT / "manage.py", path)
        shutil.copy(CHECKOUT / ".contract-snapshot.json", path)
        shutil.copy(CHECKOUT / "benchmarks" / "stock_runner.py", path)
        yield Project(path)


def conditions() -> str:
    """Return a line that says what was measured where."""
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    return (
        f"{date.today().isoformat()}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, {database}, {os.cpu_count()} CPUs, "
        f"load {os.getloadavg()[1]:.1f} (5 minutes)"
    )


def table(costs: Mapping[str, Sequence[Cost]], *, base: str) -> Iterator[str]:
    """Yield a Markdown table of medians; ratios are medians of the rounds' ratios to `base`."""
    yield "| run | wall s | CPU s | wall ratio | CPU ratio |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, rounds in costs.items():
        paired = list(zip(rounds, costs[base], strict=True))
        cells = [
            name,
            f"{median(cost.wall_s for cost in rounds):.2f}",
            f"{median(cost.cpu_s for cost in rounds):.2f}",
            f"{median(cost.wall_s / other.wall_s for cost, other in paired):.3f}",
            f"{median(cost.cpu_s / other.cpu_s for cost, other in paired):.3f}",
        ]
        yield f"| {' | '.join(cells)} |"
