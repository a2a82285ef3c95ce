"""What a run wants of its databases, and what finds or makes their templates."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cdds_django.conf import Settings
from cdds_django.files import ignore_in_git
from cdds_django.impact.code.tree import SourceTree
from cdds_django.runner.databases.building import Builder
from cdds_django.runner.databases.fingerprint import Fingerprints
from cdds_django.runner.databases.groups import groups_of
from cdds_django.runner.databases.kept_digests import KeptDigests

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder


class Wanted(NamedTuple):
    """How a run wants its databases."""

    state_dir: Path
    keep: bool
    """Whether templates stay for later runs."""
    anew: bool
    """Whether templates are made now even if there are some."""
    workers: int
    """Processes beside this one that run tests; 0 if this one does."""
    limit: int
    """How many templates of one database stay."""
    inputs: Sequence[Path] = ()
    """Further files that databases are made from."""
    flush: bool = False
    """Whether databases are flushed between tests as Django does it."""

    @classmethod
    def of(cls, settings: Settings, *, keep: bool, anew: bool, workers: int) -> Wanted:
        """Return what settings and a run's options ask for."""
        return cls(
            state_dir=settings.state_dir,
            keep=keep or settings.keepdb,
            anew=anew,
            workers=workers,
            limit=settings.max_templates,
            inputs=settings.database_inputs,
            flush=settings.transaction_tests == "flushed",
        )


@contextmanager
def builder_for(
    aliases: Collection[str], *, wanted: Wanted, tree: SourceTree, recorder: Recorder | None
) -> Iterator[Builder]:
    """Yield what finds or makes the templates of these aliases; give all back at the end."""
    with ExitStack() as stack:
        directory, is_lasting = wanted.state_dir, True
        if aliases:
            directory, is_lasting = _place(wanted.state_dir, stack)
        keep = wanted.keep and is_lasting
        groups = list(groups_of(aliases, directory=directory, limit=wanted.limit))
        for group in groups:
            stack.callback(group.engine.end, keep=keep)
        digests = KeptDigests(wanted.state_dir)
        yield Builder(
            groups,
            fingerprints=Fingerprints(digests, wanted.inputs),
            digests=digests,
            tree=tree,
            recorder=recorder,
            publish=keep,
        )


def _place(state_dir: Path, stack: ExitStack) -> tuple[Path, bool]:
    """Return a directory for templates, and whether it outlives the run."""
    directory = state_dir / "databases"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        ignore_in_git(state_dir)
        is_writable = os.access(directory, os.W_OK | os.X_OK)
    except OSError:
        is_writable = False
    if is_writable:
        return directory, True
    # With --no-record, nothing else needs the state directory.
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cdds-databases-"))), False
