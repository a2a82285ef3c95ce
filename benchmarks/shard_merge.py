"""What merging shards takes: time and memory, against writing one run of the same tests.

python -m benchmarks.shard_merge [SHARDS] [TESTS]

The tests are those of the synthetic project, which aren't run (`synthetic_steps`).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import CHECKOUT, BenchmarkError, conditions
from benchmarks.synthetic_project import SyntheticProject

SETTLE_S = 3
"""Files that were written right before the map count as unsettled."""


def main() -> None:
    if len(sys.argv) > 3:
        print(json.dumps(step(sys.argv[3], int(sys.argv[1]), int(sys.argv[2]))))
        return
    shards = int(sys.argv[1]) if len(sys.argv) > 1 else 64
    tests = int(sys.argv[2]) if len(sys.argv) > 2 else 18_400
    print(f"{conditions()}\n")
    print("| | wall s | CPU s | peak MB |")
    print("| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory(prefix="shards-") as name:
        directory = Path(name)
        SyntheticProject(tests).write(directory)
        time.sleep(SETTLE_S)
        one = apart("one", directory, shards, tests)
        (directory / ".cdds/impact.sqlite").rename(directory / ".cdds/one.sqlite")
        show("one run written", one)
        left = apart("leave", directory, shards, tests)
        sizes = [path.stat().st_size for path in (directory / ".cdds/shards").iterdir()]
        show(f"{shards} shards' files written, {sum(sizes) / 1e6:.1f} MB", left)
        merged = apart("merge", directory, shards, tests)
        show("merged", merged)
        print(f"\n{merged['subjects']:,} subjects and {merged['dependencies']:,} dependencies;")
        print("equal to one run's" if merged["content"] == one["content"] else "NOT one run's")


def apart(name: str, directory: Path, shards: int, tests: int) -> dict:
    """Run one step in a process of its own. Raises BenchmarkError when it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CDDS_", "DJANGO_"))}
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), environment.get("PYTHONPATH", "")])
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.shard_merge", str(shards), str(tests), name],
        cwd=directory, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode:
        raise BenchmarkError(f"{name}:\n{result.stderr}")
    return json.loads(result.stdout)


def show(name: str, cost: dict) -> None:
    print(
        f"| {name} | {cost['wall_s']:.1f} | {cost['cpu_s']:.1f} | {cost['peak_mb']:.0f} |",
        flush=True,
    )


def step(name: str, shards: int, size: int) -> dict:
    sys.path.insert(0, os.getcwd())
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    import django

    django.setup()
    plan = SyntheticProject(size)
    began, cpu = time.perf_counter(), time.process_time()
    cost: dict = {}
    if name == "one":
        from benchmarks import synthetic_steps

        made = synthetic_steps.recordings(plan.tests)
        began, cpu = time.perf_counter(), time.process_time()
        synthetic_steps.record(plan, plan.tests, made)
        cost = {"content": content()}
    elif name == "leave":
        cpu_s = sum(leave(plan, shards))
        cost = {"cpu_s": cpu_s, "wall_s": cpu_s}
    else:
        from benchmarks.synthetic_steps import open_session
        from cdds_django.runner.shards import artefact, merging

        places = artefact.found_in([Path(".cdds/shards")])
        artefacts = [artefact.read(path) for path in places]
        merging.require_complete(artefacts)
        session = open_session()
        merging.merge_into_map(artefacts, session)
        subjects, dependencies = counts()
        cost = {"subjects": subjects, "dependencies": dependencies}
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **cost,
        "content": content(),
    }


def leave(plan: SyntheticProject, shards: int):
    """Leave the files of all shards; yield the CPU seconds that each took."""
    from benchmarks import synthetic_steps
    from cdds_django.impact.records import Outcome
    from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow
    from cdds_django.runner.shards.leaving import leave as leave_one
    from cdds_django.runner.shards.partition import Shard, partition

    cut = partition([test.id for test in plan.tests], {}, shards)
    session = synthetic_steps.open_session()
    synthetic_steps.know_imports(session)
    members: dict[str, list[str]] = {}
    for test in plan.tests:
        members.setdefault(test.module, []).append(test.id)
    for index, part in enumerate(cut.parts, 1):
        tests = [test for test in plan.tests if test.id in part]
        made = synthetic_steps.recordings(tests)
        cpu = time.process_time()
        run = session.run_record(
            outcomes={
                test: Outcome(id=test, outcome="passed", duration_s=0.02) for test in sorted(part)
            },
            modules={module: module.replace(".", "/") + ".py" for module in members},
            members=members,
            complete=members,
            recordings=made,
            declared={},
            set_ups_s={},
            earlier={},
        )
        rows = tuple(TestRow(id=test, outcome="passed") for test in sorted(part))
        leave_one(
            Path(".cdds/shards"),
            Shard(index=index, count=shards),
            cut.digest,
            RunOutcome(mode="full", full_run_reason=None, tests=rows),
            session=session,
            execution=None,
            record=run,
            coverage=None,
        )
        yield time.process_time() - cpu


def content() -> str:
    """Return a digest of the map, by names."""
    import sqlite3
    from hashlib import sha256

    from cdds_django.impact.storage.bits import members, unpack

    if not Path(".cdds/impact.sqlite").exists():
        return ""
    connection = sqlite3.connect(".cdds/impact.sqlite")
    names = dict(connection.execute("SELECT id, kind || ' ' || name FROM subject"))
    found = sha256(repr(sorted(names.values())).encode())
    order = {number: place for place, number in enumerate(sorted(names, key=names.__getitem__))}
    rows = connection.execute(
        "SELECT kind, key, fingerprint, current, shared, subjects FROM dependency"
        " ORDER BY kind, key, fingerprint"
    )
    for *row, packed in rows:
        places = sorted(order[number] for number in members(unpack(packed)))
        found.update(repr((row, places)).encode())
    return found.hexdigest()


def counts() -> tuple[int, int]:
    import sqlite3

    connection = sqlite3.connect(".cdds/impact.sqlite")
    tables = ("subject", "dependency")
    subjects, dependencies = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
    )
    return subjects, dependencies


if __name__ == "__main__":
    main()
