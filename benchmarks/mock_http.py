"""The mock over HTTP beside Prism: `python -m benchmarks.mock_http PRISM [GITHUB] [--rounds N]`.

PRISM is the program `prism` of the npm package `@stoplight/prism-cli`, GITHUB the document that
`contract_github.py` takes. wrk has to be installed. All servers listen on this machine only; they
run at the same time and are asked in turn, so that a busy machine troubles all alike. A bare
uvicorn application, which answers with one constant, is the floor.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.measuring import CHECKOUT, BenchmarkError, conditions

CONNECTIONS = (16, 64)
WARM_UP_REQUESTS, WARM_UP_S = 3000, 30
BATCH = "bench"

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "format": "int64", "readOnly": True},
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "kind": {"type": "string", "enum": ["cat", "dog", "bird"]},
        "born": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
    },
    "example": {"id": 1, "name": "Ada", "kind": "cat", "born": "2024-02-29", "tags": ["shy"]},
}
SMALL = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [
                    {
                        "name": "limit",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "Pets.",
                        "content": {
                            "application/json": {"schema": {"type": "array", "items": PET}}
                        },
                    }
                },
            },
            "post": {
                "operationId": "createPet",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": PET}},
                },
                "responses": {
                    "201": {
                        "description": "The pet.",
                        "content": {"application/json": {"schema": PET}},
                    }
                },
            },
        },
        "/pets/{petId}": {
            "parameters": [
                {"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}
            ],
            "get": {
                "operationId": "getPet",
                "responses": {
                    "200": {
                        "description": "The pet.",
                        "content": {"application/json": {"schema": PET}},
                    },
                    "404": {"description": "No such pet."},
                },
            },
        },
    },
}
SEED = {"/pets": [{"id": n, "name": f"Pet {n}", "kind": "dog"} for n in range(1, 101)]}
FLOOR = """
BODY = b'{"id": 1, "name": "Ada", "kind": "cat", "born": "2024-02-29", "tags": ["shy"]}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
"""


@dataclass(frozen=True)
class Request:
    """What wrk sends."""

    method: str
    path: str
    body: str = ""

    @property
    def script(self) -> str:
        lines = [f'wrk.method = "{self.method}"', f'wrk.headers["X-Test-Batch-ID"] = "{BATCH}"']
        if self.body:
            lines += [f"wrk.body = [==[{self.body}]==]"]
            lines += ['wrk.headers["Content-Type"] = "application/json"']
        return "\n".join(lines)


@dataclass
class Server:
    """One of those that are compared."""

    name: str
    command: list[str]
    port: int
    start_s: float = 0.0
    rates: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    costs_us: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    """CPU microseconds of the server for each request."""
    _pid: int = 0

    @contextmanager
    def running(self, probe: Request) -> Iterator[None]:
        """Start it and wait for its first answer to `probe`."""
        began = time.perf_counter()
        process = subprocess.Popen(
            self.command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        )
        self._pid = process.pid
        try:
            while self.status(probe) is None:
                if process.poll() is not None or time.perf_counter() - began > 600:
                    raise BenchmarkError(f"{self.name} didn't start: {self.command}")
                time.sleep(0.02)
            self.start_s = time.perf_counter() - began
            yield
        finally:
            process.terminate()
            process.wait(20)

    def status(self, request: Request) -> int | None:
        """Return the status of one answer, None if there is none."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{request.path}",
            method=request.method,
            data=request.body.encode() or None,
            headers={"X-Test-Batch-ID": BATCH, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def measure(self, name: str, request: Request, connections: int, seconds: int) -> None:
        """Have wrk ask for some seconds; every answer must be a success."""
        before_s = self.cpu_s()
        count, rate = self._asked(name, request, connections, seconds)
        used_s = self.cpu_s() - before_s
        self.rates.setdefault((name, connections), []).append(rate)
        self.costs_us.setdefault((name, connections), []).append(used_s / max(count, 1) * 1e6)

    def warm_up(self, name: str, request: Request) -> None:
        """Let just-in-time compilers do their work."""
        count, ends = 0, time.monotonic() + WARM_UP_S
        while count < WARM_UP_REQUESTS and time.monotonic() < ends:
            count += self._asked(name, request, CONNECTIONS[0], 2)[0]

    def _asked(
        self, name: str, request: Request, connections: int, seconds: int
    ) -> tuple[int, float]:
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(request.script)
            script.flush()
            url = f"http://127.0.0.1:{self.port}{request.path}"
            load = ["-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "30"]
            result = subprocess.run(
                ["wrk", *load, "-s", script.name, url],
                capture_output=True,
                text=True,
                check=True,
                timeout=seconds + 60,
            )
        if "Non-2xx" in result.stdout:
            raise BenchmarkError(f"{self.name}, {name}: {result.stdout}")
        rate = re.search(r"Requests/sec:\s+([\d.]+)", result.stdout)
        count = re.search(r"(\d+) requests in", result.stdout)
        assert rate is not None
        assert count is not None
        return int(count[1]), float(rate[1])

    def cpu_s(self) -> float:
        """Return the CPU seconds that the process has used (proc(5), /proc/pid/stat)."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def compared(
    title: str, document: Path, requests: dict[str, Request], options: argparse.Namespace
) -> None:
    """Run both servers and the floor on one document, and print what they did."""
    directory = document.parent
    (directory / "seed.json").write_text(json.dumps(SEED if title == "small" else {}))
    (directory / "floor.py").write_text(FLOOR)
    ports = [free_port() for _ in range(3)]
    ours = [sys.executable, "-m", "cdds_django.mock", str(document), "--port", str(ports[0])]
    seed = ["--batch", BATCH, "--seed", str(directory / "seed.json")]
    floor = ["uvicorn", "floor:app", "--app-dir", str(directory), "--lifespan", "off"]
    servers = [
        Server("ours", [*ours, *seed], ports[0]),
        Server("Prism", [options.prism, "mock", "-p", str(ports[1]), str(document)], ports[1]),
        Server(
            "bare uvicorn",
            [sys.executable, "-m", *floor, "--no-access-log", "--port", str(ports[2])],
            ports[2],
        ),
    ]
    first = next(iter(requests.values()))
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server.running(first))
        for name, request in requests.items():
            for server in servers:
                server.warm_up(name, request)
        for _ in range(options.rounds):
            for name, request in requests.items():
                for connections in CONNECTIONS:
                    for server in servers:
                        server.measure(name, request, connections, options.seconds)
    print(f"\n{title}: {', '.join(f'{s.name} started in {s.start_s:.2f} s' for s in servers)}\n")
    print("| request | connections | ours/s | Prism/s | floor/s | ours/Prism | ours/floor ", end="")
    print("| CPU µs: ours | Prism | floor | Prism/ours |")
    print(f"| --- {'| ---: ' * 10}|")
    mine, prism, bare = servers
    for key, rates in mine.rates.items():
        theirs, floors = prism.rates[key], bare.rates[key]
        to_prism = median(a / b for a, b in zip(rates, theirs, strict=True) if b)
        to_floor = median(a / b for a, b in zip(rates, floors, strict=True))
        numbers = [f"{median(values):,.0f}" for values in (rates, theirs, floors)]
        ratios = [f"{to_prism:.1f}x", f"{to_floor:.2f}x"]
        costs = [median(server.costs_us[key]) for server in (mine, prism, bare)]
        cells = [*(f"{cost:,.0f}" for cost in costs), f"{costs[1] / costs[0]:.1f}x"]
        print(f"| {' | '.join([key[0], str(key[1]), *numbers, *ratios, *cells])} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prism")
    parser.add_argument("--only", choices=("small", "github"))
    parser.add_argument("github", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    body = json.dumps({"name": "Grace", "kind": "bird", "tags": ["loud"]})
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        small = Path(directory, "small.json")
        small.write_text(json.dumps(SMALL))
        requests = {
            "read": Request("GET", "/pets/7"),
            "list": Request("GET", "/pets?limit=20"),
            "create": Request("POST", "/pets", body),
        }
        if options.only != "github":
            compared("small", small, requests, options)
        if options.only != "small" and options.github is not None:
            large = Path(directory, "github.json")
            large.write_bytes(options.github.read_bytes())
            requests = {
                "read": Request("GET", "/licenses/mit"),
                "list": Request("GET", "/repos/octocat/hello/branches?per_page=30"),
                "create": Request("POST", "/gists", json.dumps({"files": {"a": {"content": "b"}}})),
            }
            compared("GitHub's", large, requests, options)
    print(f"\n{conditions()}")


if __name__ == "__main__":
    main()
