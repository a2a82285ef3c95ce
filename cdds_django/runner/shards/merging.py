"""Putting the artefacts of all shards together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cdds_django.errors import StateFileError
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.dependency_rows import Fingerprints
from cdds_django.impact.storage.places import UNSETTLED
from cdds_django.impact.storage.run_record import RunRecord
from cdds_django.impact.storage.update import update_map
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.outcomes.outcome import NOT_SELECTED
from cdds_django.runner.shards.artefact import Artefact
from cdds_django.runner.shards.encoding import record_from_json

_SHOWN = 5


def require_complete(artefacts: Sequence[Artefact]) -> None:
    """Raise StateFileError unless these are all shards of one run, each once."""
    if not artefacts:
        raise StateFileError(
            "There is no shard here. Name the directories that runs with --shard left."
        )
    counts = {artefact.shard.count for artefact in artefacts}
    if len(counts) > 1:
        told = " and ".join(f"of {count}" for count in sorted(counts))
        raise StateFileError(f"These are shards {told}: {_places(artefacts)}.")
    (count,) = counts
    by_index: dict[int, list[Artefact]] = defaultdict(list)
    for artefact in artefacts:
        by_index[artefact.shard.index].append(artefact)
    doubled = [found for found in by_index.values() if len(found) > 1]
    if doubled:
        raise StateFileError(
            f"Shard {doubled[0][0].shard} is there {len(doubled[0])} times: {_places(doubled[0])}. "
            "Remove all but the one that counts."
        )
    missing = [f"{index}/{count}" for index in range(1, count + 1) if index not in by_index]
    if missing:
        raise StateFileError(
            f"Missing: shard{'' if len(missing) == 1 else 's'} {', '.join(missing)}. Without "
            f"{'it' if len(missing) == 1 else 'them'} tests would count as run that were not. "
            "Run what is missing, and merge all together."
        )
    _require_one_run(sorted(artefacts, key=lambda artefact: artefact.shard.index))


def _require_one_run(artefacts: Sequence[Artefact]) -> None:
    first = artefacts[0]
    for other in artefacts[1:]:
        for what, one, another in (
            ("were selected with different impact maps", first.map_version, other.map_version),
            ("have other tests in other parts", first.partition, other.partition),
        ):
            if one != another:
                raise StateFileError(
                    f"Shards {first.shard} and {other.shard} {what}. Run all shards on the same "
                    "code, with the same options and a copy of the same map."
                )
        if differing := _differing(first.files, other.files, {*first.edited, *other.edited}):
            raise StateFileError(
                f"Shards {first.shard} and {other.shard} ran other code: {differing}."
            )


def _differing(one: Mapping[str, str], other: Mapping[str, str], ignored: Iterable[str]) -> str:
    names = sorted(
        key
        for key in (one.keys() | other.keys()).difference(ignored)
        if one.get(key) != other.get(key)
    )
    return ", ".join(names[:_SHOWN]) + (
        f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    )


def _places(artefacts: Iterable[Artefact]) -> str:
    return ", ".join(str(artefact.path) for artefact in artefacts)


class _CodeOfShards(CodeState):
    """The code here, which is that of the shards but for what was edited under their tests."""

    edited: frozenset[str] = frozenset()

    def edited_since_taken(self) -> frozenset[str]:
        return self.edited


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What merging wrote."""

    run: RunRecord
    replaced: str | None
    """The version of the map that was replaced."""


def merge_into_map(artefacts: Sequence[Artefact], session: ImpactSession) -> Merged | None:
    """Write what the shards learnt into the map, or return None where nothing was recorded.

    Raises StateFileError where the code here is another, or the map isn't the one that the shards
    selected by.
    """
    recorded = [artefact for artefact in artefacts if artefact.record is not None]
    if not recorded:
        return None
    _require_same_map(artefacts[0], session)
    edited = frozenset(key for artefact in artefacts for key in artefact.edited)
    here = {key: session.code.digest(key) for key in session.code.files}
    if differing := _differing(artefacts[0].files, here, edited):
        raise StateFileError(
            f"The shards ran other code than there is here: {differing}. Merge in a checkout of "
            "the same revision."
        )
    met: dict[Dependency, Dependency] = {}
    run = joined([record_from_json(a.record or {}, a.later_observations, met) for a in recorded])
    code = _CodeOfShards(session.tree, session.impact_map)
    code.edited = edited
    affected = artefacts[0].affected
    replaced = update_map(
        session.path,
        run,
        code=code,
        graph=session.import_graph(run),
        fingerprints=_fingerprints_of(recorded, session.fingerprints),
        version=session.version,
        affected=int(affected, 16) if affected is not None else None,
    )
    return Merged(run=run, replaced=replaced)


def _require_same_map(first: Artefact, session: ImpactSession) -> None:
    """Tests that were left out stay as the shards' map has them, so it has to be that one."""
    version = session.impact_map.meta("version") if session.impact_map is not None else None
    left_out = any(test["outcome"] == NOT_SELECTED for test in first.report["tests"])
    if left_out and first.map_version != version:
        raise StateFileError(
            f"The shards selected by another impact map than {session.path}. Put the map that they "
            "had there, and merge again."
        )


def joined(runs: Sequence[RunRecord]) -> RunRecord:
    """Return what several parts of one run learnt as what one run did."""
    first = runs[0]
    unseen = [run.imports for run in runs if isinstance(run.imports, str)]
    return RunRecord(
        outcomes={test: outcome for run in runs for test, outcome in run.outcomes.items()},
        modules={name: key for run in runs for name, key in run.modules.items()},
        members={name: found for run in runs for name, found in run.members.items()},
        complete=frozenset[str]().union(*(run.complete for run in runs)),
        recordings=[recording for run in runs for recording in run.recordings],
        shared=frozenset[Dependency]().union(*(run.shared for run in runs)),
        declared={test: found for run in runs for test, found in run.declared.items()},
        operation_ids={s: name for run in runs for s, name in run.operation_ids.items()},
        imports=unseen[0] if unseen else first.imports,
        test_files=frozenset[str]().union(*(run.test_files for run in runs)),
        tables={cls: tables for run in runs for cls, tables in run.tables.items()},
        services={path: name for run in runs for path, name in run.services.items()},
        set_ups_s={place: seconds for run in runs for place, seconds in run.set_ups_s.items()},
        earlier={test: before for run in runs for test, before in run.earlier.items()},
    )


def _fingerprints_of(
    artefacts: Iterable[Artefact], here: Callable[[Iterable[Dependency]], Mapping[Dependency, str]]
) -> Fingerprints:
    """Return the states that the shards saw. Where two saw different ones, none is trusted."""
    seen: dict[Dependency, str] = {}
    for artefact in artefacts:
        for kind, key, state in artefact.states:
            dependency = Dependency(kind, key)
            seen[dependency] = state if seen.get(dependency, state) == state else UNSETTLED

    def fingerprints(dependencies: Iterable[Dependency]) -> Mapping[Dependency, str]:
        asked = set(dependencies)
        known = {dependency: seen[dependency] for dependency in asked & seen.keys()}
        return {**here(asked - known.keys()), **known}

    return fingerprints


def remove(artefacts: Iterable[Artefact]) -> None:
    """Remove the files that were merged, and directories that are empty then."""
    for artefact in artefacts:
        assert artefact.path is not None, "it was read from a file"
        artefact.path.unlink(missing_ok=True)
        if not any(artefact.path.parent.iterdir()):
            artefact.path.parent.rmdir()
