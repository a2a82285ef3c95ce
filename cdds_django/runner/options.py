"""The options that this runner adds to `manage.py test`, and what they mean together."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.conf import Settings
from cdds_django.errors import ConfigurationError
from cdds_django.runner.reports.files import OPTIONS as REPORT_OPTIONS
from cdds_django.runner.reports.files import ReportFiles, add_report_arguments
from cdds_django.runner.shards.partition import Shard

SPEEDS = ("fast", "medium", "slow")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add our options to the parser of `manage.py test`."""
    group = parser.add_argument_group("cdds_django")
    group.add_argument(
        "--delta",
        action="store_true",
        default=None,
        help="Run only the tests that may be affected by what changed since they last passed.",
    )
    group.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="TEST",
        help="With --delta: print the selection with its reasons and run nothing. For one test "
        "(--explain=TEST_ID), every cause with the whole way from it to the test.",
    )
    group.add_argument(
        "--operation",
        action="append",
        dest="operations",
        default=[],
        metavar="ID",
        help='Only tests that depend on this operation (an operationId or "METHOD /path/"). '
        "Can be used multiple times.",
    )
    group.add_argument(
        "--base",
        metavar="SNAPSHOT",
        help="With --delta: choose by the contract alone, against this snapshot file or git:REV.",
    )
    group.add_argument(
        "--no-record",
        action="store_false",
        dest="record",
        default=None,
        help="Leave the impact map as it is.",
    )
    group.add_argument(
        "--create-db",
        action="store_true",
        help="Make the test databases anew, whatever was kept.",
    )
    group.add_argument(
        "--verify-template",
        action="store_true",
        help="Run no test: make the test databases once more, compare them with their templates, "
        "and exit with 1 where they differ.",
    )
    _add_coverage_arguments(group)
    _add_shard_arguments(group)
    _add_time_arguments(group)
    _add_flaky_arguments(group)
    add_report_arguments(group)


def _add_coverage_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--coverage",
        action="store_true",
        default=None,
        help="Measure coverage in all processes, combine it and print a report.",
    )
    group.add_argument("--coverage-html", metavar="DIR", help="Write coverage as HTML too.")
    group.add_argument("--coverage-xml", metavar="FILE", help="Write coverage as XML too.")


def _add_shard_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--shard",
        metavar="I/N",
        help="Run the I-th of N parts, balanced by recorded durations, and leave what it brings "
        "for `delta_merge`. The impact map stays as it is.",
    )
    group.add_argument(
        "--shard-output",
        metavar="DIR",
        help="Where --shard leaves its file (default: `shards` in the state directory).",
    )
    group.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="Run tests on the workers of the Dask scheduler at ADDRESS, as tcp://127.0.0.1:8786. "
        "With --parallel N, at most N at once.",
    )


def _add_time_arguments(group: Any) -> None:
    group.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="A test that runs longer fails, with the place where it was, and the run goes on.",
    )
    group.add_argument(
        "--speed",
        choices=SPEEDS,
        help="Only tests of this class by the time that they took when they last ran.",
    )


def _add_flaky_arguments(group: Any) -> None:
    group.add_argument(
        "--retries",
        type=int,
        metavar="N",
        help="Run a failing test up to N times more, each in a new process with new databases.",
    )
    group.add_argument(
        "--fail-on-flaky",
        action="store_true",
        help="With --retries: end with status 1 also where tests passed in a later attempt only.",
    )
    group.add_argument(
        "--repeat",
        type=int,
        metavar="N",
        help="Run everything N times in different orders and list tests whose outcome varies.",
    )
    group.add_argument(
        "--find-polluter",
        metavar="TEST_ID",
        help="Find the test that makes this one fail by having run before it in the same process.",
    )
    group.add_argument(
        "--check-leftovers",
        action="store_true",
        help="Report what each test leaves behind: rows, cache keys, files, threads, settings.",
    )


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
        _require_numbers(given)
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
        _require_sense(given, options, taken)
        for name in ("explain", "base"):
            if given[name] is not None and not taken.delta:
                raise ConfigurationError(f"--{name} goes with --delta; pass both.")
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


def _require_numbers(given: Mapping[str, Any]) -> None:
    for name, least in (("retries", 0), ("repeat", 1)):
        if given[name] is not None and given[name] < least:
            raise ConfigurationError(f"--{name} should be {least} or more, not {given[name]}.")
    if given["timeout"] is not None and not 0 < given["timeout"] < float("inf"):
        raise ConfigurationError(
            f"--timeout should be a number of seconds above 0, not {given['timeout']:g}."
        )


def _require_sense(given: Mapping[str, Any], options: Mapping[str, Any], taken: Options) -> None:
    """Raise ConfigurationError for options that can't be honoured together."""
    if options.get("pdb") and taken.needs_workers:
        raise ConfigurationError(
            "You cannot use --pdb with --retries, --repeat or --find-polluter: these run tests in "
            "other processes."
        )
    if taken.cluster is not None:
        for name, reason in (
            ("pdb", "the debugger needs the terminal, and tests run elsewhere"),
            ("debug_sql", "it shows what one process does"),
        ):
            if options.get(name):
                option = name.replace("_", "-")
                raise ConfigurationError(f"You cannot use --{option} with --cluster: {reason}.")
        if taken.verify_template:
            raise ConfigurationError(
                "--verify-template looks at the databases of this machine; it doesn't go with "
                "--cluster."
            )
    if taken.repeat > 1 and given["retries"]:
        raise ConfigurationError("--repeat and --retries contradict each other: pass one of them.")
    if taken.find_polluter and (taken.delta or taken.repeat > 1 or taken.retries):
        raise ConfigurationError(
            "--find-polluter runs one test again and again; it goes with neither --delta, --repeat "
            "nor --retries."
        )
    if taken.fail_on_flaky and not taken.retries:
        raise ConfigurationError("--fail-on-flaky goes with --retries; pass both.")


def _retries(given: Mapping[str, Any], options: Mapping[str, Any], settings: Settings) -> int:
    if given["retries"] is not None:
        return int(given["retries"])
    is_other_purpose = options.get("pdb") or (given["repeat"] or 1) > 1 or given["find_polluter"]
    return 0 if is_other_purpose else settings.retries


def _first(given: bool | None, default: bool) -> bool:
    return default if given is None else given


def _parallel(options: Mapping[str, Any], settings: Settings) -> int | str:
    asked: int | str = options.get("parallel") or 0
    if options.get("pdb") and isinstance(asked, int) and asked > 1:
        raise ConfigurationError(
            "You cannot use --pdb with parallel tests; pass --parallel=1 to use it."
        )
    if asked and not options.get("pdb"):
        return asked
    # Both show what one process does.
    return 1 if options.get("pdb") or options.get("debug_sql") else settings.parallel
