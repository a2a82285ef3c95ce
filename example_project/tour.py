"""A tour of the main job: record a run, edit a line, run only what the edit can affect.

    python -m example_project.tour

It works on a copy of the example project in a temporary directory, which it removes in the end.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
COPIED = ("example_project", "manage.py", ".contract-snapshot.json")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.sqlite3", "media", ".cdds")

EDITED_FILE = "example_project/orders/services/vouchers.py"
LINE_BEFORE = "    code = code.strip().upper()\n"
LINE_AFTER = '    code = "".join(code.split()).upper()\n'


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one run of the test command did."""

    title: str
    discovered: int
    selected: int
    failed: int
    seconds: float

    @property
    def skipped_percent(self) -> float:
        return 100 * (self.discovered - self.selected) / self.discovered


class TourError(Exception):
    """The tour can't go on; the text says why."""


def main() -> int:
    """Run the tour and return its exit status."""
    with tempfile.TemporaryDirectory(prefix="ticket-office-") as directory:
        project = Path(directory)
        copy_to(project)
        try:
            steps = visit(project)
        except TourError as error:
            print(f"\nThe tour stops here: {error}", file=sys.stderr)
            return 1
    recapitulate(steps)
    return 1 if any(step.failed for step in steps) else 0


def copy_to(project: Path) -> None:
    for name in COPIED:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=NOT_COPIED)
        elif source.exists():
            shutil.copy(source, project / name)


def visit(project: Path) -> list[Step]:
    say("1. A full run. It records what each test depends on.")
    steps = [run_tests(project, "full run, recorded")]

    say(f"2. One line of a function changes, in {EDITED_FILE}:")
    edit(project)
    steps.append(run_tests(project, "one line changed", "--delta"))

    say("3. The same again. Nothing has changed since.")
    steps.append(run_tests(project, "nothing changed", "--delta"))
    return steps


def run_tests(project: Path, title: str, *options: str) -> Step:
    """Run `manage.py test` with its output in sight. Raises TourError."""
    report = project / "report.json"
    report.unlink(missing_ok=True)
    arguments = ["manage.py", "test", "example_project", *options, "--report-json", report.name]
    print(f"$ python {' '.join(arguments)}", flush=True)
    started = time.perf_counter()
    # Both streams in one keep the order that a person sees at a terminal.
    status = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=environment(),
        stderr=subprocess.STDOUT,
        check=False,
    ).returncode
    seconds = time.perf_counter() - started
    if not report.exists():
        raise TourError(
            f"the command ended with status {status}. Is everything installed? "
            'python -m pip install -e ".[example]"'
        )
    told = json.loads(report.read_text(encoding="utf-8"))
    failed = sum(test["outcome"] in ("failed", "error") for test in told["tests"])
    return Step(
        title=title,
        discovered=told["discovered"],
        selected=told["selected"],
        failed=failed or status,
        seconds=seconds,
    )


def environment() -> dict[str, str]:
    """Return the environment without what would lead to another project or another map."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDDS_")}
    return {**kept, "DJANGO_SETTINGS_MODULE": "example_project.settings"}


def edit(project: Path) -> None:
    path = project / EDITED_FILE
    text = path.read_text(encoding="utf-8")
    if text.count(LINE_BEFORE) != 1:
        raise TourError(f"{EDITED_FILE} has not exactly one line {LINE_BEFORE.strip()!r}.")
    path.write_text(text.replace(LINE_BEFORE, LINE_AFTER), encoding="utf-8")
    print(f"-{LINE_BEFORE}+{LINE_AFTER}")


def say(heading: str) -> None:
    print(f"\n{heading}\n", flush=True)


def recapitulate(steps: list[Step]) -> None:
    print(f"\n{'':20}  tests run  skipped  seconds")
    for step in steps:
        print(
            f"{step.title:20}  {step.selected:>4} of {step.discovered}"
            f"  {step.skipped_percent:>6.1f}%  {step.seconds:>7.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())
