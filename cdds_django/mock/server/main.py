"""The command line of the mock server, for `manage.py contract_mock` and `python -m`."""

from __future__ import annotations

import argparse
import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cdds_django.contract.documents import parse, read_file
from cdds_django.errors import ConfigurationError, ContractError
from cdds_django.mock.core import MockCore
from cdds_django.mock.limits import DEFAULT_LIMITS, Limits
from cdds_django.mock.server import in_use
from cdds_django.mock.server.serving import Address, port_of_environment, serve

Say = Callable[[str], object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what both commands take, the document apart."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument(
        "--port",
        type=int,
        help="the port to listen at, 0 for a free one (default: the variable MOCK_PORT, or 8081)",
    )
    parser.add_argument(
        "--token",
        default=os.environ.get("MOCK_TOKEN") or None,
        help="what admin calls have to send as `Authorization: Bearer TOKEN` (default: the "
        "variable MOCK_TOKEN; without one, made up where others can reach the address)",
    )
    parser.add_argument(
        "--batch",
        metavar="ID",
        action="append",
        default=[],
        help="make a batch of this id at the start; repeatable",
    )
    parser.add_argument(
        "--seed",
        metavar="FILE",
        type=Path,
        help="a JSON file with the rows that --batch begins with, by the path of their collection",
    )
    parser.add_argument(
        "--handlers",
        metavar="MODULE",
        help="a Python module whose function `register(mock)` adds handlers of operations",
    )
    for option, metavar, default, text in (
        ("--max-body", "BYTES", DEFAULT_LIMITS.body_bytes, "the largest body of a request"),
        ("--max-batches", "N", DEFAULT_LIMITS.batches, "the most batches at a time"),
        ("--max-memory", "BYTES", DEFAULT_LIMITS.memory_bytes, "the most memory of all batches"),
    ):
        parser.add_argument(
            option,
            metavar=metavar,
            type=_positive,
            default=default,
            help=f"{text} (default: %(default)s)",
        )
    # For test cases that start a server: a socket that listens, and a file that is locked as long
    # as the server is needed.
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--while-in-use", metavar="FILE", type=Path, help=argparse.SUPPRESS)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} isn't a number from 1")
    return number


def run(spec: Path, options: dict[str, Any], say: Say) -> None:
    """Serve the document `spec` until the process is told to end. Raises CddsError."""
    port = options["port"]
    address = Address(
        host=options["host"],
        port=port_of_environment() if port is None else port,
        token=options["token"],
    )
    limits = Limits(
        body_bytes=options["max_body"],
        batches=options["max_batches"],
        memory_bytes=options["max_memory"],
    )
    core = MockCore.compile(parse(read_file(spec), str(spec)), limits=limits)
    if options["handlers"]:
        _register(core, options["handlers"])
    seed = _seed(options["seed"]) if options["seed"] is not None else None
    if seed is not None and not options["batch"]:
        raise ConfigurationError("--seed needs --batch: it says what that batch begins with.")
    for batch_id in options["batch"]:
        core.fork(batch_id, seed=seed)
    if options["while_in_use"] is not None:
        in_use.end_when_free(options["while_in_use"])
    serve(core, address, say, options["fd"])


def _register(core: MockCore, name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        raise ConfigurationError(f"--handlers {name}: {error}.") from error
    register = getattr(module, "register", None)
    if not callable(register):
        raise ConfigurationError(
            f"--handlers {name}: {module.__file__} has no function `register(mock)`."
        )
    register(core)


def _seed(path: Path) -> Any:
    try:
        return json.loads(read_file(path))
    except ValueError as error:
        raise ContractError(f"{path} is not JSON: {error}.") from error
