"""The dashboards load, and a real Prometheus has an answer to each thing that they ask.

Grafana itself isn't in Debian's packages. What it does with a dashboard before it asks Prometheus
is to fill in variables, which is done here too.
"""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from cdds_django.mock import MockServer
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow, Timings
from cdds_django.runner.reports import metrics
from tests.conftest import REPOSITORY
from tests.runner.conftest import missing

DASHBOARDS = sorted((REPOSITORY / "docs").glob("grafana-*.json"))
VARIABLES = {
    "$job": ".+",
    "$operation": ".+",
    "$__rate_interval": "3s",
    "$__range": "3s",
}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Payments", "version": "1"},
    "paths": {
        "/charges": {
            "post": {
                "operationId": "charge",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["amount"],
                                "properties": {"amount": {"type": "integer"}},
                            }
                        }
                    },
                },
                "responses": {"201": {"description": "made"}},
            }
        }
    },
}


def run() -> RunOutcome:
    """Return a run after a full one, with something in each of its metrics."""
    full = RunOutcome(
        mode="full",
        full_run_reason=None,
        tests=(TestRow(id="a", outcome="passed"),),
        is_whole=True,
        timings=Timings(total_s=60.0),
    )
    change = ContractChange(
        id="a", level="error", operation="GET /", operation_id="", text="", cause=""
    )
    return RunOutcome(
        mode="delta",
        full_run_reason=None,
        tests=(
            TestRow(id="a", outcome="passed", duration_s=1.0),
            TestRow(id="b", outcome="failed"),
            TestRow(id="c", outcome="not_selected"),
        ),
        contract_changes=(change,),
        started_at=datetime.now(UTC),
        past_runs=(full.in_short(),),
        timings=Timings(total_s=5.0, run_s=3.0, tests_s=4.0, set_ups_s=1.0, idle_s=1.0),
        workers=2,
    )


class Scraped(http.server.SimpleHTTPRequestHandler):
    """Serves files as OpenMetrics, which Prometheus reads more strictly than its older format."""

    def guess_type(self, path: Any) -> str:
        return "application/openmetrics-text; version=1.0.0; charset=utf-8"

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def scraped(tmp_path: Path) -> Iterator[str]:
    """The address of a server of the metrics of a run."""
    (tmp_path / "metrics").write_text(metrics.rendered(run()))
    handler = functools.partial(Scraped, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def mock(tmp_path: Path) -> Iterator[MockServer]:
    path = tmp_path / "payments.json"
    path.write_text(json.dumps(DOCUMENT))
    with MockServer(path) as server:
        assert post(f"{server.url}/admin/fork", {"batch_id": "dashboards"}) == 201
        yield server


class Prometheus:
    """A server of our own, on a port and a directory of its own."""

    def __init__(self, url: str, process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self.process = process

    def answer(self, expression: str) -> list[float]:
        """Return the values that an expression has now."""
        query = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"{self.url}/api/v1/query?{query}", timeout=5) as told:
            result = json.load(told)["data"]["result"]
        return [float(series["value"][1]) for series in result]

    def failures(self) -> list[str]:
        """Return what is wrong with the scraped texts."""
        with urllib.request.urlopen(f"{self.url}/api/v1/targets", timeout=5) as told:
            targets = json.load(told)["data"]["activeTargets"]
        return [target["lastError"] for target in targets if target["lastError"]]


@pytest.fixture
def prometheus(tmp_path: Path, scraped: str, mock: MockServer) -> Iterator[Prometheus]:
    program = shutil.which("prometheus")
    if program is None:
        missing("prometheus", FileNotFoundError("install Debian's package prometheus"))
        return
    addresses = {"tests": scraped, "mock": urllib.parse.urlsplit(mock.url).netloc}
    configuration = {
        "global": {"scrape_interval": "500ms", "scrape_timeout": "400ms"},
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [address]}]}
            for name, address in addresses.items()
        ],
    }
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={tmp_path / 'prometheus.yml'}",
                f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"http://{address}/-/ready", tmp_path / "log")
        yield Prometheus(f"http://{address}", process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str, log: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            return


def panels(dashboard: Any) -> Iterator[Any]:
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels", ())


def expressions() -> dict[str, str]:
    """Return each expression, variables filled in, with where it is."""
    found = {}
    for path in DASHBOARDS:
        for panel in panels(json.loads(path.read_text())):
            for target in panel["targets"]:
                expression = target["expr"]
                for name, value in VARIABLES.items():
                    expression = expression.replace(name, value)
                assert "$" not in expression
                found[expression] = f"{path.name}: {panel['title']}"
    return found


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboard_has_what_grafana_wants(path):
    dashboard = json.loads(path.read_text())
    assert dashboard["schemaVersion"] >= 36
    assert {"title", "uid", "time", "templating"} <= dashboard.keys()
    # An id would be another dashboard's on the server it is imported to.
    assert dashboard.get("id") is None
    shown = list(panels(dashboard))
    assert len({panel["id"] for panel in shown}) == len(shown)
    taken = set()
    for panel in shown:
        assert panel["type"] in ("stat", "timeseries")
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not taken & cells, panel["title"]
        taken |= cells
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        for part in (panel, *panel["targets"]):
            assert part["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_prometheus_answers_every_expression(prometheus, mock):
    wanted = expressions()
    assert len(wanted) > 20
    until = time.monotonic() + 15
    while wanted:
        assert time.monotonic() < until, {**wanted, "scraping": str(prometheus.failures())}
        # Rates need calls that go on.
        call(mock, {"amount": 1})
        call(mock, {"amount": "much"})
        for expression in list(wanted):
            values = prometheus.answer(expression)
            if values and all(value == value for value in values):  # Not NaN.
                del wanted[expression]
        time.sleep(0.25)
    assert prometheus.failures() == []
    assert prometheus.answer("delta_skip_ratio") == [pytest.approx(1 / 3, abs=1e-4)]


def call(mock: MockServer, body: Any) -> None:
    """Charge; what breaks the contract is answered with 422."""
    assert post(f"{mock.url}/charges", body) in (201, 422)


def post(url: str, body: Any) -> int:
    headers = {"X-Test-Batch-ID": "dashboards", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
