"""The states of other services' operations, for the impact map.

Reading a large document takes seconds, so what came of it is kept by its content.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from cdds_django import __version__
from cdds_django.contract.upstream_documents import documents
from cdds_django.errors import CddsError
from cdds_django.files import write_text

FILE_NAME = "upstreams.json"

_VERSION = f"1 {__version__}"
"""Another version of this package may hash otherwise."""


class UpstreamStates(Mapping[str, str]):
    """States by `service:operation`, as `operation_states` has them.

    No document is read before something in it is asked for. One that isn't there has no states;
    one that can't be understood has, for whatever is asked, its content as the state: what tests
    do with it is theirs to say.
    """

    def __init__(self, upstreams: Mapping[str, Path], root: Path, state_dir: Path) -> None:
        self._upstreams = upstreams
        self._root = root
        self._file = state_dir / FILE_NAME
        self._states: dict[str, Mapping[str, str] | str] = {}

    @cached_property
    def services(self) -> Mapping[str, str]:
        """The names of services by their documents' paths from the root."""
        return {
            os.path.relpath(path, self._root).replace(os.sep, "/"): name
            for name, path in self._documents.items()
        }

    @cached_property
    def _documents(self) -> Mapping[str, Path]:
        return documents(self._upstreams)

    def __getitem__(self, key: str) -> str:
        service, separator, operation = key.partition(":")
        if not separator or service not in self._documents:
            raise KeyError(key)
        if service not in self._states:
            self._states[service] = self._read(self._documents[service])
        states = self._states[service]
        return states if isinstance(states, str) else states[operation]

    def __iter__(self) -> Iterator[str]:
        for service in self._documents:
            self.get(f"{service}:")
            states = self._states[service]
            yield from (f"{service}:{name}" for name in ("",) if isinstance(states, str))
            yield from (f"{service}:{name}" for name in states if not isinstance(states, str))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read(self, path: Path) -> Mapping[str, str] | str:
        try:
            content = path.read_bytes()
        except OSError:
            return {}
        digest = sha256(content).hexdigest()
        if (kept := self._kept.get(digest)) is not None:
            return kept
        # Most runs find everything kept.
        from cdds_django.contract.operation_states import operation_states

        try:
            states = operation_states(content, str(path))
        except CddsError:
            return f"unreadable {digest}"
        self._keep(digest, states)
        return states

    @cached_property
    def _kept(self) -> dict[str, Mapping[str, str]]:
        try:
            whole: Any = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            # Nothing but time is lost with it.
            return {}
        if not isinstance(whole, dict) or whole.get("version") != _VERSION:
            return {}
        kept: dict[str, Mapping[str, str]] = whole["documents"]
        return kept

    def _keep(self, digest: str, states: Mapping[str, str]) -> None:
        self._kept[digest] = states
        paths = [path for path in self._documents.values() if path.is_file()]
        present = {sha256(path.read_bytes()).hexdigest() for path in paths}
        kept = {digest: found for digest, found in self._kept.items() if digest in present}
        write_text(self._file, json.dumps({"version": _VERSION, "documents": kept}))
