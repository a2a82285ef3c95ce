"""Schemathesis against the mock: `python -m benchmarks.mock_fuzz ST DOCUMENT… [--requests N]`.

ST is the program `st` of the PyPI package `schemathesis`. It makes requests from each document,
valid and broken ones, single and in sequences, and judges the answers: none may be a server's
error, and none that the document declares may break it in media type, headers or body. Each
document is asked under further seeds until its share of N requests was answered.
"""

import argparse
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.measuring import BenchmarkError, conditions
from benchmarks.mock_http import Request, Server, free_port

BATCH = "bench"
CHECKS = (
    "not_a_server_error",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_COUNT = re.compile(
    r'^contract_mock_requests_total\{operation="(.*)",status="(\d+)"\} (\d+)$', re.M
)


def fuzzed(st: str, document: Path, requests: int, seconds: int) -> int:
    """Ask until `requests` were answered, and print what came of it. Return the failures."""
    port = free_port()
    command = [sys.executable, "-m", "cdds_django.mock", str(document), "--port", str(port)]
    server = Server("ours", [*command, "--batch", BATCH], port)
    seed, failures, began = 0, 0, time.monotonic()
    with server.running(Request("GET", "/")):
        while (counts := answered(port))[0] < requests:
            seed += 1
            failures += _run(st, document, port, seed, seconds)
            if answered(port)[0] == counts[0]:
                raise BenchmarkError(f"{document.name}: nothing was asked under seed {seed}")
        total, errors, operations = answered(port)
    minutes = (time.monotonic() - began) / 60
    print(
        f"| {document.name} | {operations:,} | {total:,} | {seed} | {errors} | {failures} "
        f"| {minutes:.0f} |",
        flush=True,
    )
    return failures + errors


def answered(port: int) -> tuple[int, int, int]:
    """Return how many contract requests were answered, how many with 5xx, on how many operations.

    The document declares 5xx itself where a request asks for such an example; none does here.
    """
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        rows = _COUNT.findall(response.read().decode())
    return (
        sum(int(count) for *_, count in rows),
        sum(int(count) for _, status, count in rows if status.startswith("5")),
        len({operation for operation, *_ in rows} - {"(none)"}),
    )


def _run(st: str, document: Path, port: int, seed: int, seconds: int) -> int:
    result = subprocess.run(
        [
            *(st, "run", str(document), "--url", f"http://127.0.0.1:{port}"),
            *("--header", f"X-Test-Batch-ID:{BATCH}", "--checks", ",".join(CHECKS)),
            *("--seed", str(seed), "--max-time", str(seconds), "--continue-on-failure"),
            *("--suppress-health-check", "all", "--warnings", "off"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    section = result.stdout.partition("= FAILURES =")[2].partition("= SUMMARY =")[0]
    if section:
        print(section, file=sys.stderr)
    found = re.search(r"found (\d+) unique failures", result.stdout)
    if not re.search(r"Test cases:\s+[\d,]+ generated", result.stdout):
        raise BenchmarkError(result.stdout[-3000:] + result.stderr[-3000:])
    return int(found[1]) if found else 0


def main() -> None:
    """Print a table; exit 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("st")
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seconds", type=int, default=120, help="of one run under one seed")
    options = parser.parse_args()
    print("| document | operations asked | requests | seeds | 5xx | failures | minutes |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    share = -(-options.requests // len(options.documents))
    wrong = [fuzzed(options.st, path, share, options.seconds) for path in options.documents]
    print(f"\n{conditions()}")
    sys.exit(bool(sum(wrong)))


if __name__ == "__main__":
    main()
