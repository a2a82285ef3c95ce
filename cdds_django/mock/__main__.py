"""`python -m cdds_django.mock`: the mock server, without Django."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cdds_django.errors import CddsError
from cdds_django.mock.server.main import add_arguments, run

DEFAULT_SPEC = ".contract-snapshot.json"


def main() -> int:
    """Serve until SIGTERM; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m cdds_django.mock",
        description="Serve a mock of an API, made from its contract.",
    )
    parser.add_argument(
        "spec",
        nargs="?",
        type=Path,
        default=Path(DEFAULT_SPEC),
        help=f"an OpenAPI document or a contract snapshot (default: {DEFAULT_SPEC})",
    )
    add_arguments(parser)
    options = vars(parser.parse_args())
    try:
        run(options.pop("spec"), options, lambda line: print(line, flush=True))
    except CddsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
