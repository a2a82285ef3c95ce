"""The process that builds the project's schema once more. Run as `python -m`.

It reads a request as JSON from standard input and writes the document, or why there is none, as
JSON to the path that the request names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdds_django.contract.literals import JsonObject
from cdds_django.errors import ContractError


def documents_of(seeds: Sequence[int], directory: Path) -> list[JsonObject]:
    """Return the project's OpenAPI document as built in a process of its own for each hash seed.

    The processes start in `directory` with this one's settings and import path, and run side by
    side. Raises ContractError when one fails, with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="cdds-schema-") as temporary:
        answers = [Path(temporary, f"{seed}.json") for seed in seeds]
        processes = [
            _started(seed, answer, directory) for seed, answer in zip(seeds, answers, strict=True)
        ]
        errors = [process.communicate()[1] for process in processes]
        return [
            _document(answer, error.decode(errors="replace"))
            for answer, error in zip(answers, errors, strict=True)
        ]


def _started(seed: int, answer: Path, directory: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "cdds_django.contract.build"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=directory,
        env={
            **os.environ,
            "PYTHONHASHSEED": str(seed),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
    )
    assert process.stdin is not None
    # Settings may ask which command this is.
    process.stdin.write(json.dumps({"answer": str(answer), "arguments": sys.argv}).encode())
    process.stdin.close()
    process.stdin = None
    return process


def _document(answer: Path, error: str) -> JsonObject:
    try:
        found: Any = json.loads(answer.read_bytes())
    except (OSError, ValueError):
        last = (error.strip().splitlines() or ["it said nothing"])[-1]
        raise ContractError(f"Building the schema in a second process failed: {last}") from None
    if "error" in found:
        raise ContractError(found["error"])
    document: JsonObject = found["document"]
    return document


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    sys.argv[:] = request["arguments"]
    import django

    django.setup()
    from cdds_django.contract.schema import build_schema

    try:
        answer: JsonObject = {"document": build_schema().document}
    except ContractError as error:
        answer = {"error": str(error)}
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
