"""What there is of a project's templates and forks, and removing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cdds_django.runner.databases.groups import groups_of
from cdds_django.runner.databases.templates import Listed


def listed(aliases: Iterable[str], *, state_dir: Path, limit: int) -> Iterator[tuple[str, Listed]]:
    """Yield what was made for each alias's test database."""
    for group in groups_of(aliases, directory=state_dir / "databases", limit=limit):
        try:
            for one in group.engine.inventory():
                yield group.alias, one
        finally:
            group.engine.end(keep=True)


def prune(
    aliases: Iterable[str], *, state_dir: Path, limit: int, everything: bool
) -> Iterator[tuple[str, str]]:
    """Remove what no run uses: remains, forks, and templates beyond `limit`, or all of them.

    Yield alias and name of what was removed. Only names that this package makes are looked at.
    """
    kept = 0 if everything else limit
    for group in groups_of(aliases, directory=state_dir / "databases", limit=limit):
        try:
            for name in group.engine.prune(kept):
                yield group.alias, name
        finally:
            group.engine.end(keep=True)
