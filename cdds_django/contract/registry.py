"""The contracts of several services: documents by name, and what each was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdds_django.contract.documents import read_file
from cdds_django.contract.git import GIT_PREFIX, committed, paths_committed
from cdds_django.contract.snapshot_rows import Snapshot
from cdds_django.contract.sources import snapshot_in
from cdds_django.contract.upstream_documents import DOCUMENT_SUFFIXES
from cdds_django.errors import ConfigurationError, ContractError

_EMPTY = Snapshot(operations=(), schemas={})


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service's contract on both sides."""

    name: str
    base: Snapshot
    head: Snapshot


def services(upstreams: Mapping[str, Path], base: str) -> list[Service]:
    """Return each of `upstreams` with what it was at `base`, by name.

    `upstreams` are documents, or directories whose documents are services named
    `directory/document`. `base` is `git:REV` or a directory with the older documents, laid out as
    the new ones are: each is looked for by its file's name, below the name of its directory where
    the new one is in one. A document that only one side has is compared with an empty contract.
    Raises ContractError, ConfigurationError.
    """
    if not upstreams:
        raise ConfigurationError(
            "CDDS['UPSTREAMS'] names no service. Write the paths of their OpenAPI documents into "
            "it, by name, such as {'payments': 'contracts/payments.yaml'}."
        )
    found: list[Service] = []
    for name, path in sorted(upstreams.items()):
        if path.is_dir() or (not path.exists() and not path.suffix):
            found += _directory(name, path, base)
        else:
            found.append(_service(name, path, base))
    return found


def _directory(name: str, path: Path, base: str) -> list[Service]:
    before, now = _names_before(path, base, path.name), _names(path)
    documents = sorted(child for child in before | now if child.endswith(DOCUMENT_SUFFIXES))
    if not documents:
        raise ContractError(f"The directory {path} of the service {name!r} holds no document.")
    return [
        Service(
            name=f"{name}/{Path(child).stem}",
            base=_older(path / child, base, Path(path.name, child)) if child in before else _EMPTY,
            head=_newer(path / child) if child in now else _EMPTY,
        )
        for child in documents
    ]


def _service(name: str, path: Path, base: str) -> Service:
    known = path.name in _names_before(path.parent, base, "")
    older = _older(path, base, Path(path.name)) if known else _EMPTY
    return Service(name=name, base=older, head=_newer(path))


def _names(directory: Path) -> set[str]:
    return {child.name for child in directory.iterdir()} if directory.is_dir() else set()


def _names_before(directory: Path, base: str, name: str) -> set[str]:
    """Return what was in `directory`, which is called `name` in a directory of older documents."""
    if base.startswith(GIT_PREFIX):
        return paths_committed(base.removeprefix(GIT_PREFIX), directory)
    if not Path(base).is_dir():
        raise ConfigurationError(
            f"--all compares with git:REV or a directory of older documents; {base} is neither."
        )
    return _names(Path(base, name))


def _newer(path: Path) -> Snapshot:
    return snapshot_in(read_file(path), str(path))


def _older(path: Path, base: str, name: Path) -> Snapshot:
    if base.startswith(GIT_PREFIX):
        revision = base.removeprefix(GIT_PREFIX)
        return snapshot_in(committed(revision, path), f"{base}:{path}")
    older = Path(base) / name
    return snapshot_in(read_file(older), str(older))
