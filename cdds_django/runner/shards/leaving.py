"""Leaving the artefact of a shard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.places import CODE_KINDS, UNSETTLED
from cdds_django.impact.storage.run_record import RunRecord, dependents
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.coverage.gathering import Gathering
from cdds_django.runner.outcomes.outcome import Execution, RunOutcome
from cdds_django.runner.reports import json_report
from cdds_django.runner.shards.artefact import Artefact
from cdds_django.runner.shards.encoding import record_to_json
from cdds_django.runner.shards.lines import lines_to_json
from cdds_django.runner.shards.partition import Shard


def leave(
    directory: Path,
    shard: Shard,
    partition: str,
    outcome: RunOutcome,
    *,
    session: ImpactSession | None,
    execution: Execution | None,
    record: RunRecord | None,
    coverage: Gathering | None,
) -> Path:
    """Write what a shard's run brought, and return the path. Raises StateFileError.

    `partition` is the digest of which test is in which shard. `record` is None where no test ran
    or recording was switched off, `coverage` where that wasn't measured.
    """
    impact_map = session.impact_map if session is not None else None
    head, observations = record_to_json(record) if record is not None else (None, [])
    learnt = session is not None and record is not None
    affected = session.affected if session is not None else None
    return Artefact(
        shard=shard,
        partition=partition,
        map_version=impact_map.meta("version") if impact_map is not None else None,
        report=json_report.as_json(outcome),
        failures=execution.failures if execution is not None else 0,
        affected=f"{affected:x}" if affected is not None else None,
        files=_digests(session) if session is not None else {},
        edited=tuple(sorted(session.code.edited_since_taken())) if session is not None else (),
        states=tuple(_states(session, record)) if learnt and session and record else (),
        record=head,
        observations=observations,
        lines=lines_to_json(coverage) if coverage is not None else None,
    ).write(directory)


def _digests(session: ImpactSession) -> Mapping[str, str]:
    return {key: session.code.digest(key) for key in session.code.files}


def _states(session: ImpactSession, run: RunRecord) -> Iterable[tuple[str, str, str]]:
    """Yield what the run depended on that isn't code, with its state here and now."""
    found = dependents(
        run,
        session.import_graph(run),
        tests={test: number for number, test in enumerate(run.outcomes)},
        modules={module: number for number, module in enumerate(run.complete)},
    )
    asked = {dependency for dependency in found.bits if dependency.kind not in CODE_KINDS}
    asked |= {Dependency("setting", name) for name in run.settings_checked()}
    edited = session.code.data_edited(run.files_read())
    for dependency, state in sorted(session.fingerprints(asked).items()):
        if edited and (dependency.kind == "template" or dependency.key in edited):
            state = UNSETTLED
        yield dependency.kind, dependency.key, state
