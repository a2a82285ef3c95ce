"""What isn't in the state that the map knows it in."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.records import Dependency
from cdds_django.impact.sources.base import Project, Source
from cdds_django.impact.sources.upstream_operations import UPSTREAM, change_of
from cdds_django.impact.storage.bits import pack
from cdds_django.impact.storage.places import CODE_KINDS, URLS
from cdds_django.impact.storage.store import ImpactMap, StoredDependency

Changed = list[tuple[StoredDependency, str, str]]
"""Stored states that aren't the present ones, each with what became of it ("changed", "added",
"removed", or as `upstream_operations` says it) and with the present state."""


def changed(
    impact_map: ImpactMap, code: CodeState, project: Project, sources: Sequence[Source]
) -> Changed:
    """Return each stored state that isn't the present one, with "changed", "added" or "removed"."""
    changes = code.changes
    stored = impact_map.dependencies(places=changes.changed | changes.removed)
    return _not_as_stored(stored, code, project, sources)


def checks_read_otherwise(
    impact_map: ImpactMap, code: CodeState, project: Project, sources: Sequence[Source]
) -> bool:
    """Whether a setting that system checks read isn't what it was."""
    before = json.loads(impact_map.meta("settings_checked") or "{}")
    asked = {Dependency("setting", name) for name in before}
    states = present_states(asked, code=code, project=project, sources=sources)
    return any(states[Dependency("setting", name)] != state for name, state in before.items())


def changed_urls(
    impact_map: ImpactMap, code: CodeState, project: Project, sources: Sequence[Source]
) -> Changed:
    """Return what leads elsewhere now. URL patterns only change with what is done at import."""
    stored = impact_map.used(places={URLS}, kinds=())
    return _not_as_stored(stored, code, project, sources)


def _not_as_stored(
    stored: Sequence[StoredDependency],
    code: CodeState,
    project: Project,
    sources: Sequence[Source],
) -> Changed:
    states = present_states(
        {Dependency(s.kind, s.key) for s in stored}, code=code, project=project, sources=sources
    )
    found: Changed = []
    for dependency in stored:
        state = states[Dependency(dependency.kind, dependency.key)]
        if state != dependency.fingerprint:
            found.append((dependency, change_from(dependency, state), state))
    return found


def present_states(
    dependencies: Iterable[Dependency],
    *,
    code: CodeState,
    project: Project,
    sources: Sequence[Source],
) -> dict[Dependency, str]:
    """Return the fingerprint of each dependency as the project is now."""
    keys: dict[str, list[str]] = defaultdict(list)
    states: dict[Dependency, str] = {}
    for dependency in dependencies:
        if dependency.kind in CODE_KINDS:
            states[dependency] = code.fingerprint(dependency)
        else:
            keys[dependency.kind].append(dependency.key)
    for source in sources:
        for key, state in source.fingerprints(keys.pop(source.kind, ()), project).items():
            states[Dependency(source.kind, key)] = state
    for kind, unknown in keys.items():
        # A kind that only a later version knows: not the same, so its tests run.
        states.update({Dependency(kind, key): "unknown kind" for key in unknown})
    return states


def new_shared(
    impact_map: ImpactMap, project: Project, sources: Sequence[Source], everyone: int
) -> Changed:
    """Return what every test depends on now and none did when it last ran."""
    known = impact_map.known()
    return [
        (
            StoredDependency(
                kind=source.kind,
                key=key,
                place="",
                fingerprint="",
                shared=True,
                packed_subjects=pack(everyone),
            ),
            "added",
            "",
        )
        for source in sources
        for key in source.shared(project)
        if Dependency(source.kind, key) not in known
    ]


def change_from(stored: StoredDependency, now: str) -> str:
    """Return the word for what became of a stored state."""
    before = stored.fingerprint
    if stored.kind == UPSTREAM:
        return change_of(before, now)
    if now == "absent":
        return "removed"
    return "added" if before == "absent" else "changed"
