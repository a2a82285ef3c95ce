"""What a run learnt as JSON: each dependency is written once, and named by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from cdds_django.impact.imports.record import ImportRecord
from cdds_django.impact.records import (
    Dependencies,
    Dependency,
    Observation,
    Outcome,
    Recording,
)
from cdds_django.impact.storage.run_record import RunRecord


class Numbers:
    """Numbers for dependencies, or for tests, in the order that they are met."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def of(self, thing: Any) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def all(self, things: Iterable[Any]) -> list[int]:
        return sorted(map(self.of, things))

    def listed(self) -> list[Any]:
        return list(self._numbers)


def record_to_json(run: RunRecord) -> tuple[dict[str, Any], list[Any]]:
    """Return a run record, and apart from it the observations of its recordings."""
    dependencies, tests = Numbers(), Numbers()
    observations = [
        [[tests.all(o.tests), dependencies.all(o.dependencies)] for o in recording.observations]
        for recording in run.recordings
    ]
    head: dict[str, Any] = {
        "outcomes": [
            [o.id, o.outcome, o.duration_s, sorted(o.tags), o.is_flaky]
            for o in run.outcomes.values()
        ],
        "modules": dict(run.modules),
        "members": {name: list(found) for name, found in run.members.items()},
        "complete": sorted(run.complete),
        "shared": dependencies.all(run.shared),
        "declared": {test: dependencies.all(found) for test, found in run.declared.items()},
        "operation_ids": dict(run.operation_ids),
        "imports": None if isinstance(run.imports, str) else run.imports.to_json(),
        "import_failure": run.imports if isinstance(run.imports, str) else None,
        "test_files": sorted(run.test_files),
        "tables": {name: list(found) for name, found in run.tables.items()},
        "services": dict(run.services),
        "set_ups_s": dict(run.set_ups_s),
        "earlier": {test: list(ran) for test, ran in run.earlier.items()},
        "recordings": [
            {
                "shared": dependencies.all(recording.shared),
                "fills": [
                    [dependencies.of(owner), dependencies.all(found)]
                    for owner, found in recording.fills.items()
                ],
            }
            for recording in run.recordings
        ],
    }
    head["tests"] = tests.listed()
    head["dependencies"] = dependencies.listed()
    return head, observations


class LaterObservations(Sequence[Observation]):
    """Observations that are read whenever somebody goes through them, and not kept.

    Those of a large suite's shards would fill the memory.
    """

    def __init__(self, length: int, load: Callable[[], Iterator[Observation]]) -> None:
        self._length = length
        self._load = load

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Observation]:
        return self._load()

    @overload
    def __getitem__(self, index: int) -> Observation: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Observation]: ...
    def __getitem__(self, index: int | slice) -> Observation | Sequence[Observation]:
        return list(self)[index]


def record_from_json(
    head: Mapping[str, Any],
    observations: Callable[[], list[Any]],
    met: dict[Dependency, Dependency] | None = None,
) -> RunRecord:
    """Return the run record that `record_to_json` wrote; `observations` reads its second part.

    `met` holds the dependencies of other records. What is in several is one object then.
    """
    met = {} if met is None else met
    named_here = (Dependency(kind, key) for kind, key in head["dependencies"])
    known = [met.setdefault(dependency, dependency) for dependency in named_here]

    def named(numbers: Iterable[int]) -> Dependencies:
        return frozenset(known[number] for number in numbers)

    def load() -> Iterator[Observation]:
        for recording in observations():
            for tests, found in recording:
                yield Observation(
                    tests=tuple(head["tests"][number] for number in tests),
                    dependencies=named(found),
                )

    recordings = [
        Recording(
            shared=named(stored["shared"]),
            fills={known[owner]: named(found) for owner, found in stored["fills"]},
        )
        for stored in head["recordings"]
    ]
    # All observations of a shard as one recording's: from which process they are doesn't matter.
    recordings.append(Recording(observations=LaterObservations(len(head["tests"]), load)))
    return RunRecord(
        outcomes=_outcomes(head["outcomes"]),
        modules=head["modules"],
        members=head["members"],
        complete=frozenset(head["complete"]),
        recordings=recordings,
        shared=named(head["shared"]),
        declared={test: named(found) for test, found in head["declared"].items()},
        operation_ids=head["operation_ids"],
        imports=(
            ImportRecord.from_json(head["imports"])
            if head["imports"] is not None
            else str(head["import_failure"])
        ),
        test_files=frozenset(head["test_files"]),
        tables=head["tables"],
        services=head["services"],
        set_ups_s=head["set_ups_s"],
        earlier=head["earlier"],
    )


def _outcomes(stored: Iterable[Sequence[Any]]) -> dict[str, Outcome]:
    return {
        test: Outcome(
            id=test, outcome=outcome, duration_s=seconds, tags=frozenset(tags), is_flaky=is_flaky
        )
        for test, outcome, seconds, tags, is_flaky in stored
    }
