"""Which operations the tests of a run called, for reports that show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cdds_django.impact.storage.store import MAP_NAME, ImpactMap
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.contracts.recorded_operations import called_by_test
from cdds_django.runner.outcomes.outcome import NOT_SELECTED, RunOutcome


def with_operations(run: RunOutcome, state_dir: Path, contract: ContractView) -> RunOutcome:
    """Return the run with the operations that its tests called, as the impact map has them now.

    Raises StateFileError for a map or a snapshot that can't be read.
    """
    labels = {}
    if contract.committed is not None:
        labels = {row.operation_id: row.label for row in contract.committed.operations}
    impact_map = ImpactMap.open(state_dir / MAP_NAME)
    if impact_map is None:
        return replace(run, operation_labels=labels)
    with impact_map:
        called = called_by_test(impact_map, contract.ids_by_shape())
    tests = tuple(
        test
        if test.outcome == NOT_SELECTED
        else replace(test, operations=called.get(test.id, test.operations))
        for test in run.tests
    )
    return replace(run, tests=tests, operation_labels=labels)
