"""What a run learnt, put together from what its processes saw, before it goes into the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cdds_django.impact.imports.record import ImportGraph, ImportRecord
from cdds_django.impact.records import (
    CHECKED,
    READ,
    STAND_INS,
    UPSTREAM_CALL,
    WRITTEN,
    Dependencies,
    Dependency,
    Outcome,
    Recording,
    merge_fills,
    with_fills,
)
from cdds_django.impact.sources.routes import shape_of_route
from cdds_django.impact.sources.upstream_operations import dependencies_of_call
from cdds_django.impact.storage.bits import BitRows, bit_set

_JOINED = STAND_INS | {"route"}
"""Kinds that stand for others, or bring others with them."""

IMPORTS_UNKNOWN = Dependency("environment", "import record")
"""Stands in for what imports do where that could not be seen: it never is as it was."""


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What one run did and saw, from all its processes."""

    outcomes: Mapping[str, Outcome]
    """By test id, of the tests that ran."""
    modules: Mapping[str, str]
    """The keys of the test modules that were loaded, by dotted name."""
    members: Mapping[str, Sequence[str]]
    """The test ids that came from each of these modules, in order."""
    complete: frozenset[str]
    """The modules whose members are all that loading them gives; a label or a pattern may have
    asked for some only."""
    recordings: Sequence[Recording]
    shared: Dependencies
    """What every test depends on without being seen to: settings, installed packages."""
    declared: Mapping[str, Dependencies]
    """What `@covers` and `@depends_on` say, by test id."""
    operation_ids: Mapping[str, str]
    """The operationId by shape ("GET /api/events/{}/"), as the contract snapshot has them."""
    services: Mapping[str, str] = field(default_factory=dict)
    """The names of other services, by their documents' paths from the root."""
    imports: ImportRecord | str
    """What importing the project does, or why that could not be seen."""
    test_files: frozenset[str] = frozenset()
    """The keys of all known test modules, whether or not this run loaded them."""
    tables: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The tables of each first-party model, by the key of its class."""
    set_ups_s: Mapping[str, float] = field(default_factory=dict)
    """What setting up each class and module took, by dotted name."""
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For tests that failed, those that had run before in the same process, in order."""

    def settings_checked(self) -> frozenset[str]:
        """Return the settings that Django's system checks read."""
        return frozenset(key for r in self.recordings for kind, key in r.shared if kind == CHECKED)

    def files_read(self) -> frozenset[str]:
        """Return the keys of the data files that were there to be read and that it didn't write."""
        everything = frozenset[Dependency]().union(*(r.shared for r in self.recordings))
        written = {key for kind, key in everything if kind == WRITTEN}
        return frozenset(key for kind, key in everything if kind == READ) - written


@dataclass(frozen=True, kw_only=True)
class Dependents:
    """Who depends on what, as bits at the places that the map gives to tests and modules."""

    bits: Mapping[Dependency, int]
    shared: Dependencies
    """Those that all tests and modules of the run depend on."""


def dependents(
    run: RunRecord, graph: ImportGraph, *, tests: Mapping[str, int], modules: Mapping[str, int]
) -> Dependents:
    """Work out who depends on what. `tests` and `modules` give the places of their bits."""
    return _Joiner(run, graph, tests, modules).join()


