"""All that merging does, in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import coverage

from cdds_django.conf import Settings
from cdds_django.errors import StateFileError
from cdds_django.impact.storage.store import ImpactMap
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.coverage.choosing import keep_or_forget
from cdds_django.runner.coverage.gathering import Gathering
from cdds_django.runner.coverage.measuring import MeasurementPlan
from cdds_django.runner.drift.check import DriftCheck
from cdds_django.runner.outcomes import trend
from cdds_django.runner.outcomes.outcome import NOT_SELECTED, RunOutcome
from cdds_django.runner.shards import artefact as artefacts_of
from cdds_django.runner.shards import merging
from cdds_django.runner.shards.artefact import Artefact
from cdds_django.runner.shards.lines import add_lines
from cdds_django.runner.shards.reporting import merged_outcome


@dataclass(frozen=True, kw_only=True)
class Together:
    """The shards of one run, put together."""

    artefacts: tuple[Artefact, ...]
    outcome: RunOutcome
    failures: int
    is_recorded: bool
    """Whether the map was written."""
    coverage: Gathering | None
    """What was covered, where the shards measured that; joined already."""


def put_together(places: Sequence[Path], settings: Settings, *, compare: bool = False) -> Together:
    """Merge the shards found in `places` into the impact map. Raises CddsError.

    `compare` has the contract compared with the committed one where no shard did that.
    """
    found = [artefacts_of.read(path) for path in artefacts_of.found_in(list(places))]
    merging.require_complete(found)
    artefacts = sorted(found, key=lambda artefact: artefact.shard.index)
    outcome = merged_outcome(artefacts)
    outcome = replace(outcome, past_runs=trend.read(settings.state_dir).runs)
    session = ImpactSession.open(settings, ContractView(settings.snapshot))
    drift = DriftCheck(settings, session, record=True)
    try:
        if outcome.contract_changes is None:
            drift.begin(may_build=compare)
        lines = _lines(artefacts, outcome, session.impact_map, settings)
        merged = merging.merge_into_map(artefacts, session)
        if lines is not None:
            lines.finish()
        if merged is not None:
            keep_or_forget(
                lines,
                settings.state_dir,
                session,
                tests=merged.run.outcomes,
                loaded=merged.run.modules,
                replaced=merged.replaced,
            )
        if outcome.contract_changes is None:
            drift.finish(lambda line: None)
            outcome = replace(
                outcome, contract_changes=drift.changes, contract_problem=drift.problem
            )
    finally:
        drift.close()
        session.close()
    if merged is not None:
        trend.add(settings.state_dir, outcome.in_short())
    return Together(
        artefacts=tuple(artefacts),
        outcome=outcome,
        failures=sum(artefact.failures for artefact in artefacts),
        is_recorded=merged is not None,
        coverage=lines,
    )


def _lines(
    artefacts: Sequence[Artefact],
    outcome: RunOutcome,
    impact_map: ImpactMap | None,
    settings: Settings,
) -> Gathering | None:
    stored = [(artefact.shard, artefact.later_lines()) for artefact in artefacts]
    if all(lines is None for _, lines in stored):
        return None
    whole = coverage.Coverage(data_suffix=False)
    plan = MeasurementPlan.like(whole, settings.state_dir)
    lines = Gathering(whole, plan, root=settings.root, state_dir=settings.state_dir)
    reason = lines.open_kept(impact_map) if impact_map is not None else None
    left_out = [test.id for test in outcome.tests if test.outcome == NOT_SELECTED]
    if left_out and outcome.mode == "delta":
        if reason is not None or impact_map is None:
            raise StateFileError(
                f"The lines of tests that were left out aren't known here: {reason}. Put the "
                f"coverage.sqlite that the shards had into {settings.state_dir}, and merge again."
            )
        lines.leave_out(impact_map).take(left_out)
    for shard, found in stored:
        if found is None:
            raise StateFileError(f"Shard {shard} measured no coverage, but others did.")
        add_lines(lines, found, str(shard))
    return lines
