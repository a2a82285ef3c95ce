"""Where the runner meets the impact map: what to select before a run, what to record after it."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps

from cdds_django.conf import Settings
from cdds_django.errors import StateFileError
from cdds_django.files import ignore_in_git
from cdds_django.impact.choice.selection import Selection, full_run, select
from cdds_django.impact.choice.states import present_states
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.tree import SourceTree, loaded_modules
from cdds_django.impact.imports.process_start import process_started_ns
from cdds_django.impact.records import Dependencies, Dependency, Outcome, Recording
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.impact.sources.settings import as_set
from cdds_django.impact.storage.history import set_ups_s
from cdds_django.impact.storage.store import MAP_NAME, ImpactMap
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.contracts.upstream_states import UpstreamStates
from cdds_django.testing import COVERS_ATTRIBUTE, DEPENDS_ON_ATTRIBUTE

if TYPE_CHECKING:
    from cdds_django.impact.imports.probe import ImportProbe
    from cdds_django.impact.imports.record import ImportGraph, ImportRecord
    from cdds_django.impact.storage.run_record import RunRecord

# What writes the map is imported where that is done: a run that selects nothing does without.


@dataclass(kw_only=True)
class ImpactSession:
    """One run's dealings with the impact map."""

    path: Path
    tree: SourceTree
    project: Project
    impact_map: ImpactMap | None
    code: CodeState
    contract: ContractView
    upstreams: UpstreamStates
    shared_states: Mapping[Dependency, str]
    """Of what every test depends on, taken before the run changes settings."""
    version: str
    """What the map is called that this run writes."""
    durations_s: Mapping[str, float]
    """What each test took when it last ran, by id."""
    set_ups_s: Mapping[str, float]
    """What setting up each class and module last took, by dotted name."""
    _probe: ImportProbe | None = field(default=None, repr=False)
    _known_imports: ImportRecord | str | None = None
    _imports_hold: bool = False
    """Whether importing the project does what it did when the map was written."""
    _loaded: frozenset[str] = frozenset()
    affected: int | None = None
    """Where a change at import level was followed: the subjects that may be affected, as bits."""
    unsettled: Dependencies = frozenset()
    """What was in another state where tests ran than it is here."""
    _test_modules: Mapping[str, str] = field(default_factory=dict)
    """The keys of all known test modules, by dotted name."""

    @classmethod
    def open(
        cls, settings: Settings, contract: ContractView, version: str | None = None
    ) -> ImpactSession:
        """Look at the project and open the map. Raises CddsError.

        `version` is what the map is to be called that this run writes; unique by default.
        """
        path = settings.state_dir / MAP_NAME
        tree = SourceTree.of(settings.root, settings.sources)
        upstreams = UpstreamStates(settings.upstreams, tree.root, settings.state_dir)
        project = Project(
            tree=tree,
            operations=contract.hashes,
            watched=settings.watch,
            settings=as_set(),
            upstreams=upstreams,
        )
        impact_map = ImpactMap.open(path)
        code = CodeState(tree, impact_map, loaded_since_ns=process_started_ns())
        shared = {
            Dependency(source.kind, key) for source in SOURCES for key in source.shared(project)
        }
        states = present_states(shared, code=code, project=project, sources=SOURCES)
        return cls(
            path=path,
            tree=tree,
            project=project,
            impact_map=impact_map,
            code=code,
            contract=contract,
            upstreams=upstreams,
            shared_states=states,
            version=version or uuid.uuid4().hex,
            durations_s=impact_map.durations_s() if impact_map else {},
            set_ups_s=set_ups_s(impact_map) if impact_map else {},
        )

    def close(self) -> None:
        if self._probe is not None:
            self._probe.abandon()
        if self.impact_map is not None:
            self.impact_map.close()

    def select(self) -> Selection:
        """Return what a change since the map was written can affect."""
        if self.impact_map is None:
            return full_run(f"there is no impact map yet at {self._shown_path()}")
        selection = select(self.impact_map, self.code, self.project, SOURCES)
        self.affected = selection.affected
        return selection

    def require_writable(self) -> None:
        """Raise StateFileError now rather than after the tests have run."""
        probe = self.path.with_name(f".{self.path.name}.{time.time_ns()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
            ignore_in_git(self.path.parent)
        except OSError as error:
            raise StateFileError(
                f"Can't record to {self._shown_path()}: {error.strerror}. Make {self.path.parent} "
                "writable, choose another place with CDDS['STATE_DIR'] or the environment variable "
                "CDDS_STATE_DIR, or pass --no-record."
            ) from error

    def begin_recording(self, test_modules: Mapping[str, str]) -> None:
        """Find out what importing the project does, in the background, unless it is known.

        `test_modules` gives the keys of test modules by dotted name.
        """
        from cdds_django.impact.imports.record import ImportRecord, still_holds

        stored = self.impact_map.meta("import_record") if self.impact_map else None
        self._test_modules = dict(test_modules)
        for subject in self.impact_map.subjects() if self.impact_map is not None else ():
            if subject.kind == "module" and subject.path in self.code.files:
                self._test_modules[subject.name] = subject.path
        self._loaded = frozenset(loaded_modules(self.tree))
        if stored is not None:
            known = ImportRecord.from_json(stored)
            if still_holds(known, self.code, test_modules.values()) and self._is_surrounded_as(
                known
            ):
                self._known_imports, self._imports_hold = known, True
                return
        from cdds_django.impact.imports.probe import ImportProbe

        # What isn't loaded in this run is imported too, for its record to stay whole.
        self._probe = ImportProbe(self.tree, sorted(self._test_modules), sys.path)

    def _is_surrounded_as(self, known: ImportRecord) -> bool:
        """Whether settings, and whatever else imports read, are as the map knows them."""
        assert self.impact_map is not None
        states = self.fingerprints({*self.shared_states, *known.surroundings()})
        return states.items() <= self.impact_map.current_states().items()

    def await_imports(self) -> ImportRecord | str:
        """Return what imports do, or why that isn't known; wait for the second process."""
        if self._probe is not None:
            self._known_imports, self._probe = self._probe.result(), None
        assert self._known_imports is not None, "recording has begun"
        return self._known_imports

    def run_record(
        self,
        *,
        outcomes: Mapping[str, Outcome],
        modules: Mapping[str, str],
        members: Mapping[str, Sequence[str]],
        complete: Iterable[str],
        recordings: Sequence[Recording],
        declared: Mapping[str, Dependencies],
        set_ups_s: Mapping[str, float],
        earlier: Mapping[str, Sequence[str]],
    ) -> RunRecord:
        """Return all that a run learnt."""
        from cdds_django.impact.code.models import tables_by_class
        from cdds_django.impact.storage.run_record import RunRecord

        imports = self.await_imports()
        return RunRecord(
            outcomes=outcomes,
            modules=modules,
            members=members,
            complete=frozenset(complete),
            recordings=recordings,
            shared=frozenset(self.shared_states) | self._migrations() | self._unprobed(imports),
            declared=declared,
            set_ups_s=set_ups_s,
            earlier=earlier,
            operation_ids=self.contract.ids_by_shape(),
            tables=tables_by_class(self.tree),
            services=self.upstreams.services,
            test_files=frozenset(self._test_modules.values()),
            imports=imports,
        )

    def record(self, run: RunRecord) -> str | None:
        """Write a run into the map; return the version replaced. Raises StateFileError."""
        from cdds_django.impact.storage.update import update_map

        return update_map(
            self.path,
            run,
            code=self.code,
            graph=self.import_graph(run),
            fingerprints=self.fingerprints,
            version=self.version,
            affected=self.affected,
            imports_hold=self._imports_hold,
        )

    def import_graph(self, run: RunRecord) -> ImportGraph:
        """Return which files import which, by the names that a run saw them under."""
        from cdds_django.impact.imports.record import ImportGraph

        return ImportGraph(self.code, {} if isinstance(run.imports, str) else run.imports.names)

    def fingerprints(self, dependencies: Iterable[Dependency]) -> Mapping[Dependency, str]:
        asked = set(dependencies)
        known = {d: state for d, state in self.shared_states.items() if d in asked}
        others = asked - known.keys()
        found = present_states(others, code=self.code, project=self.project, sources=SOURCES)
        if not self.unsettled:
            return {**found, **known}
        from cdds_django.impact.storage.places import UNSETTLED

        return {**found, **known, **dict.fromkeys(asked & self.unsettled, UNSETTLED)}

    def _unprobed(self, imports: ImportRecord | str) -> Dependencies:
        """Return what was loaded here only, as files: a test runner of the project's, `manage.py`.

        They ran before there was a recorder.
        """
        names = self._loaded if isinstance(imports, str) else imports.names.keys()
        main = getattr(sys.modules["__main__"], "__file__", None)
        script = self.tree.key(os.path.abspath(main)) if main else None
        found = {*(self._loaded - names), *([script] if script else [])}
        return frozenset(Dependency("file", key) for key in found)

    def _migrations(self) -> Dependencies:
        """Return first-party migrations: with a kept database, nothing of them is imported."""
        found = set()
        for config in apps.get_app_configs():
            for path in Path(config.path, "migrations").glob("*.py"):
                key = self.tree.key(str(path))
                if key is not None:
                    found.add(Dependency("module", key))
        return frozenset(found)

    def _shown_path(self) -> str:
        return str(
            self.path.relative_to(Path.cwd()) if self.path.is_relative_to(Path.cwd()) else self.path
        )


def declared_dependencies(test: Any) -> Dependencies:
    """Return what `@covers` and `@depends_on` say of a test, its class included."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    found = set()
    for target in (type(test), method):
        for operation in getattr(target, COVERS_ATTRIBUTE, ()):
            found.add(Dependency("operation", operation))
        for path in getattr(target, DEPENDS_ON_ATTRIBUTE, ()):
            found.add(Dependency("file", path))
    return frozenset(found)
