"""Which kept lines still hold, and what they are in the files as they are now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from cdds_django.impact.imports.record import ImportRecord
from cdds_django.impact.storage.bits import bit_set
from cdds_django.impact.storage.store import ImpactMap
from cdds_django.runner.coverage.kept import Kept, KeptRegion
from cdds_django.runner.coverage.owners import IMPORTS
from cdds_django.runner.coverage.points import Lines, Place
from cdds_django.runner.coverage.present import Present
from cdds_django.runner.coverage.regions import IMPORT, WHOLE, FileRegions


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What importing files that a run had no need of would have covered."""

    files: frozenset[str] = frozenset()
    """Files that tests that were left out depend on, by key."""
    functions: frozenset[str] = frozenset()
    """Functions that importing these runs, as `path::qualified.name`."""


def holding(kept: Kept, present: Present) -> frozenset[str]:
    """Return the owners that covered nothing that isn't as it was.

    An owner that is left out and isn't among them was measured in another state than it last ran
    in, or its lines have moved in a way that can't be followed.
    """
    gone = 0
    for file in kept.files.values():
        for name, region in _other_than_now(file.regions, present.regions(file.path), file.digest):
            if name != IMPORT:
                for groups in region.groups.values():
                    for bits in groups:
                        gone |= bits
    return frozenset(owner for owner, place in kept.owners.items() if not gone >> place & 1)


def changed_imports(kept: Kept, present: Present) -> frozenset[str]:
    """Return the files whose import covers other lines now than what is kept."""
    return frozenset(
        file.path
        for file in kept.files.values()
        for name, region in _other_than_now(file.regions, present.regions(file.path), file.digest)
        if name == IMPORT and region.groups
    )


def _other_than_now(
    regions: dict[str, KeptRegion], now: FileRegions | None, digest: str
) -> Iterator[tuple[str, KeptRegion]]:
    if now is not None and now.digest == digest:
        return
    for name, kept in regions.items():
        region = now.regions.get(name) if now is not None else None
        if region is None or region.digest != kept.region.digest:
            yield name, kept


def imported_files(lines: Lines, present: Present, *, branch: bool) -> frozenset[str]:
    """Return the keys of the files that were imported while `lines` were measured."""
    found = set()
    for place, points in lines.items():
        key = present.key(place.file)
        regions = present.regions(key) if key not in found else None
        if regions is not None and any(
            regions.named(point, branch=branch)[0] == IMPORT for point in points
        ):
            found.add(key)
    return frozenset(found)


def not_imported(
    kept: Kept,
    impact_map: ImpactMap,
    *,
    left_out: Collection[str],
    carried: Collection[str],
    imported: Collection[str],
) -> Imported:
    """Return what a run that left tests out had no need to import. Raises StateFileError.

    `left_out` are the tests, `carried` the owners whose lines are carried over, `imported` the keys
    of files that were imported. A test needs a file that import statements lead to, and a class one
    that it covers anything of; what was imported by name is as good as shared by all tests.
    """
    wanted = kept.bits(carried)
    candidates, files = set(), set()
    for file in kept.files.values():
        if file.path not in imported and _has_points(file.regions.get(IMPORT)):
            candidates.add(file.path)
            groups = chain.from_iterable(r.groups.values() for r in file.regions.values())
            if any(bits & wanted for group in groups for bits in group):
                files.add(file.path)
    files |= users_of(impact_map, candidates - files, left_out)
    stored = impact_map.meta("import_record")
    fills = ImportRecord.from_json(stored).fills if stored is not None else {}
    return Imported(
        files=frozenset(files),
        functions=frozenset(
            dependency.key
            for file in files
            for dependency in fills.get(file, ())
            if dependency.kind == "code"
        ),
    )


def _has_points(region: KeptRegion | None) -> bool:
    return region is not None and any(region.groups.values())


def users_of(
    impact_map: ImpactMap, files: Collection[str], subjects: Collection[str]
) -> frozenset[str]:
    """Return those of `files` that the imports of any of the tests or modules `subjects` reach."""
    names = frozenset(subjects)
    wanted = bit_set(s.id for s in impact_map.subjects() if s.name in names)
    return frozenset(
        stored.key
        for stored in impact_map.used(places=files, kinds=())
        if stored.kind == "module" and not stored.shared and stored.subjects & wanted
    )


def carried(
    kept: Kept, present: Present, owners: Iterable[str], imported: Imported, *, branch: bool
) -> dict[Place, set[int]]:
    """Return what `owners` covered, and `imported`, as lines of the files as they are now."""
    wanted, imports = kept.bits(owners), kept.bits([IMPORTS])
    found: dict[Place, set[int]] = {}
    functions = {_outermost(key) for key in imported.functions}
    for file in kept.files.values():
        now = present.regions(file.path)
        if now is None:
            continue
        for name, region in file.regions.items():
            if (there := now.regions.get(name)) is None or there.digest != region.region.digest:
                continue
            if name in (IMPORT, WHOLE) and file.path in imported.files:
                asked = -1
            elif name == IMPORT:
                asked = 0
            else:
                by_import = f"{file.path}::{name.partition('#')[0]}" in functions
                asked = wanted | imports if by_import else wanted
            for context, groups in region.groups.items():
                names = [
                    point for bits, points in groups.items() if bits & asked for point in points
                ]
                place = Place(present.file(file.path), context)
                found.setdefault(place, set()).update(now.points(name, names, branch=branch))
    return found


def _outermost(function: str) -> str:
    """Return the key of the region that a function's code lies in."""
    return function.partition(".<locals>")[0]
