"""What is measured of a synthetic project, each step in a process of its own.

python -m benchmarks.synthetic_steps {record|record-class|decide} DIRECTORY TESTS

Prints what the step took as JSON. The steps go through `ImpactSession`, as the runner does; only
the tests aren't run: what they would have been seen to do is made up, and so is the record of what
importing the project does.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterable
from itertools import groupby
from zlib import crc32

from benchmarks.synthetic_project import SyntheticProject, Test

TABLES_PER_TEST, ROUTES_PER_TEST = 5, 3


def main() -> None:
    step, directory, size = sys.argv[1:]
    os.chdir(directory)
    sys.path.insert(0, directory)
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    import django

    django.setup()
    plan = SyntheticProject(int(size))
    tests = plan.tests
    if step == "record-class":
        tests = [test for test in tests if test.id.startswith(f"{plan.tests[0].module}.Case0.")]
    made = recordings(tests) if step != "decide" else []
    began, cpu = time.perf_counter(), time.process_time()
    found = decide() if step == "decide" else record(plan, tests, made)
    found["wall_s"] = time.perf_counter() - began
    found["cpu_s"] = time.process_time() - cpu
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def decide() -> dict[str, object]:
    """Open the map and choose."""
    session = open_session()
    selection = session.select()
    session.close()
    return {"selected": len(selection.reasons), "full_run_reason": selection.full_run_reason}


def record(plan: SyntheticProject, tests: list[Test], made: list) -> dict[str, object]:
    """Write a run of these tests into the map."""
    from cdds_django.impact.records import Outcome

    session = open_session()
    know_imports(session)
    members: dict[str, list[str]] = {}
    for test in plan.tests:
        members.setdefault(test.module, []).append(test.id)
    loaded = {test.module for test in tests}
    learnt = session.run_record(
        outcomes={
            test.id: Outcome(id=test.id, outcome="passed", duration_s=0.02) for test in tests
        },
        modules={module: module.replace(".", "/") + ".py" for module in loaded},
        members={module: members[module] for module in loaded},
        complete=loaded,
        recordings=made,
        declared={},
        set_ups_s={},
        earlier={},
    )
    session.record(learnt)
    session.close()
    return {"map_mb": session.path.stat().st_size / 1e6}


def know_imports(session) -> None:
    """Make up the record of what importing does, in place of the second process."""
    from cdds_django.impact.imports.record import ImportRecord

    names = {
        key: key.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for key in session.code.files
    }
    session._known_imports = ImportRecord(
        application=frozenset(),
        application_files=frozenset(key for key in names if "/tests/" not in key),
        fills={},
        names=names,
    )


def open_session():
    from cdds_django.conf import settings
    from cdds_django.runner.choice.delta import ImpactSession
    from cdds_django.runner.contracts.contract import ContractView

    return ImpactSession.open(settings, ContractView(settings.snapshot))


def recordings(tests: Iterable[Test]) -> list:
    """Return what two workers would have seen, in batches of one class."""
    from cdds_django.impact.records import Dependency, Observation, Recording, common_apart

    # Workers' recordings are unpickled, which gives each equal key of a batch one object.
    known: dict[tuple[str, str], Dependency] = {}

    def dependency(kind: str, key: str) -> Dependency:
        return known.setdefault((kind, key), Dependency(kind, key))

    made = []
    for _, batch in groupby(tests, lambda test: (test.module, test.cls)):
        observations = []
        for test in batch:
            number = crc32(test.id.encode())
            found = {dependency("code", key) for key in test.functions()}
            app = test.module.partition(".")[0]
            for index in range(TABLES_PER_TEST):
                found.add(dependency("table", f"{app}_{(number + index * 3) % 20}"))
            for index in range(ROUTES_PER_TEST):
                found.add(dependency("route", f"GET {app}/{(number + index * 7) % 30}/<int:pk>/"))
            observations.append(Observation(tests=(test.id,), dependencies=frozenset(found)))
        made.append(Recording(observations=tuple(common_apart(observations))))
    return made


if __name__ == "__main__":
    main()
