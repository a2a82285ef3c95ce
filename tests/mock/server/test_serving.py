"""The server as its users start it: commands, processes that share it, and its end."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
import requests

from cdds_django import upstream_calls
from cdds_django.errors import ConfigurationError
from cdds_django.mock import MockServer
from cdds_django.mock.errors import BatchExistsError, SeedError, UnknownBatchError

REPOSITORY = Path(__file__).parents[3]
DOCUMENT = REPOSITORY / "example_project" / "orders" / "openapi" / "payments.json"
CHARGE = {"amount": 100, "currency": "GBP", "reference": "T-1", "source": "tok_visa"}
Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that starts a command and returns it with the URL that it says."""
    started: list[subprocess.Popen[str]] = []

    def start(*command: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=REPOSITORY,
            env={**os.environ, "MOCK_PORT": "0", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if url := re.search(r"mocked at (http://\S+)/$", line):
                return process, url[1]
            process.said = line  # type: ignore[attr-defined]
        raise AssertionError(vars(process).get("said"))

    yield start
    for process in started:
        process.kill()
        process.communicate()


def batch(batch_id: str = "b") -> dict[str, str]:
    return {"X-Test-Batch-ID": batch_id}


def test_server_without_django(start: Start, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    charge = {**CHARGE, "id": "ch_1", "status": "captured", "created_at": "2026-01-01T00:00:00Z"}
    del charge["source"]
    seed.write_text(json.dumps({"/charges": [charge]}))
    arguments = [str(DOCUMENT), "--batch", "b", "--seed", str(seed), "--max-batches", "2"]
    process, url = start("-m", "cdds_django.mock", *arguments, DJANGO_SETTINGS_MODULE="")
    with httpx.Client(base_url=url) as client:
        read = client.get("/charges/ch_1", headers=batch())
        assert read.json() == charge
        assert read.headers["x-mock-operation"] == "GET /charges/{charge_id}"
        assert client.get("/charges/ch_1").json() == {"error": "missing X-Test-Batch-ID header"}
        assert client.get("/charges/ch_1", headers=batch("none")).status_code == 404
        wrong = client.post("/charges", json={**CHARGE, "amount": 0}, headers=batch())
        assert (wrong.status_code, wrong.json()["violations"][0]["rule"]) == (422, "minimum")
        assert client.post("/admin/fork", json={"batch_id": "c", "from": "b"}).status_code == 201
        assert client.post("/admin/fork", json={"batch_id": "d"}).status_code == 429
        assert client.get("/healthz").json() == {"status": "ok", "title": "Payments"}
        assert client.get("/healthz", headers=batch()).status_code == 404  # The contract's.
        assert client.post("/metrics").headers["allow"] == "GET, HEAD"
        metrics = client.get("/metrics").text
        assert 'contract_mock_requests_total{operation="getCharge",status="200"} 1' in metrics
        assert 'contract_mock_violations_total{operation="createCharge"} 1' in metrics
        assert "contract_mock_batches 2" in metrics
        page = client.get("/")
        assert "<title>Contract mock</title>" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_command_of_the_project(start: Start) -> None:
    process, url = start("manage.py", "contract_mock")
    assert len(requests.get(f"{url}/admin/batches").json()["batches"]) == 0
    _, other = start("manage.py", "contract_mock", "payments", "--port", "0")
    assert requests.get(f"{other}/healthz").json()["title"] == "Payments"
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_answers_what_was_asked_before_the_end(start: Start) -> None:
    process, url = start("-m", "cdds_django.mock", str(DOCUMENT), "--batch", "b")
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(
            b"GET /health HTTP/1.1\r\nhost: x\r\nx-test-batch-id: b\r\n"
            b"x-mock-fault: delay=1\r\n\r\n"
        )
        while not requests.get(f"{url}/admin/batches/b").json()["calls"]:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nconnection: close\r\n" in received
    assert process.wait(20) == 0


def test_token_where_others_can_reach_it(start: Start) -> None:
    _, url = start(
        "-m", "cdds_django.mock", str(DOCUMENT), "--host", "0.0.0.0", "--token", "secret"
    )
    url = url.replace("0.0.0.0", "127.0.0.1")
    assert requests.get(f"{url}/admin/batches").status_code == 401
    wrong = {"Authorization": "Bearer wrong"}
    assert requests.post(f"{url}/admin/fork", json={}, headers=wrong).status_code == 401
    with MockServer(DOCUMENT, url=url, token="secret") as server:
        assert requests.get(f"{server.url}/health").ok


def test_server_of_an_object() -> None:
    heard: set[str] = set()
    end = upstream_calls.listen(lambda document, operation, from_caller: heard.add(operation))
    with MockServer(DOCUMENT) as server:
        charge = requests.post(f"{server.url}/charges", json=CHARGE).json()
        with server.forked() as fork:
            assert (
                httpx.get(f"https://payments.example.com/charges/{charge['id']}").json() == charge
            )
            # Something that isn't seen here, as another process wouldn't be.
            asked = urllib.request.Request(f"{server.url}/health", headers=batch(fork.batch_id))
            urllib.request.urlopen(asked).close()
            assert "GET /health" not in heard
            fork.fail("getHealth", status=503)
            assert requests.get(f"{server.url}/health").status_code == 503
            fork.fail("getHealth", delay_s=5)
            fork.heal()
            assert [call.operation_id for call in fork.calls][:2] == ["getCharge", "getHealth"]
            fork.snapshot()
            fork.restore()
            with pytest.raises(BatchExistsError):
                server._control.fork(fork.batch_id)
        assert {"GET /health", "POST /charges", "GET /charges/{charge_id}"} <= heard
        assert server.rows["/charges"][0]["id"] == charge["id"]
        server.reset()
        assert not server.rows.get("/charges")
        with pytest.raises(UnknownBatchError):
            server._control.reset("none")
        with pytest.raises(ConfigurationError, match=r"handlers='your\.module'"):
            server.handler("getHealth")
        url = server.url
    end()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/healthz")


def test_operation_is_named_whatever_its_path_is_called(tmp_path: Path) -> None:
    document = tmp_path / "api.json"
    path = {"get": {"responses": {"204": {"description": ""}}}}
    paths = {"/größe": path}
    info = {"title": "T", "version": "1"}
    document.write_text(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    heard: list[str] = []
    end = upstream_calls.listen(lambda document, operation, direct: heard.append(operation))
    with MockServer(document) as server:
        assert requests.get(f"{server.url}/größe").status_code == 204
    end()
    assert heard == ["", *["GET /größe"] * 2], "when it was called, and when the batch ended"


def test_server_does_not_outlive_a_seed_that_is_wrong() -> None:
    started: list[Any] = []
    popen = subprocess.Popen

    def noted(*arguments: Any, **keywords: Any) -> Any:
        started.append(popen(*arguments, **keywords))
        return started[-1]

    with mock.patch("subprocess.Popen", noted), pytest.raises(SeedError, match="/nothing"):
        MockServer(DOCUMENT, seed={"/nothing": []})
    assert [process.returncode for process in started] == [0]


def _shared(directory: str, group: str, answers: Any, leave: Any) -> None:
    server = MockServer(DOCUMENT, share_in=(Path(directory), group))
    with server.answering():
        requests.post(f"{server.url}/charges", json=CHARGE)
        answers.put((server.url, len(server.rows["/charges"])))
        leave.wait(30)


def test_processes_of_a_group_share_a_server_and_take_it_along(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answers, leave = context.Queue(), context.Event()
    processes = [
        context.Process(target=_shared, args=(str(tmp_path), group, answers, leave))
        for group in ("run", "other", "run")
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in processes]
    assert [rows for _, rows in found] == [1, 1, 1]
    urls = {url for url, _ in found}
    assert len(urls) == 2
    for process in processes:
        process.kill()  # They have no chance to clean up.
        process.join(10)
    deadline = time.monotonic() + 10
    while urls and time.monotonic() < deadline:
        urls = {url for url in urls if _answers(url)}
        time.sleep(0.1)
    assert urls == set()


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=1).ok
    except requests.ConnectionError:
        return False


def test_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    document = tmp_path / "api.json"
    document.write_text('{"openapi": "3.0.0", "info": {}, "paths": {"/a": {"get": 1}}}')
    with pytest.raises(ConfigurationError, match=r"api\.json didn't start: .*must be an object"):
        MockServer(document)
