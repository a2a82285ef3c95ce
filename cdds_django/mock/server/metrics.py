"""What Prometheus is told, in the OpenMetrics text format (openmetrics.io, version 1.0)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cdds_django.mock.core import MockCore

CONTENT_TYPE = ((b"content-type", b"application/openmetrics-text; version=1.0.0; charset=utf-8"),)

BUCKETS_S = (
    *(0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005),
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
)
"""Upper bounds of the latency histogram in seconds."""

UNKNOWN_OPERATION = "(none)"
"""The operation of requests that name none."""


@dataclass
class _Counts:
    statuses: Counter[int] = field(default_factory=Counter)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    seconds: float = 0.0
    violations: int = 0


class Metrics:
    """Counts calls of one core since it was started."""

    def __init__(self, core: MockCore) -> None:
        self._core = core
        self._counts: dict[str, _Counts] = {}

    def observe(self, operation_id: str, status: int, seconds: float, violations: int) -> None:
        """Count one call."""
        try:
            counts = self._counts[operation_id]
        except KeyError:
            counts = self._counts[operation_id] = _Counts()
        counts.statuses[status] += 1
        counts.buckets[bisect_left(BUCKETS_S, seconds)] += 1
        counts.seconds += seconds
        counts.violations += violations

    def rendered(self) -> str:
        """Return the exposition."""
        return "\n".join([*self._lines(), "# EOF", ""])

    def _lines(self) -> Iterator[str]:
        rows = [
            (_escaped(operation or UNKNOWN_OPERATION), counts)
            for operation, counts in sorted(self._counts.items())
        ]
        yield from _family("requests", "counter", "Requests by operation and status.")
        for operation, counts in rows:
            for status, count in sorted(counts.statuses.items()):
                labels = f'operation="{operation}",status="{status}"'
                yield f"contract_mock_requests_total{{{labels}}} {count}"
        yield from _family(
            "request_duration_seconds", "histogram", "Time the mock took, without the network."
        )
        for operation, counts in rows:
            yield from _histogram(operation, counts)
        yield from _family("violations", "counter", "Violations of the contract in requests.")
        for operation, counts in rows:
            total = f'contract_mock_violations_total{{operation="{operation}"}}'
            yield f"{total} {counts.violations}"
        yield from _family("batches", "gauge", "Batches that are held.")
        yield f"contract_mock_batches {len(self._core.batches())}"
        yield from _family("operations", "gauge", "Operations of the contract.")
        yield f"contract_mock_operations {len(self._core.operation_ids)}"


def _family(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# TYPE contract_mock_{name} {kind}"
    if name.endswith("_seconds"):
        yield f"# UNIT contract_mock_{name} seconds"
    yield f"# HELP contract_mock_{name} {text}"


def _histogram(operation: str, counts: _Counts) -> Iterator[str]:
    name = "contract_mock_request_duration_seconds"
    total = 0
    for bound, count in zip((*BUCKETS_S, float("inf")), counts.buckets, strict=True):
        total += count
        shown = "+Inf" if bound == float("inf") else f"{bound:.6f}".rstrip("0").rstrip(".")
        if "." not in shown and shown != "+Inf":
            shown += ".0"
        yield f'{name}_bucket{{operation="{operation}",le="{shown}"}} {total}'
    yield f'{name}_sum{{operation="{operation}"}} {counts.seconds:.9f}'
    yield f'{name}_count{{operation="{operation}"}} {total}'


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
