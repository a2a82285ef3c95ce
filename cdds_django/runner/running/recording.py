"""Handing what a run saw to the impact map."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING

from cdds_django.runner.choice.delta import ImpactSession, declared_dependencies
from cdds_django.runner.choice.loading import DeltaLoader
from cdds_django.runner.outcomes.outcome import Execution

if TYPE_CHECKING:
    from cdds_django.impact.storage.run_record import RunRecord


def run_record(session: ImpactSession, execution: Execution, loader: DeltaLoader) -> RunRecord:
    """Return what a run learnt, as the map takes it."""
    modules = loader.loaded_files(session.tree)
    members = {name: tuple(loader.members[name]) for name in modules}
    # A label may have asked for single tests of a module.
    ran: dict[str, list[str]] = defaultdict(list)
    for test in execution.tests:
        ran[type(test).__module__].append(test.id())
    for name, tests in ran.items():
        file = getattr(sys.modules.get(name), "__file__", None)
        key = session.tree.key(file) if file else None
        if name not in modules and key is not None:
            modules[name], members[name] = key, tuple(tests)
    return session.run_record(
        outcomes=execution.outcomes,
        modules=modules,
        members=members,
        complete=loader.complete & modules.keys(),
        recordings=execution.recordings,
        declared={test.id(): declared_dependencies(test) for test in execution.tests},
        set_ups_s=execution.set_ups_s,
        earlier=execution.earlier,
    )
