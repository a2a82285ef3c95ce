"""What the templates show without scripts, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import cdds_django
from cdds_django.runner.outcomes.outcome import CoverageInShort, RunOutcome
from cdds_django.runner.reports.html import contract, lists
from cdds_django.runner.reports.html.data import in_order
from cdds_django.runner.reports.html.embedding import readable
from cdds_django.runner.reports.html.failures import Failures, failures_of
from cdds_django.runner.reports.html.headline import headline
from cdds_django.runner.reports.html.numbers import count
from cdds_django.runner.reports.html.working_time import stages, use_of_workers
from cdds_django.runner.reports.wording import counted

_MOST_LABELS = 20
"""In one command."""


def sections(run: RunOutcome, command: str) -> dict[str, Any]:
    """Return what the templates name."""
    places = {test.id: place for place, test in enumerate(in_order(run))}
    failures = failures_of(run, places)
    mixed, more_mixed = lists.mixed(run, places)
    untidy, more_untidy = lists.untidy(run, places)
    found: dict[str, Any] = {
        "version": cdds_django.__version__,
        "command": command,
        "run": run,
        "head": headline(run),
        "started_at": _moment(run.started_at),
        "workers": counted(run.workers, "worker") if run.workers else "",
        "discovered": count(run.discovered),
        "failures": failures,
        "failed": count(run.failed),
        "hidden_failures": count(failures.hidden),
        "run_failed_again": _run_failed_again(command, failures),
        "levels": contract.levels(run),
        "affected": list(contract.affected(run)),
        "contract_problem": readable(run.contract_problem),
        "slow_tests": lists.slowest_tests(run, places),
        "slow_set_ups": lists.slowest_set_ups(run),
        "mixed": mixed,
        "mixed_count": count(len(mixed) + more_mixed),
        "more_mixed": more_mixed,
        "untidy": untidy,
        "more_untidy": more_untidy,
        "stages": stages(run.timings),
        "use": use_of_workers(run.timings),
        "coverage": _coverage(run.coverage) if run.coverage is not None else None,
    }
    return {**found, "sections": list(_titles(found))}


def _titles(found: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Yield id and title of each section that is there, and whether scripts have to fill it."""
    if found["failures"].groups:
        yield "failures", "Failures", False
    if found["levels"] or found["affected"] or found["contract_problem"]:
        yield "contract", "Contract", False
    yield "causes", "Why", True
    if found["stages"]:
        yield "time", "Time", False
    if found["mixed"]:
        yield "flaky", "Flaky", False
    if found["untidy"]:
        yield "leftovers", "Left behind", False
    if found["coverage"]:
        yield "coverage", "Coverage", False
    yield "trend", "Trend", True
    yield "tests", "All tests", True


def _run_failed_again(command: str, failures: Failures) -> str:
    labels = failures.labels
    if not labels:
        return ""
    if failures.hidden or len(labels) > _MOST_LABELS:
        # What failed is always among the selected.
        return f"{command} --delta"
    return " ".join([command, *labels])


def _coverage(covered: CoverageInShort) -> dict[str, str]:
    return {
        "percent": "unknown" if covered.percent is None else f"{covered.percent:.1f}%",
        "files": count(covered.files),
        "measured": _classes(covered.measured_classes),
        "carried": _classes(covered.carried_classes),
    }


def _classes(number: int) -> str:
    return f"{number:,} test class{'' if number == 1 else 'es'}"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} {at:%Z}".strip() if at is not None else ""
