"""The options that this runner adds to `manage.py test`, and what they mean together."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdds_django.conf import Settings
from cdds_django.errors import ConfigurationError


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
        "--coverage",
        action="store_true",
        default=None,
        help="Measure coverage in all processes, combine it and print a report.",
    )
    group.add_argument("--coverage-html", metavar="DIR", help="Write coverage as HTML too.")
    group.add_argument("--coverage-xml", metavar="FILE", help="Write coverage as XML too.")
    group.add_argument("--report-json", metavar="FILE", help="Write what ran and why as JSON.")


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
    coverage: bool
    coverage_html: str | None
    coverage_xml: str | None
    report_json: Path | None
    parallel: int | str
    """The number of workers or "auto"."""

    @classmethod
    def take(cls, options: dict[str, Any], settings: Settings) -> Options:
        """Take ours out of the command's options, which may lack any of them.

        Raises ConfigurationError where they contradict each other.
        """
        given: Mapping[str, Any] = {
            name: options.pop(name, None)
            for name in [
                "delta",
                "explain",
                "operations",
                "base",
                "record",
                "create_db",
                "coverage",
                "coverage_html",
                "coverage_xml",
                "report_json",
            ]
        }
        html, xml = given["coverage_html"], given["coverage_xml"]
        taken = cls(
            delta=_first(given["delta"], settings.delta),
            explain=given["explain"] is not None,
            explained=given["explain"] or None,
            operations=tuple(given["operations"] or ()),
            base=given["base"],
            record=_first(given["record"], settings.record) and given["explain"] is None,
            create_db=bool(given["create_db"]),
            coverage=_first(given["coverage"], settings.coverage) or bool(html or xml),
            coverage_html=html,
            coverage_xml=xml,
            report_json=Path(given["report_json"]) if given["report_json"] else None,
            parallel=_parallel(options, settings),
        )
        for name in ("explain", "base"):
            if given[name] is not None and not taken.delta:
                raise ConfigurationError(f"--{name} goes with --delta; pass both.")
        return taken


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
