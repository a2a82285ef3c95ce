"""The short version of `benchmarks.mock_isolation`, and that it would see a leak."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from benchmarks.mock_http import BATCH, SMALL
from benchmarks.mock_isolation import SEEDED, isolated
from cdds_django.mock.core import MockCore
from cdds_django.mock.server.door import Door
from cdds_django.mock.server.serving import server_of


@pytest.fixture
def core() -> MockCore:
    core = MockCore.compile(SMALL)
    rows = [{"id": n, "name": f"Pet {n}", "kind": "dog"} for n in range(1, SEEDED + 1)]
    core.fork(BATCH, seed={"/pets": rows})
    return core


@pytest.fixture
def port(core: MockCore) -> Iterator[int]:
    server = server_of(Door(core))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=[[listener]])
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)


def test_no_batch_sees_the_rows_of_another(port: int) -> None:
    assert isolated(port, clients=16, seconds=1) == 0


def test_a_leak_would_be_seen(port: int, core: MockCore, monkeypatch: pytest.MonkeyPatch) -> None:
    find = core._batches.find
    monkeypatch.setattr(core._batches, "find", lambda batch_id: find("client-0"))

    assert isolated(port, clients=4, seconds=1) > 0
