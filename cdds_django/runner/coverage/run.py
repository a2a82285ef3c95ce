"""Coverage as the runner sees it: in a process that isn't measured, it does nothing.

What only measured runs need is imported by them alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cdds_django.conf import Settings
from cdds_django.runner.choice.delta import ImpactSession
from cdds_django.runner.choice.selecting import Choice
from cdds_django.runner.coverage import FILE_NAME
from cdds_django.runner.coverage.owners import ELSE, IMPORTS
from cdds_django.runner.coverage.starting import is_measured, restart_with_coverage
from cdds_django.runner.options import Options

if TYPE_CHECKING:
    from cdds_django.runner.coverage.leaving_out import LeavingOut
    from cdds_django.runner.coverage.session import CoverageSession
    from cdds_django.runner.outcomes.outcome import CoverageInShort


class RunCoverage:
    """Coverage of one run, if any."""

    def __init__(self) -> None:
        self.session: CoverageSession | None = None
        """There where this process is measured."""
        self.leaving_out: LeavingOut | None = None
        """There where classes that are left out bring their lines along."""
        self._is_reported = False
        self._state_dir = Path()

    @classmethod
    def begin(cls, options: Options, settings: Settings) -> RunCoverage:
        """Measure from now on, if this process is to be measured.

        Where it should be and wasn't from its start on, it is replaced by one that is. Raises
        ConfigurationError where that isn't possible.
        """
        run = cls()
        run._state_dir = settings.state_dir
        if options.explain:
            return run
        if options.coverage and not is_measured():
            restart_with_coverage(sys.argv)
        if is_measured():
            from cdds_django.runner.coverage.session import CoverageSession

            run._is_reported = options.coverage
            run.session = CoverageSession(
                root=settings.root, state_dir=settings.state_dir, is_reported=options.coverage
            )
        return run

    def completed(self, choice: Choice, impact: ImpactSession | None) -> Choice:
        """Return a choice that leaves out only what brings its lines along."""
        if self.session is None or not self._is_reported:
            return choice
        from cdds_django.runner.coverage.choosing import with_lines

        choice, self.leaving_out = with_lines(choice, self.session, impact)
        return choice

    def begin_loading(self) -> None:
        """Say that test modules are loaded from now on."""
        self._enter(IMPORTS)

    def end_loading(self) -> None:
        self._enter(ELSE)

    def finish(self, *, is_shard: bool) -> None:
        """End the measurement. Lines of a shard are joined where shards are merged.

        Raises StateFileError for a broken impact map.
        """
        if self.session is None:
            return
        if is_shard and self._is_reported:
            self.session.end()
        else:
            self.session.finish()

    def keep(
        self,
        impact: ImpactSession,
        *,
        tests: Iterable[str],
        loaded: Iterable[str],
        replaced: str | None,
    ) -> None:
        """Keep or forget lines after the map was written: see `keep_or_forget`."""
        if self._is_reported or (self._state_dir / FILE_NAME).exists():
            from cdds_django.runner.coverage.choosing import keep_or_forget

            keep_or_forget(
                self.session if self._is_reported else None,
                self._state_dir,
                impact,
                tests=tests,
                loaded=loaded,
                replaced=replaced,
            )

    def report(self, options: Options) -> tuple[CoverageInShort | None, str | None]:
        """Print and write the reports that are asked for.

        Return what is covered, in short, and what is to be told of it.
        """
        if self.session is None or not self._is_reported:
            return None, None
        return self.session.report(html=options.coverage_html, xml=options.coverage_xml)

    def close(self) -> None:
        if self.session is not None:
            self.session.close()

    def _enter(self, owner: str) -> None:
        if self.session is not None:
            self.session.measurement.enter(owner)
