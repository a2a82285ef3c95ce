"""`mock.server.metrics`: what Prometheus reads."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from cdds_django.mock.server.metrics import BUCKETS_S, Metrics


def metrics() -> Metrics:
    core: Any = SimpleNamespace(batches=lambda: ("a", "b"), operation_ids=("get", 'odd"\\name'))
    return Metrics(core)


def samples(text: str) -> dict[str, float]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_counts() -> None:
    counted = metrics()
    counted.observe("get", 200, 0.00002, 0)
    counted.observe("get", 422, 0.0002, 3)
    counted.observe("get", 200, 5.0, 0)
    counted.observe("", 404, 0.001, 0)
    found = samples(counted.rendered())

    assert found['contract_mock_requests_total{operation="get",status="200"}'] == 2
    assert found['contract_mock_requests_total{operation="(none)",status="404"}'] == 1
    assert found['contract_mock_violations_total{operation="get"}'] == 3
    assert found["contract_mock_batches"] == 2
    bucket = 'contract_mock_request_duration_seconds_bucket{operation="get",le="%s"}'
    assert [found[bucket % le] for le in ("0.00001", "0.000025", "0.00025", "1.0", "+Inf")] == [
        *(0, 1, 2, 2, 3)
    ]
    assert found['contract_mock_request_duration_seconds_count{operation="get"}'] == 3
    assert found['contract_mock_request_duration_seconds_sum{operation="get"}'] == 5.00022


def test_exposition_is_as_openmetrics_asks() -> None:
    counted = metrics()
    counted.observe('odd"\\name', 200, 0.0, 0)
    text = counted.rendered()

    assert text.endswith("\n# EOF\n")
    assert r'operation="odd\"\\name"' in text
    assert "# UNIT contract_mock_request_duration_seconds seconds" in text
    line = re.compile(
        r"# (TYPE|UNIT|HELP) [a-z_]+ .+|# EOF"
        r'|[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [-+0-9.e]+'
    )
    assert [row for row in text.splitlines() if not line.fullmatch(row)] == []


def test_bounds_ascend() -> None:
    assert sorted(set(BUCKETS_S)) == list(BUCKETS_S)
