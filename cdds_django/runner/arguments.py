"""The options that this runner adds to `manage.py test`, as the command line has them."""

from __future__ import annotations

import argparse
from typing import Any

from cdds_django.runner.choice.speed import SPEEDS
from cdds_django.runner.reports.files import add_report_arguments


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
