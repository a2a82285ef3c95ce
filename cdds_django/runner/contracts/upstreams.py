"""Other services' contracts joined with the tests of this project that call them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path

from cdds_django.contract.causes import causes_of
from cdds_django.contract.diff import diff
from cdds_django.contract.policy import Policy
from cdds_django.contract.registry import Service, services
from cdds_django.contract.report import Consumers, Report
from cdds_django.runner.contracts.recorded_operations import UPSTREAM_SEPARATOR, callers


def upstream_reports(
    upstreams: Mapping[str, Path],
    base: str | None,
    state_dir: Path,
    policy: Policy,
    labels: Mapping[str, str],
    warn: Callable[[str], object],
) -> list[Report]:
    """Return a report for each service in `upstreams`, compared with what it was at `base`.

    `base` is `git:REV` or a directory, None for git:HEAD. `labels` are the methods and paths of
    this project's own operations, by operationId. `warn` is told of an impact map that can't be
    read. Raises CddsError.
    """
    today = date.today()
    recorded = callers(state_dir, labels, warn)
    reports = []
    for service in services(upstreams, base or "git:HEAD"):
        found = policy.applied(diff(service.base, service.head, today), today)
        consumers = None if recorded is None else _consumers(service, found.affected, *recorded)
        reports.append(
            Report(
                diff=found,
                causes=causes_of(found.changes),
                title=service.name,
                consumers=consumers,
            )
        )
    return reports


def _consumers(
    service: Service,
    affected: Collection[str],
    own: Mapping[str, frozenset[str]],
    foreign: Mapping[str, frozenset[str]],
) -> Consumers:
    names = set(affected)
    for snapshot in (service.base, service.head):
        names |= {snapshot.by_id[name].label for name in affected if name in snapshot.by_id}
    keys = {f"{service.name}{UPSTREAM_SEPARATOR}{name}" for name in names}
    tests = {test for key in keys & foreign.keys() for test in foreign[key]}
    operations = {name for name, callers in own.items() if tests & callers}
    return Consumers(operations=tuple(sorted(operations)), tests=tuple(sorted(tests)))
