"""What is kept after a run: the lines that it measured, and those of owners it left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from cdds_django.runner.coverage.kept import Kept, KeptFile, KeptRegion
from cdds_django.runner.coverage.owners import ELSE, IMPORTS
from cdds_django.runner.coverage.points import Measured, Points
from cdds_django.runner.coverage.present import Present
from cdds_django.runner.coverage.regions import FileRegions


def renewed(
    kept: Kept | None,
    surviving: Collection[str],
    measured: Measured,
    present: Present,
    *,
    tests: Mapping[str, str],
    map_version: str,
    configuration: str,
    tracers: Mapping[str, str],
    branch: bool,
) -> Kept:
    """Join what was measured to what is kept of the owners `surviving`, measured or not.

    `tests` are the digests of the tests that were measured, by owner. `tracers` are the plug-ins
    that measured files, by coverage.py's name of the file.
    """
    owners = sorted({IMPORTS, *(owner for owner in measured if owner != ELSE)} | {*surviving})
    numbers = {owner: number for number, owner in enumerate(owners)}
    new = Kept(
        map_version=map_version,
        configuration=configuration,
        owners=numbers,
        tests={
            **{owner: kept.tests.get(owner, "") for owner in surviving if kept is not None},
            **{owner: digest for owner, digest in tests.items() if owner in measured},
        },
    )
    by_path = _by_path(measured, numbers, present)
    plugins = {present.key(file): tracer for file, tracer in tracers.items()}
    if kept is not None:
        moved = _Renumbering(kept, numbers, surviving)
        for path, file in kept.files.items():
            regions = present.regions(path)
            if regions is not None:
                new.files[path] = renewed_file = _empty(path, regions, file.tracer)
                _keep(renewed_file, file, moved)
    for path, sets in by_path.items():
        regions = present.regions(path)
        if regions is not None:
            file = new.files.setdefault(path, _empty(path, regions, plugins.get(path, "")))
            _add(file, regions, sets, branch=branch)
    new.files = {p: f for p, f in new.files.items() if any(r.groups for r in f.regions.values())}
    return new


def _empty(path: str, regions: FileRegions, tracer: str) -> KeptFile:
    return KeptFile(
        path=path,
        digest=regions.digest,
        tracer=tracer,
        regions={name: KeptRegion(region=region) for name, region in regions.regions.items()},
    )


class _Renumbering:
    """Translates sets of owners from one file of kept lines to the next."""

    def __init__(self, kept: Kept, numbers: Mapping[str, int], stay: Iterable[str]) -> None:
        self._places = [(kept.owners[o], numbers[o]) for o in stay if o in kept.owners]
        self._known: dict[int, int] = {}

    def __call__(self, bits: int) -> int:
        if bits not in self._known:
            self._known[bits] = sum(1 << new for old, new in self._places if bits >> old & 1)
        return self._known[bits]


def _keep(new: KeptFile, old: KeptFile, moved: _Renumbering) -> None:
    for name, region in old.regions.items():
        if name not in new.regions or new.regions[name].region.digest != region.region.digest:
            continue
        for context, groups in region.groups.items():
            bits_of: dict[int, int] = {}
            for bits, points in groups.items():
                if there := moved(bits):
                    bits_of.update(dict.fromkeys(points, there))
            if bits_of:
                new.regions[name].groups[context] = _grouped(bits_of)


_Sets = dict[str, dict[Points, int]]


def _by_path(measured: Measured, numbers: Mapping[str, int], present: Present) -> dict[str, _Sets]:
    """Return by path and context the sets of points, each with the owners that covered it.

    Many classes cover the same points of a file, so each set is looked at once.
    """
    found: dict[str, _Sets] = defaultdict(lambda: defaultdict(dict))
    for owner, lines in measured.items():
        if owner != ELSE:
            bit = 1 << numbers[owner]
            for place, points in lines.items():
                sets = found[present.key(place.file)][place.context]
                sets[points] = sets.get(points, 0) | bit
    return found


def _add(file: KeptFile, regions: FileRegions, sets: _Sets, *, branch: bool) -> None:
    for context, by_points in sets.items():
        bits_of: dict[str, dict[int, int]] = defaultdict(dict)
        for points, bits in by_points.items():
            for point in points:
                name, number = regions.named(point, branch=branch)
                found = bits_of[name]
                found[number] = found.get(number, 0) | bits
        for name, found in bits_of.items():
            groups = file.regions[name].groups
            for bits, points_of in groups.get(context, {}).items():
                for number in points_of:
                    found[number] = found.get(number, 0) | bits
            groups[context] = _grouped(found)


def _grouped(bits_of: Mapping[int, int]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for point, bits in bits_of.items():
        groups[bits].append(point)
    return {bits: sorted(points) for bits, points in sorted(groups.items())}
