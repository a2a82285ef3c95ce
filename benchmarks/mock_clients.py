"""What a call costs through `requests` and `httpx`, the mock in the same process.

`python -m benchmarks.mock_clients`. Beside each stands the same library with a transport that
answers at once: the difference is the mock's share. Times are CPU time of this process, medians of
rounds in which all are asked in turn.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import httpx
import requests
from requests.adapters import BaseAdapter

from benchmarks.measuring import conditions
from benchmarks.mock_http import SMALL
from cdds_django.mock import ContractMock

URL = "https://pets.example.com"
ROUNDS, CALLS = 15, 300


class _Empty(BaseAdapter):
    """Answers at once, with nothing."""

    def send(
        self, request: requests.PreparedRequest, *args: object, **kwargs: object
    ) -> requests.Response:
        response = requests.Response()
        response.status_code = 200
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        pass


def measured(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the microseconds that each call takes."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            began = time.process_time_ns()
            for _ in range(CALLS):
                call()
            taken[name].append((time.process_time_ns() - began) / CALLS / 1_000)
    return {name: median(rounds) for name, rounds in taken.items()}


def main() -> None:
    """Print the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    empty_session = requests.Session()
    empty_session.mount("https://", _Empty())
    empty_client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        document = Path(directory, "pets.json")
        document.write_text(json.dumps(SMALL))
        mock = ContractMock(document, base_urls=[URL])
        session = requests.Session()
        session.mount(URL, mock.adapter())
        client = httpx.Client(transport=mock.transport())
        created = client.post(f"{URL}/pets", json={"name": "Ada"})
        assert created.status_code == 201, created.text
        pet = f"{URL}/pets/{created.json()['id']}"
        assert session.get(pet).json()["name"] == "Ada"
        body = {"name": "Grace", "kind": "bird", "tags": ["loud"]}
        found = measured(
            {
                "requests, read": lambda: session.get(pet),
                "requests, empty": lambda: empty_session.get(pet),
                "requests, create": lambda: session.post(f"{URL}/pets", json=body),
                "httpx, read": lambda: client.get(pet),
                "httpx, empty": lambda: empty_client.get(pet),
                "httpx, create": lambda: client.post(f"{URL}/pets", json=body),
            }
        )
    print("| call | µs | of these the library's own |\n| --- | ---: | ---: |")
    for library in ("requests", "httpx"):
        own = found[f"{library}, empty"]
        for kind in ("read", "create"):
            print(f"| `{library}`, {kind} | {found[f'{library}, {kind}']:.0f} | {own:.0f} |")
    print(f"\n{conditions()}")


if __name__ == "__main__":
    main()
