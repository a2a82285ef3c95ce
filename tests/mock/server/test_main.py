"""The mock's command line, and the dashboard of its metrics."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cdds_django.errors import ConfigurationError
from cdds_django.mock.__main__ import main
from cdds_django.mock.server.metrics import Metrics
from cdds_django.mock.server.serving import is_loopback, port_of_environment

REPOSITORY = Path(__file__).parents[3]
DOCS = REPOSITORY / "docs"
DOCUMENT = REPOSITORY / "example_project" / "orders" / "openapi" / "payments.json"


def test_dashboard_asks_for_what_is_there() -> None:
    core: Any = SimpleNamespace(batches=lambda: (), operation_ids=())
    metrics = Metrics(core)
    metrics.observe("a", 200, 0.1, 0)
    there = set(re.findall(r"^(contract_mock_\w+)", metrics.rendered(), re.M))
    dashboard = (DOCS / "grafana-contract-mock.json").read_text()

    asked = set(re.findall(r"contract_mock_\w+", dashboard))
    assert asked
    assert asked <= there
    assert len({panel["id"] for panel in json.loads(dashboard)["panels"]}) == 10


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("example.com", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_port_of_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_PORT", "")
    assert port_of_environment() == 8081
    monkeypatch.setenv("MOCK_PORT", "9000")
    assert port_of_environment() == 9000
    for wrong in ("nine", "70000", "-1"):
        monkeypatch.setenv("MOCK_PORT", wrong)
        with pytest.raises(ConfigurationError, match=f"MOCK_PORT is '{wrong}'"):
            port_of_environment()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.json"], "no file missing.json"),
        ([str(DOCUMENT), "--port", "{taken}"], "Can't listen at 127.0.0.1:"),
        ([str(DOCUMENT), "--port", "70000"], "70000 is no port"),
        ([str(DOCUMENT), "--max-body", "0"], "0 isn't a number from 1"),
        ([str(DOCUMENT), "--handlers", "json"], "has no function `register(mock)`"),
        ([str(DOCUMENT), "--handlers", "no_such_module"], "No module named 'no_such_module'"),
        ([str(DOCUMENT), "--seed", str(DOCUMENT)], "--seed needs --batch"),
        ([str(DOCUMENT), "--seed", str(DOCUMENT), "--batch", "b"], "openapi"),
        ([str(Path(__file__))], "not valid YAML"),
    ],
)
def test_mistakes_end_with_a_message(
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MOCK_PORT", "0")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        given = [argument.format(taken=port) for argument in arguments]
        monkeypatch.setattr("sys.argv", ["python -m cdds_django.mock", *given])
        try:
            status: Any = main()
        except SystemExit as error:
            status = error.code
    assert status == 2
    assert message in capsys.readouterr().err
