"""How the map and the decision grow with the number of tests, 2,000 dependencies each.

python -m benchmarks.scale [TESTS...]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.measuring import CHECKOUT, BenchmarkError, conditions
from benchmarks.synthetic_project import SyntheticProject

SIZES = (1_000, 5_000, 18_400)
ROUNDS = 3
SETTLE_S = 3
"""Files that were written right before the map count as unsettled."""
EDITS = {
    "one function of an app edited": "app_0/part_0.py",
    "one function of the core edited": "core/part_0.py",
}


def step(name: str, directory: Path, tests: int) -> dict:
    """Run one step in a process of its own. Raises BenchmarkError when it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CDDS_", "DJANGO_"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), environment.get("PYTHONPATH", "")])
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.synthetic_steps", name, str(directory), str(tests)],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise BenchmarkError(f"{name}, {tests} tests:\n{result.stderr}")
    return json.loads(result.stdout)


def edit(file: Path) -> None:
    """Change the body of the module's first function, there and back by turns."""
    before, after = "return value + 0\n", "return 0 + value\n"
    text = file.read_text(encoding="utf-8")
    if before not in text:
        before, after = after, before
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def decide(directory: Path, tests: int) -> dict:
    """Return the median of several decisions."""
    found = [step("decide", directory, tests) for _ in range(ROUNDS)]
    if any(one["full_run_reason"] for one in found):
        raise BenchmarkError(f"A full run: {found[0]['full_run_reason']}")
    return {**found[0], "cpu_s": median(one["cpu_s"] for one in found)}


def measure(tests: int) -> list[str]:
    """Return the cells of one row of the table."""
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        directory = Path(name)
        SyntheticProject(tests).write(directory)
        time.sleep(SETTLE_S)
        first = step("record", directory, tests)
        again = step("record", directory, tests)
        one_class = step("record-class", directory, tests)
        cells = [
            f"{tests:,}",
            f"{first['cpu_s']:.1f}",
            f"{again['cpu_s']:.1f}",
            f"{one_class['cpu_s']:.2f}",
            f"{again['peak_mb']:.0f}",
            f"{again['map_mb']:.1f}",
        ]
        nothing = decide(directory, tests)
        if nothing["selected"]:
            raise BenchmarkError(f"{nothing['selected']} selected where nothing changed")
        cells.append(f"{nothing['cpu_s']:.2f}")
        for file in EDITS.values():
            edit(directory / file)
            one = decide(directory, tests)
            edit(directory / file)
            cells.append(f"{one['cpu_s']:.2f} ({one['selected']:,})")
        return cells


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    print(f"{conditions()}; CPU seconds\n")
    print(
        "| tests | first map written | all recorded again | one class recorded again | peak MB |"
        f" map MB | decision, nothing changed | {' | '.join(EDITS)} |"
    )
    print(f"| {' | '.join(['---:'] * 9)} |")
    for size in sizes:
        print(f"| {' | '.join(measure(size))} |", flush=True)


if __name__ == "__main__":
    main()