class _Joiner:
    def __init__(
        self,
        run: RunRecord,
        graph: ImportGraph,
        tests: Mapping[str, int],
        modules: Mapping[str, int],
    ) -> None:
        self._run = run
        self._graph = graph
        # Only what ran in this run was seen anew.
        self._tests = {name: tests[name] for name in run.outcomes if name in tests}
        self._modules = {name: modules[name] for name in run.complete}
        self._everyone = [*self._tests.values(), *self._modules.values()]
        self._rows: BitRows[Dependency] = BitRows()
        self._shared: set[Dependency] = set(run.shared)

    def join(self) -> Dependents:
        self._add_recordings()
        for test, dependencies in self._run.declared.items():
            self._add(dependencies, [test])
        if isinstance(self._run.imports, str):
            self._shared.add(IMPORTS_UNKNOWN)
        else:
            self._add_imports(self._run.imports)
        self._add_own_source()
        bits = self._rows.bits()
        bits.update(dict.fromkeys(self._shared, bit_set(self._everyone)))
        return Dependents(bits=bits, shared=frozenset(self._shared))

    def _add(self, dependencies: Collection[Dependency], tests: Iterable[str]) -> None:
        self._rows.add(dependencies, self._numbers(tests))

    def _numbers(self, tests: Iterable[str]) -> list[int]:
        return [self._tests[test] for test in tests if test in self._tests]

    def _add_recordings(self) -> None:
        """Add what was seen, then once for all who saw it what that stands for."""
        fills = merge_fills(tuple(self._run.recordings))
        seen: BitRows[Dependency] = BitRows()
        for recording in self._run.recordings:
            self._share(with_fills(recording.shared, fills))
            alone: list[tuple[Dependencies, int]] = []
            for observation in recording.observations:
                numbers = self._numbers(observation.tests)
                if len(numbers) == 1:
                    alone.append((observation.dependencies, numbers[0]))
                else:
                    seen.add(observation.dependencies, numbers)
                if not numbers:
                    # Of tests that aren't known: what was imported is there for all others.
                    found = with_fills(observation.dependencies, fills)
                    self._share(d for d in found if d.kind == "import")
            seen.add_in_turn(alone)
        for dependency, bits in seen.bits().items():
            if dependency.kind not in _JOINED and dependency not in fills:
                self._rows.add_bits((dependency,), bits)
                continue
            found = fills.get(dependency, frozenset()) | {dependency}
            self._rows.add_bits(self._joined(found), bits)
            self._share(d for d in found if d.kind == "import")

    def _joined(self, dependencies: Dependencies) -> list[Dependency]:
        """Leave out what only stood for something else; add the operations that routes lead to."""
        joined = [dependency for dependency in dependencies if dependency.kind not in STAND_INS]
        for dependency in dependencies:
            if dependency.kind == "route":
                operation = self._run.operation_ids.get(shape_of_route(dependency.key))
                if operation:
                    joined.append(Dependency("operation", operation))
            elif dependency.kind == UPSTREAM_CALL:
                joined += dependencies_of_call(dependency.key, self._run.services)
        return joined

    def _share(self, dependencies: Iterable[Dependency]) -> None:
        for dependency in dependencies:
            if dependency.kind == "import":
                # Imported while tests ran: nothing tells who relies on it from then on.
                self._shared.add(Dependency("module", dependency.key))
            elif dependency.kind == UPSTREAM_CALL:
                self._shared.update(dependencies_of_call(dependency.key, self._run.services))
            elif dependency.kind not in STAND_INS:
                self._shared.add(dependency)

    def _add_imports(self, imports: ImportRecord) -> None:
        loaded = set(imports.names)
        application = self._graph.reached(imports.application_files, stop=frozenset()) & loaded
        self._share(map(_as_loaded, imports.application))
        self._share(Dependency("module", path) for path in application)
        # Also what test modules import that this run had no need of: it is theirs alone.
        reached_by_tests = self._graph.reached(self._run.test_files, stop=frozenset(application))
        reached_from: dict[str, list[int]] = defaultdict(list)
        for module, path in self._run.modules.items():
            reached = self._graph.reached([path], stop=frozenset(application))
            reached_by_tests |= reached
            numbers = self._numbers(self._run.members[module])
            if module in self._modules:
                numbers.append(self._modules[module])
            for file in reached:
                reached_from[file] += numbers
        # File by file, since most are reached from many modules.
        for file, numbers in reached_from.items():
            found = {Dependency("module", file), *map(_as_loaded, imports.fills.get(file, ()))}
            self._rows.add([one for one in found if one.kind not in STAND_INS], numbers)
        for path in loaded - application - reached_by_tests:
            # Imported dynamically, by a name that no import statement shows.
            filled = map(_as_loaded, imports.fills.get(path, frozenset()))
            self._share([Dependency("module", path), *filled])

    def _add_own_source(self) -> None:
        """Make each test depend on its own function, whether or not it got so far as to run."""
        for module, path in self._run.modules.items():
            for test in self._run.members[module]:
                if test.startswith(f"{module}."):
                    name = test.removeprefix(f"{module}.")
                    self._add([Dependency("code", f"{path}::{name}")], [test])


def _as_loaded(dependency: Dependency) -> Dependency:
    """Return a function that ran at import as what it is: whom it concerns follows from what it
    gave, not from who ran it."""
    return Dependency("loaded", dependency.key) if dependency.kind == "code" else dependency
