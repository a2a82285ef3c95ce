"""What is asked of a run: the command line, and settings where it is silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.conf import Settings
from cdds_django.runner.contradictions import require_numbers, require_sense
from cdds_django.runner.reports.files import OPTIONS as REPORT_OPTIONS
from cdds_django.runner.reports.files import ReportFiles
from cdds_django.runner.shards.partition import Shard


@dataclass(frozen=True, kw_only=True)
class Options:
    """Our options, settings applied where the command line is silent."""

    delta: bool
    explain: bool
    explained: str | None
    """The label that --explain was given, if any."""
    operations: tuple[str, ...]
    base: str | None
    record: bool
    create_db: bool
    verify_template: bool
    coverage: bool
    coverage_html: str | None
    coverage_xml: str | None
    shard: Shard | None
    shard_output: Path | None
    cluster: str | None
    """The address of a Dask scheduler."""
    reports: ReportFiles
    github: bool
    """Whether GitHub Actions is told of the run, where it runs there."""
    parallel: int | str
    """The number of workers or "auto"."""
    timeout_s: float | None
    speed: str | None
    retries: int
    fail_on_flaky: bool
    repeat: int
    find_polluter: str | None
    check_leftovers: bool

    @property
    def needs_map(self) -> bool:
        """Whether the impact map is read or written."""
        asked = self.delta or self.record or self.operations or self.speed or self.find_polluter
        # What the last run's lines belong to is a version of the map.
        return bool(asked or self.coverage)

    @property
    def needs_workers(self) -> bool:
        """Whether something is asked for that one process can't do."""
        return bool(self.retries or self.repeat > 1 or self.find_polluter)

    @property
    def asks_for_some(self) -> bool:
        """Whether only some of the project's tests are meant, by all shards together."""
        return bool(self.operations or self.speed or self.find_polluter or self.base)

    @classmethod
    def take(cls, options: dict[str, Any], settings: Settings) -> Options:
        """Take ours out of the command's options, which may lack any of them.

        Raises ConfigurationError where they contradict each other.
        """
        given: Mapping[str, Any] = {name: options.pop(name, None) for name in _OURS}
        require_numbers(given)
        html, xml = given["coverage_html"], given["coverage_xml"]
        taken = cls(
            delta=_first(given["delta"], settings.delta and not given["find_polluter"]),
            explain=given["explain"] is not None,
            explained=given["explain"] or None,
            operations=tuple(given["operations"] or ()),
            base=given["base"],
            record=(
                _first(given["record"], settings.record)
                and given["explain"] is None
                and given["find_polluter"] is None
            ),
            create_db=bool(given["create_db"]),
            verify_template=bool(given["verify_template"]),
            coverage=_first(given["coverage"], settings.coverage) or bool(html or xml),
            coverage_html=html,
            coverage_xml=xml,
            shard=Shard.parse(given["shard"]) if given["shard"] else None,
            shard_output=Path(given["shard_output"]) if given["shard_output"] else None,
            cluster=given["cluster"],
            reports=ReportFiles.asked_for(given),
            github=_first(given["github"], settings.github),
            parallel=_parallel(options, settings),
            # Whoever looks at a test in the debugger takes their time.
            timeout_s=None if options.get("pdb") else given["timeout"],
            speed=given["speed"],
            retries=_retries(given, options, settings),
            fail_on_flaky=bool(given["fail_on_flaky"]),
            repeat=given["repeat"] or 1,
            find_polluter=given["find_polluter"],
            check_leftovers=bool(given["check_leftovers"]),
        )
        require_sense(given, options, taken)
        return taken


_OURS = (
    "delta",
    "explain",
    "operations",
    "base",
    "record",
    "create_db",
    "verify_template",
    "coverage",
    "coverage_html",
    "coverage_xml",
    "shard",
    "shard_output",
    "cluster",
    "timeout",
    "speed",
    "retries",
    "fail_on_flaky",
    "repeat",
    "find_polluter",
    "check_leftovers",
    "github",
    *REPORT_OPTIONS,
)


def _retries(given: Mapping[str, Any], options: Mapping[str, Any], settings: Settings) -> int:
    if given["retries"] is not None:
        return int(given["retries"])
    is_other_purpose = options.get("pdb") or (given["repeat"] or 1) > 1 or given["find_polluter"]
    return 0 if is_other_purpose else settings.retries


def _first(given: bool | None, default: bool) -> bool:
    return default if given is None else given


def _parallel(options: Mapping[str, Any], settings: Settings) -> int | str:
    asked: int | str = options.get("parallel") or 0
    if asked and not options.get("pdb"):
        return asked
    # Both show what one process does.
    return 1 if options.get("pdb") or options.get("debug_sql") else settings.parallel
