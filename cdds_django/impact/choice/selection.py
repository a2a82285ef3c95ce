"""Choosing the tests that a change can affect, each with its reasons.

A test is left out only if it passed last time and all that it depended on is as it was. What isn't
understood concerns all tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import get_resolver

from cdds_django.impact.choice import states
from cdds_django.impact.choice.additions import out_of_the_ordinary
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.upstream_callers import Callers, callers_of, ways
from cdds_django.impact.records import SETTLED_OUTCOMES
from cdds_django.impact.sources.base import Project, Source
from cdds_django.impact.sources.upstream_operations import UPSTREAM, sentence
from cdds_django.impact.storage.bits import bit_set, members
from cdds_django.impact.storage.places import IMPORT_LEVEL_KINDS
from cdds_django.impact.storage.store import ImpactMap, StoredDependency, Subject

if TYPE_CHECKING:
    from cdds_django.impact.choice.import_level import ImportLevel
    from cdds_django.impact.choice.rows import Hit

# The graph is imported where something has to be followed: most often nothing has.

MAX_REASONS = 20
"""How many reasons are kept for one test; the first would be enough to run it."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a test is selected."""

    kind: str
    key: str
    change: str
    """changed, added, removed; or for a test itself: new, or its last outcome."""
    via: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KnownTest:
    """A test that need not be loaded to be known."""

    id: str
    tags: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class KnownModule:
    """A test module that need not be imported unless one of its tests is to run."""

    path: str
    tests: tuple[KnownTest, ...]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The answer: what has to run."""

    full_run_reason: str | None = None
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    """By id, of the known tests that are affected."""
    changes: tuple[Reason, ...] = ()
    """Everything that isn't as it was, whether or not a test depends on it."""
    known: frozenset[str] = frozenset()
    """The ids of all tests in the map."""
    modules: Mapping[str, KnownModule] = field(default_factory=dict)
    """By dotted name, the modules none of whose tests has to run."""
    may_fail_checks: bool = False
    """Whether something changed that Django's system checks may refuse."""
    affected: int | None = None
    """Where a change at import level was followed: the subjects that anything affects, as bits."""

    def reasons_for(self, test: str) -> tuple[Reason, ...]:
        """Return why a test runs; nothing if it is left out."""
        if self.full_run_reason is not None:
            return (Reason(kind="full_run", key=self.full_run_reason, change="changed"),)
        if test not in self.known:
            return (Reason(kind="test", key=test, change="new"),)
        return self.reasons.get(test, ())


def full_run(reason: str) -> Selection:
    """Return the selection of all tests."""
    return Selection(full_run_reason=reason)


def select(
    impact_map: ImpactMap, code: CodeState, project: Project, sources: Sequence[Source]
) -> Selection:
    """Compare the project as it is with the map. Raises StateFileError for a broken map."""
    subjects, listings = impact_map.subjects(), impact_map.listings()
    reason = _unknown_imports(impact_map) or out_of_the_ordinary(code)
    if reason is not None:
        return full_run(reason)
    everyone = bit_set(subject.id for subject in subjects)
    changed = states.changed(impact_map, code, project, sources)
    changed += states.new_shared(impact_map, project, sources, everyone)
    followed: ImportLevel | None = None
    rows = [(stored, state) for stored, _, state in changed if stored.kind in IMPORT_LEVEL_KINDS]
    changed_settings = {stored.key for stored, _, _ in changed if stored.kind == "setting"}
    followed_settings = _followed(changed_settings)
    takes_effect_at_import = bool(rows or code.changes.added or followed_settings)
    if takes_effect_at_import or changed_settings:
        if (reason := _broken_urls()) is not None:
            return full_run(reason)
        if takes_effect_at_import:
            from cdds_django.impact.choice.import_level import follow

            followed = follow(impact_map, code, subjects, rows, followed_settings)
        changed += states.changed_urls(impact_map, code, project, sources)
    if followed is not None:
        if followed.full_run_reason is not None:
            return full_run(followed.full_run_reason)
        changed = [
            (stored, change, state)
            for stored, change, state in changed
            if stored.kind not in IMPORT_LEVEL_KINDS
            and not (stored.kind == "setting" and stored.key in followed_settings)
        ]
        changed += [
            (stored, states.change_from(stored, state), state)
            for stored, state in followed.unfollowed
        ]
    may_fail_checks = bool(changed) or states.checks_read_otherwise(
        impact_map, code, project, sources
    )
    settled = bit_set(s.id for s in subjects if s.kind == "test" and s.outcome in SETTLED_OUTCOMES)
    for dependency, change, _ in changed:
        # A run that a label limited leaves the others' old state behind, which is theirs alone.
        if dependency.shared and not settled & ~dependency.subjects:
            return full_run(_describe(dependency, change, code))
    callers = callers_of(impact_map, {dependency.kind for dependency, _, _ in changed})
    found = _selection(subjects, listings, changed, followed, callers)
    return replace(found, may_fail_checks=may_fail_checks or followed is not None)


