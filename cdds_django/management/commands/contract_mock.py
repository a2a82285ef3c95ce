"""`manage.py contract_mock`: serve a mock of the project's API, or of one that it calls."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cdds_django.checks import require_valid_settings
from cdds_django.conf import settings
from cdds_django.contract.upstream_documents import documents
from cdds_django.errors import CddsError, ConfigurationError
from cdds_django.mock.server.main import add_arguments, run


class Command(BaseCommand):
    help = "Serve a mock made from a contract: it validates, remembers and forks per test batch."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "spec",
            nargs="?",
            metavar="SPEC",
            help="a contract snapshot or an OpenAPI document, or a name in CDDS['UPSTREAMS'] "
            "(default: the setting CDDS['SNAPSHOT'])",
        )
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_valid_settings()
            run(_document(options["spec"]), options, self._say)
        except CddsError as error:
            raise CommandError(str(error), returncode=2) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _document(spec: str | None) -> Path:
    """Return the path of the document to serve. Raises ConfigurationError."""
    if spec is None:
        if not settings.snapshot.exists():
            raise ConfigurationError(
                f"There is no contract snapshot at {settings.snapshot}. Write one (manage.py "
                "contract_snapshot), or name an OpenAPI document."
            )
        return settings.snapshot
    known = documents(settings.upstreams)
    if spec in known:
        return known[spec]
    if not Path(spec).exists():
        names = f" Known services: {', '.join(known)}." if known else ""
        raise ConfigurationError(
            f"{spec} is neither a file nor a name in CDDS['UPSTREAMS'].{names}"
        )
    return Path(spec)
