"""What forks and calls of the mock cost in process: `python -m benchmarks.mock_forks [DOCUMENT]`.

The API is `benchmarks/mock_notes.json`, small and plain, so that the state is what is measured.
DOCUMENT is a big one, such as GitHub's own (`generated/api.github.com.json` of the npm package
`@octokit/openapi`); with it, the time from start to the first answer is measured in new processes.
Times are medians, in CPU time of this process.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from cdds_django.mock.core import MockCore
from cdds_django.mock.limits import Limits
from cdds_django.mock.messages import MockRequest

SPEC = Path(__file__).with_name("mock_notes.json")
FIELDS = {"title": "A note", "text": "Milk, eggs and bread.", "stars": 3, "done": False}
ROWS = (0, 1_000, 10_000)
BATCHES = 10_000
START = """
import json, sys, time
began = time.perf_counter(), time.process_time()
from cdds_django.mock.core import MockCore
from cdds_django.mock.messages import MockRequest
with open(sys.argv[1], "rb") as file:
    core = MockCore.compile(json.load(file))
core.fork("b")
ready = time.perf_counter() - began[0], time.process_time() - began[1]
core.handle(MockRequest("GET", sys.argv[2], b"", ((b"x-test-batch-id", b"b"),), b""))
print(*ready, time.process_time() - began[1])
"""


def request(
    batch_id: str, method: str, path: str, body: object = None, query: bytes = b""
) -> MockRequest:
    headers = ((b"host", b"mock"), (b"x-test-batch-id", batch_id.encode()))
    if body is None:
        return MockRequest(method, path, query, headers, b"")
    content_type = (b"content-type", b"application/json")
    return MockRequest(method, path, query, (*headers, content_type), json.dumps(body).encode())


def microseconds(action: Callable[[int], object], times: int) -> float:
    """Return what one call of `action` takes, the median of `times` calls."""
    taken = []
    for number in range(times):
        began = time.process_time_ns()
        action(number)
        taken.append(time.process_time_ns() - began)
    return median(taken) / 1_000


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def forks(core: MockCore) -> None:
    print("rows in the seed | fork us | first write us | first write us (worst of 200)")
    for rows in ROWS:
        seed = f"seed{rows}"
        core.fork(seed)
        for _ in range(rows):
            core.handle(request(seed, "POST", "/notes", FIELDS))

        def fork(number: int, rows: int = rows, seed: str = seed) -> None:
            core.fork(f"{rows}-{number}", seed)

        fork_us = microseconds(fork, 2_000)
        firsts = []
        for number in range(200):
            write = request(f"{rows}-{number}", "POST", "/notes", FIELDS)
            firsts.append(microseconds(lambda _, write=write: core.handle(write), 1))
        print(f"{rows:>16,} | {fork_us:.1f} | {median(firsts):.1f} | {max(firsts):.1f}")
        for number in range(2_000):
            core.delete(f"{rows}-{number}")


def memory(core: MockCore, source: str) -> None:
    gc.collect()
    before = resident_mb()
    for number in range(BATCHES):
        core.fork(f"m{number}", source)
        answer = core.handle(request(f"m{number}", "POST", "/notes", FIELDS))
        assert answer.status == 201, answer
    gc.collect()
    print(f"{BATCHES:,} written batches forked from {source}: {resident_mb() - before:.0f} MB")
    for number in range(BATCHES):
        core.delete(f"m{number}")


def calls(core: MockCore) -> None:
    core.fork("calls", "seed1000")
    shapes = {
        "GET /notes/{id}": request("calls", "GET", "/notes/7"),
        "GET /notes (20 of 1,000)": request("calls", "GET", "/notes", query=b"page_size=20"),
        "GET /notes?stars=3 (all fit)": request("calls", "GET", "/notes", query=b"stars=3"),
        "POST /notes": request("calls", "POST", "/notes", FIELDS),
        "POST /notes, refused": request("calls", "POST", "/notes", {"title": "", "stars": 9}),
        "PATCH /notes/{id}": request("calls", "PATCH", "/notes/7", {"stars": 4}),
    }
    for name, message in shapes.items():
        core.handle(message)
        print(f"{name}: {microseconds(lambda _, m=message: core.handle(m), 2_000):.1f} us")


def start(document: str, path: str) -> None:
    command = [sys.executable, "-c", START, document, path]
    rounds = [
        [float(part) for part in subprocess.check_output(command, text=True).split()]
        for _ in range(5)
    ]
    wall, cpu, answered = (median(column) for column in zip(*rounds, strict=True))
    print(
        f"{Path(document).name}: ready after {wall:.2f} s ({cpu:.2f} CPU s), "
        f"first answer after {answered:.2f} CPU s"
    )


def main() -> None:
    print(f"load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    core = MockCore.compile(json.loads(SPEC.read_text()), limits=Limits(batches=100_000))
    forks(core)
    calls(core)
    memory(core, "seed0")
    memory(core, "seed10000")
    start(str(SPEC), "/notes")
    if len(sys.argv) > 1:
        start(sys.argv[1], "/repos/octocat/hello-world")


if __name__ == "__main__":
    main()
