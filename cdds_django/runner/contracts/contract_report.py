"""A contract's difference joined with what only the project knows: its code and recorded tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from cdds_django.contract.causes import cause_of, causes_of
from cdds_django.contract.changes import Diff
from cdds_django.contract.migrations import last_migration
from cdds_django.contract.origins import Origins
from cdds_django.contract.report import Report
from cdds_django.runner.contracts.recorded_operations import callers


def project_report(
    diff: Diff,
    origins: Origins,
    state_dir: Path,
    is_new: Callable[[Path], bool],
    warn: Callable[[str], object],
) -> Report:
    """Return the report of a difference to the project's own contract.

    `is_new` tells files that the base did not have: a migration among them is named as a cause.
    `warn` is told of an impact map that can't be read.
    """
    found = callers(state_dir, diff.labels, warn)
    return Report(
        diff=diff,
        causes=causes_of(diff.changes, origins, _migrations(diff, origins, is_new)),
        views=origins.views,
        tests=None if found is None else {name: len(tests) for name, tests in found[0].items()},
    )


def _migrations(diff: Diff, origins: Origins, is_new: Callable[[Path], bool]) -> Mapping[str, str]:
    behind = {origins.of(cause_of(change.pointer)) for change in diff.changes}
    models = {origin.model or origin.former_model for origin in behind if origin is not None} - {""}
    files = {model: last_migration(model, is_new) for model in sorted(models)}
    return {model: _from_here(path) for model, path in files.items() if path is not None}


def _from_here(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
