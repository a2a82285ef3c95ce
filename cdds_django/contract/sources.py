"""Where a side of a comparison comes from: a snapshot, an OpenAPI file, or a git revision."""

from __future__ import annotations

from pathlib import Path

from cdds_django.contract.collector import paused
from cdds_django.contract.documents import check_version, parse, read_file
from cdds_django.contract.git import GIT_PREFIX, committed
from cdds_django.contract.origins import Origins
from cdds_django.contract.schema import build_schema
from cdds_django.contract.snapshot import snapshot_of
from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.contract.snapshot_text import snapshot_from


def snapshot_at(source: str, default: Path) -> Snapshot:
    """Return the snapshot that `source` names.

    `source` is the path of a snapshot or of an OpenAPI JSON or YAML file; or `git:REV`, the file
    `default` (a snapshot) as committed in that revision; or `git:REV:PATH`, another file, by its
    path from the working directory. Raises ContractError or StateFileError.
    """
    if not source.startswith(GIT_PREFIX):
        return snapshot_in(read_file(Path(source)), source)
    revision, _, path = source.removeprefix(GIT_PREFIX).partition(":")
    return snapshot_in(committed(revision, Path(path) if path else default), source)


def snapshot_of_project() -> Snapshot:
    """Return the snapshot of the running project's own API. Raises ContractError."""
    return project_contract()[0]


def project_contract() -> tuple[Snapshot, Origins]:
    """Return the snapshot of the running project's API, and the code behind it.

    Raises ContractError.
    """
    schema = build_schema()
    return snapshot_of(schema.document, "The project's schema"), schema.origins


def snapshot_in(content: bytes, origin: str) -> Snapshot:
    """Return the snapshot in `content`: one of ours, or that of an OpenAPI document.

    `origin` is named in errors. Raises ContractError or StateFileError.
    """
    with paused():
        whole = parse(content, origin)
        if "schema" in whole and "operations" in whole:
            return snapshot_from(whole, origin)
        check_version(whole, origin)
        return snapshot_of(whole, origin)
