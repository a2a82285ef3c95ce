"""Joining what the processes of a run covered, with what is kept, to one report."""

from __future__ import annotations

import atexit
import contextlib
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import coverage

from cdds_django.errors import StateFileError
from cdds_django.impact.storage.store import ImpactMap
from cdds_django.impact.syntax.digests import text_digest
from cdds_django.runner.coverage import FILE_NAME, owners, totals
from cdds_django.runner.coverage import kept as kept_lines
from cdds_django.runner.coverage.carrying import carried, holding, imported_files, not_imported
from cdds_django.runner.coverage.kept import Kept
from cdds_django.runner.coverage.leaving_out import LeavingOut
from cdds_django.runner.coverage.measuring import MeasurementPlan, lines_of
from cdds_django.runner.coverage.points import Lines, Measured, Place, joined
from cdds_django.runner.coverage.present import Present
from cdds_django.runner.coverage.renewal import renewed
from cdds_django.runner.outcomes.outcome import CoverageInShort

_WITHOUT_EFFECT = frozenset({"run:concurrency", "run:core", "run:patch", "run:timid"})
"""Options on which it doesn't depend what lines a test covers."""


class Gathering:
    """What one run covered, wherever it ran."""

    def __init__(
        self, whole: coverage.Coverage, plan: MeasurementPlan, *, root: Path, state_dir: Path
    ) -> None:
        """`whole` is the measurement that the lines are added to; it is stopped."""
        self._whole = whole
        self.plan = plan
        self.databases_made = False
        """Whether this run made its databases, or found them made."""
        self._root = root
        self._path = state_dir / FILE_NAME
        self._kept: Kept | None = None
        self._present = self._at_present(None)
        self._found: dict[str, list[Lines]] = {}
        self._known: dict[tuple[Place, frozenset[int]], frozenset[int]] = {}
        self.tracers: dict[str, str] = {}
        """The plug-ins that measured files, by coverage.py's name of the file."""
        self._leaving_out: LeavingOut | None = None
        self._map: ImpactMap | None = None

    @property
    def branch(self) -> bool:
        """Whether branches are measured, and so arcs instead of lines."""
        return bool(self.plan.options["run:branch"])

    def key(self, file: str) -> str:
        """Return the name of a file by which it is the same in any checkout."""
        return self._present.key(file)

    def file(self, key: str) -> str:
        """Return coverage.py's name of a file."""
        return self._present.file(key)

    def by_owner(self) -> dict[str, Lines]:
        """Return all that was covered, by owner."""
        return {owner: _as_one(parts) for owner, parts in self._found.items()}

    def open_kept(self, impact_map: ImpactMap) -> str | None:
        """Read what earlier runs kept. Return why it can't be used, where it can't."""
        try:
            kept = kept_lines.read(self._path)
        except StateFileError as error:
            return f"what tests cover has to be measured anew: {error}"
        if kept is None:
            return "what tests cover hasn't been measured yet"
        if kept.map_version != impact_map.meta("version"):
            return "what tests cover was last measured for another impact map"
        if kept.configuration != self.configuration():
            return "what tests cover was last measured in another way"
        self._kept, self._present = kept, self._at_present(kept)
        self._map = impact_map
        return None

    def leave_out(self, impact_map: ImpactMap) -> LeavingOut:
        """Prepare for a selection: classes that are left out bring their lines along."""
        assert self._kept is not None, "without kept lines everything runs"
        self._leaving_out = LeavingOut(self._kept, self._present, impact_map)
        return self._leaving_out

    @property
    def knows_databases(self) -> bool:
        """Whether lines are kept of what makes the databases, as it is now."""
        return self._kept is not None and owners.DATABASES in holding(self._kept, self._present)

    def add(self, measured: Measured, tracers: Mapping[str, str]) -> None:
        """Take what a process measured, by owner."""
        self.tracers.update(tracers)
        for owner, lines in measured.items():
            # Many classes cover the same lines of a file.
            shared = {
                place: self._known.setdefault((place, points), points)
                for place, points in lines.items()
            }
            self._found.setdefault(owner, []).append(shared)

    def finish(self) -> None:
        """Join all lines. Raises StateFileError for a broken impact map."""
        data = self._whole.get_data()
        totals.add(data, self._total(), self.tracers, branch=self.branch)
        for part in self._carried(lines_of(data)):
            totals.add(data, part, self.tracers, branch=self.branch)

    def _total(self) -> Lines:
        distinct = {
            (place, points)
            for parts in self._found.values()
            for lines in parts
            for place, points in lines.items()
        }
        found = joined({place: points} for place, points in distinct)
        return {place: frozenset(points) for place, points in found.items()}

    def _carried(self, total: Lines) -> Iterator[Lines]:
        kept, leaving_out = self._kept, self._leaving_out
        if kept is None or self._map is None:
            return
        carrying = set() if self.databases_made else {owners.DATABASES}
        if leaving_out is not None:
            carrying |= leaving_out.owners(self._found) | {owners.DATABASES}
        imported = not_imported(
            kept,
            self._map,
            left_out=leaving_out.tests if leaving_out is not None else (),
            carried=carrying,
            imported=imported_files(total, self._present, branch=self.branch),
        )
        found = carried(kept, self._present, carrying, imported, branch=self.branch)
        yield {place: frozenset(points) for place, points in found.items()}
        self.tracers.update(
            (self._present.file(file.path), file.tracer)
            for file in kept.files.values()
            if file.tracer
        )

    def keep(
        self,
        tests: Iterable[str],
        known: Iterable[str],
        *,
        before: str | None,
        after: str,
        all_loaded: bool,
    ) -> None:
        """Write down what was measured. Raises StateFileError.

        `tests` are those that ran, `known` all that the impact map knows now. `before` and `after`
        are the map's versions: the one that this run replaced, and its own. `all_loaded` says
        whether every test module was loaded.
        """
        kept = self._kept_of(before)
        digests = owners.digests(tests)
        stay: set[str] = set()
        if kept is not None:
            there = {owners.class_of(test) for test in known}
            joined_owners = set() if all_loaded else {owners.IMPORTS}
            if not (all_loaded and self.databases_made):
                joined_owners.add(owners.DATABASES)
            stay = {
                owner
                for owner in holding(kept, self._present)
                if (owner not in self._found and owner not in digests) or owner in joined_owners
                if owner in there or not owners.is_class(owner)
            }
        kept_lines.write(
            self._path,
            renewed(
                kept,
                stay,
                self.by_owner(),
                self._present,
                tests=digests,
                map_version=after,
                configuration=self.configuration(),
                tracers=self.tracers,
                branch=self.branch,
            ),
        )

    def _kept_of(self, map_version: str | None) -> Kept | None:
        """Return what is kept for a version of the map, which another run may have written."""
        if self._kept is not None and self._kept.map_version == map_version:
            return self._kept
        with contextlib.suppress(StateFileError):  # It is replaced.
            kept = kept_lines.read(self._path)
            if (
                kept is not None
                and kept.map_version == map_version
                and kept.configuration == self.configuration()
            ):
                return kept
        return None

    def report(self, *, html: str | None, xml: str | None) -> tuple[CoverageInShort, str | None]:
        """Write the data file, print the report, write those asked for.

        Return it in short, and what a person should know, as `totals.report` does.
        """
        data = self._whole.get_data()
        base, own = Path(data.base_filename()), Path(data.data_filename())
        if own != base:  # The project's configuration asks for a file of each process.
            totals.write(data, base)
            # `coverage run` writes its own once more, at the end.
            atexit.register(remove, own.parent, [f"{own.name}*"])
        self._remove_strays(base)
        whole = coverage.Coverage(
            data_file=str(base), data_suffix=False, config_file=self.plan.config_file or False
        )
        for option, value in self.plan.options.items():
            whole.set_option(option, value)
        percent, complaint = totals.report(whole, html=html, xml=xml)
        carried = self._leaving_out.owners(self._found) if self._leaving_out is not None else ()
        in_short = CoverageInShort(
            percent=percent,
            files=sum(data.has_arcs() or bool(data.lines(f)) for f in data.measured_files()),
            measured_classes=sum(map(owners.is_class, self._found)),
            carried_classes=sum(map(owners.is_class, carried)),
        )
        return in_short, complaint

    def _remove_strays(self, base: Path) -> None:
        """Remove data files that coverage.py wrote besides `base`."""

    def _at_present(self, kept: Kept | None) -> Present:
        relative = bool(self.plan.options["run:relative_files"])
        return Present(self._root, kept, relative_files=relative)

    def configuration(self) -> str:
        """Return a digest of all that decides which lines are measured."""
        options = {k: v for k, v in self.plan.options.items() if k not in _WITHOUT_EFFECT}
        # Paths in options are told from the root, so that they are the same in any checkout.
        text = repr(sorted(options.items())).replace(str(self._root), "")
        major, minor, _ = platform.python_version_tuple()
        return text_digest([coverage.__version__, major, minor, text])


def remove(directory: Path, patterns: Sequence[str]) -> None:
    """Remove files."""
    for pattern in patterns:
        for path in directory.glob(pattern):
            path.unlink(missing_ok=True)


def _as_one(parts: Sequence[Lines]) -> Lines:
    if len(parts) == 1:
        return parts[0]
    return {place: frozenset(points) for place, points in joined(parts).items()}
