"""Batches over HTTP: `python -m benchmarks.mock_isolation [--seconds N] [--clients N]`.

Clients write, change, delete, list, snapshot, restore and reset at the same time, each in a batch
of its own that was forked from a common one, and keep account of what must be there. Any row of
another batch, and any that is missing, ends the run with status 1. Then forks are timed, one after
the other on one connection: that is what a test pays.
"""

import argparse
import itertools
import json
import random
import socket
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.measuring import conditions
from benchmarks.mock_http import BATCH, SMALL, Request, Server, free_port

SEEDED = 20
"""Rows that every batch begins with."""


class LeakError(Exception):
    """A batch showed what isn't its own."""


class Client:
    """One batch, and what it has to hold."""

    def __init__(self, port: int, number: int) -> None:
        self.batch_id = f"client-{number}"
        self.requests = 0
        self._random = random.Random(number)
        self._numbers = itertools.count()
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._admin("POST", "fork", {"batch_id": self.batch_id, "from": BATCH})
        self._seeded = {row["id"]: row["name"] for row in self._pets()}
        self._expected = dict(self._seeded)
        self._kept: dict[int, str] | None = None

    def run(self, until: float) -> None:
        """Act until a time. Raises LeakError."""
        actions = [self._create, self._create, self._create, self._read, self._check]
        actions += [self._snapshot, self._restore, self._reset]
        weights = [8, 8, 8, 20, 6, 1, 1, 0.3]
        while time.monotonic() < until:
            self._random.choices(actions, weights)[0]()
        self._check()

    def _create(self) -> None:
        if len(self._expected) > 80:
            self._reset()
        name = f"{self.batch_id} {next(self._numbers)}"
        status, row = self._call("POST", "/pets", {"name": name, "kind": "cat"})
        if status != 201 or row["name"] != name or row["id"] in self._expected:
            raise LeakError(f"{self.batch_id}: created {name}, got {status} {row}")
        self._expected[row["id"]] = name

    def _read(self) -> None:
        wanted = self._random.choice([*self._expected, 10_000_000])
        status, row = self._call("GET", f"/pets/{wanted}")
        found = row["name"] if status == 200 else None
        if found != self._expected.get(wanted):
            raise LeakError(f"{self.batch_id}: {wanted} is {status} {row}")

    def _check(self) -> None:
        found = {row["id"]: row["name"] for row in self._pets()}
        if found != self._expected:
            differing = found.items() ^ self._expected.items()
            raise LeakError(f"{self.batch_id}: {sorted(differing)[:5]}")

    def _snapshot(self) -> None:
        self._admin("POST", f"batches/{self.batch_id}/snapshot")
        self._kept = dict(self._expected)

    def _restore(self) -> None:
        if self._kept is not None:
            self._admin("POST", f"batches/{self.batch_id}/restore")
            self._expected = dict(self._kept)

    def _reset(self) -> None:
        self._admin("POST", f"batches/{self.batch_id}/reset")
        self._expected = dict(self._seeded)

    def _pets(self) -> Any:
        return self._call("GET", "/pets?limit=100")[1]

    def _admin(self, method: str, path: str, body: Any = None) -> None:
        status, answer = self._call(method, f"/admin/{path}", body)
        if status >= 400:
            raise LeakError(f"{self.batch_id}: {path} gave {status} {answer}")

    def _call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        self.requests += 1
        headers = {"X-Test-Batch-ID": self.batch_id, "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, headers)
        response = self._connection.getresponse()
        answer = response.read()
        return response.status, json.loads(answer) if answer else None


def isolated(port: int, clients: int, seconds: int) -> int:
    """Run all clients, print what they did, and return how many were shown something wrong."""
    found: list[Exception] = []
    until = time.monotonic() + seconds

    def run(client: Client) -> None:
        try:
            client.run(until)
        except Exception as error:
            found.append(error)

    acting = [Client(port, number) for number in range(clients)]
    threads = [threading.Thread(target=run, args=[client]) for client in acting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(client.requests for client in acting)
    print(f"{clients} clients, {seconds} s, {total:,} requests, {len(found)} saw something wrong")
    for error in found[:5]:
        print(f"  {error!r}")
    return len(found)


def forks(port: int, source: str, count: int = 2000) -> list[float]:
    """Return the microseconds of forks, each from sending the request to having the answer."""
    times = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(count):
            body = json.dumps({"batch_id": f"{source}-{number}", "from": source}).encode()
            head = b"POST /admin/fork HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"
            began = time.perf_counter()
            connection.sendall(head % len(body) + body)
            answer = connection.recv(65536)
            times.append((time.perf_counter() - began) * 1e6)
            assert answer.startswith(b"HTTP/1.1 201 "), answer
    return times


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        directory = Path(name)
        (directory / "small.json").write_text(json.dumps(SMALL))
        rows = [{"id": n, "name": f"Pet {n}", "kind": "dog"} for n in range(1, SEEDED + 1)]
        (directory / "seed.json").write_text(json.dumps({"/pets": rows}))
        port = free_port()
        command = [sys.executable, "-m", "cdds_django.mock", str(directory / "small.json")]
        seed = ["--batch", BATCH, "--seed", str(directory / "seed.json")]
        server = Server("ours", [*command, *seed, "--port", str(port)], port)
        with server.running(Request("GET", "/pets/1")):
            wrong = isolated(port, options.clients, options.seconds)
            many = [{**rows[0], "id": n} for n in range(1, 10_001)]
            big = {"batch_id": "big", "seed": {"/pets": many}}
            assert server.status(Request("POST", "/admin/fork", json.dumps(big))) == 201
            print("\n| fork of | p50 µs | p99 µs |\n| --- | ---: | ---: |")
            for source, size in ((BATCH, SEEDED), ("big", 10_000)):
                times = forks(port, source)
                p99 = quantiles(times, n=100)[98]
                print(f"| {size:,} rows | {median(times):.0f} | {p99:.0f} |")
    print(f"\n{conditions()}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