def _followed(changed_settings: set[str]) -> set[str]:
    """Return those of the changed settings whose users are known."""
    if not changed_settings:
        return set()
    from cdds_django.impact.graph.settings_use import SETTINGS_IN_USE

    return changed_settings & SETTINGS_IN_USE.keys()


def _broken_urls() -> str | None:
    """Load the URL configuration, and return why that can't be done."""
    if not hasattr(settings, "ROOT_URLCONF"):
        return None
    try:
        get_resolver().url_patterns  # noqa: B018
    except Exception as error:  # Whatever the project's own modules raise.
        return f"the URL configuration can't be loaded ({type(error).__name__}: {error})"
    return None


def _unknown_imports(impact_map: ImpactMap) -> str | None:
    failure = impact_map.meta("import_failure")
    if failure is None:
        return None
    return f"what importing the project does could not be recorded ({failure})"


def _describe(dependency: StoredDependency, change: str, code: CodeState) -> str:
    from cdds_django.impact.storage.run_record import IMPORTS_UNKNOWN

    if (dependency.kind, dependency.key) == IMPORTS_UNKNOWN:
        return "what importing the project does could not be recorded"
    if dependency.kind == "module":
        if dependency.key in code.unreadable:
            return f"{dependency.key} can't be parsed: {code.unreadable[dependency.key]}"
        if change == "changed":
            return f"{dependency.key} changed outside function bodies"
        return f"{dependency.key} was {change}"
    if dependency.kind == UPSTREAM:
        return f"{sentence(dependency.key, change)}, which every test depends on"
    names = {"code": "", "file": "", "environment": "", "setting": "the setting "}
    name = names.get(dependency.kind, f"the {dependency.kind} ") + dependency.key
    if dependency.kind in ("code", "file"):
        return f"{name} {_verb(change)}, which every test depends on"
    return f"{name} {_verb(change)}"


def _verb(change: str) -> str:
    return change if change == "changed" else f"was {change}"


def _reason_of(hit: Hit) -> Reason:
    change = hit.cause.change
    kind = "definition" if change.versions else "code" if change.path else "setting"
    return Reason(kind=kind, key=str(change), change=change.change, via=hit.cause.via)


def _selection(
    subjects: list[Subject],
    listings: Mapping[str, list[int]],
    changed: states.Changed,
    followed: ImportLevel | None,
    callers: Callers,
) -> Selection:
    by_number = {subject.id: subject for subject in subjects}
    reasons: dict[int, list[Reason]] = defaultdict(list)
    changes: dict[Reason, int] = {}
    for dependency, change, _ in changed:
        for via, reached in ways(callers, dependency.key, dependency.subjects):
            reason = Reason(kind=dependency.kind, key=dependency.key, change=change, via=via)
            changes[reason] = changes.get(reason, 0) | reached
    for hit in followed.hits if followed is not None else ():
        reason = _reason_of(hit)
        changes[reason] = changes.get(reason, 0) | hit.subjects
    for reason, bits in changes.items():
        for number in members(bits):
            if len(reasons[number]) < MAX_REASONS:
                reasons[number].append(reason)
    for subject in subjects:
        if subject.kind == "test" and subject.outcome not in SETTLED_OUTCOMES:
            reasons[subject.id].insert(
                0, Reason(kind="test", key=subject.name, change=subject.outcome)
            )
    affected = bit_set(reasons)
    modules = {}
    for subject in subjects:
        tests = listings.get(subject.name, [])
        if subject.kind == "module" and not bit_set([subject.id, *tests]) & affected:
            modules[subject.name] = KnownModule(
                path=subject.path,
                tests=tuple(
                    KnownTest(id=by_number[number].name, tags=by_number[number].tags)
                    for number in tests
                ),
            )
    return Selection(
        reasons={
            by_number[number].name: tuple(found)
            for number, found in reasons.items()
            if number in by_number and by_number[number].kind == "test"
        },
        changes=tuple(changes),
        known=frozenset(s.name for s in subjects if s.kind == "test"),
        modules=modules,
        affected=affected if followed is not None else None,
    )
