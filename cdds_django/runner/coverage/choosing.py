"""Where coverage meets the selection and the impact map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cdds_django.impact.choice.selection import full_run
from cdds_django.impact.code.tree import loaded_modules
from cdds_django.impact.storage.store import ImpactMap
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.selecting import Choice
from cdds_django.runner.coverage import FILE_NAME, kept, owners
from cdds_django.runner.coverage.gathering import Gathering
from cdds_django.runner.coverage.leaving_out import LeavingOut
from cdds_django.runner.coverage.session import CoverageSession


def with_lines(
    choice: Choice, coverage: CoverageSession, impact: ImpactSession | None
) -> tuple[Choice, LeavingOut | None]:
    """Return a choice that leaves out only what brings its lines along, and how to tell.

    Where the contract or the command line leaves tests out, they have no part in the report.
    """
    if impact is None or impact.impact_map is None:
        return choice, None
    reason = coverage.open_kept(impact.impact_map)
    selection = choice.selection
    if selection is None or choice.differing is not None or choice.wanted is not None:
        return choice, None
    if selection.full_run_reason is not None:
        return choice, None
    if reason is not None:
        return replace(choice, selection=full_run(reason)), None
    leaving_out = coverage.leave_out(impact.impact_map)
    wanted = leaving_out.modules_to_load(
        {name: module.path for name, module in selection.modules.items()},
        loaded_modules(impact.tree),
    )
    modules = {name: known for name, known in selection.modules.items() if name not in wanted}
    return replace(choice, selection=replace(selection, modules=modules)), leaving_out


def keep_or_forget(
    coverage: Gathering | None,
    state_dir: Path,
    impact: ImpactSession,
    *,
    tests: Iterable[str],
    loaded: Iterable[str],
    replaced: str | None,
) -> None:
    """Write down what a recorded run covered. Raises StateFileError.

    Where it wasn't measured (`coverage` is None), what its classes cover isn't known any more.
    `tests` are those that ran, `loaded` the test modules that were loaded; `replaced` is the map's
    former version.
    """
    if coverage is None:
        if replaced is not None:
            kept.forget(
                state_dir / FILE_NAME,
                owners.by_class(tests),
                before=replaced,
                after=impact.version,
            )
        return
    with _written_map(impact) as impact_map:
        subjects = impact_map.subjects()
    modules = {subject.name for subject in subjects if subject.kind == "module"}
    coverage.keep(
        tests=tests,
        known=[subject.name for subject in subjects if subject.kind == "test"],
        before=replaced,
        after=impact.version,
        all_loaded=modules <= set(loaded),
    )


def _written_map(impact: ImpactSession) -> ImpactMap:
    written = ImpactMap.open(impact.path)
    assert written is not None, "it was written a moment ago"
    return written
