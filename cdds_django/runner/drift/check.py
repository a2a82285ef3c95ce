"""One run's look at the contract: remembered, or compared anew while tests run."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cdds_django.conf import Settings
from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.tree import ABSENT, SourceTree
from cdds_django.runner.drift import memory
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.drift.memory import Memory

if TYPE_CHECKING:
    from cdds_django.impact.code.symbols import Symbols
    from cdds_django.runner.choice.delta import ImpactSession
    from cdds_django.runner.drift.process import Comparison, ComparisonProcess

_WHILE_S = 2.0
_PACKAGES = ("rest_framework", "drf_spectacular")


class DriftCheck:
    """Tells whether the code's contract is the committed one.

    Nothing happens where no snapshot is committed, or Django REST framework isn't installed.
    """

    def __init__(self, settings: Settings, session: ImpactSession | None, *, record: bool) -> None:
        """`record` says whether the result is to be remembered."""
        self.changes: tuple[ContractChange, ...] | None = None
        """None where nothing was compared."""
        self.problem = ""
        """Why nothing could be compared, where that was tried."""
        self._settings = settings
        self._session = session
        self._record = record
        self._committed: Mapping[str, str] = {}
        self._process: ComparisonProcess | None = None

    def begin(self, *, may_build: bool) -> None:
        """Take what is remembered; where it doesn't hold, begin to compare if `may_build`."""
        settings, session = self._settings, self._session
        if not settings.snapshot.exists():
            return
        self._committed = self._digests()
        known = memory.read(settings.state_dir) if session is not None else None
        if session is not None and known is not None and self._holds(known, session):
            self.changes = known.changes
        elif may_build and all(map(importlib.util.find_spec, _PACKAGES)):
            # Most runs start no process.
            from cdds_django.runner.drift.process import ComparisonProcess

            tree = (
                SourceTree.of(settings.root, settings.sources) if session is None else session.tree
            )
            self._process = ComparisonProcess(tree, settings.snapshot, settings.contract_policy)

    def finish(self, tell: Callable[[str], object]) -> None:
        """Wait for the comparison, if there is one; `tell` is told where that takes a while.

        Raises StateFileError.
        """
        if self._process is None:
            return
        if not self._process.is_over(_WHILE_S):
            tell("Waiting for the schema, to compare the contract with the committed one …")
        found, self._process = self._process.result(), None
        self.problem = found.problem
        if not found.problem:
            self.changes = found.changes
            self._remember(found)

    def close(self) -> None:
        """End the comparison where nobody waits for it any more."""
        if self._process is not None:
            self._process.abandon()
            self._process = None

    def _holds(self, known: Memory, session: ImpactSession) -> bool:
        return known.holds(
            today=date.today(),
            committed=self._committed,
            files=_files(session.code),
            cuts=lambda key, digest: _cuts(session.code, key, digest),
            fingerprints=session.fingerprints,
        )

    def _remember(self, found: Comparison) -> None:
        session = self._session
        if session is None or not self._record:
            return
        if session.code.edited_since_taken() or self._digests() != self._committed:
            return  # The process may have read either version.
        surroundings = {one for one in found.seen if one.kind != "code"}
        memory.write(
            self._settings.state_dir,
            Memory(
                changes=found.changes,
                day=date.today().isoformat(),
                committed=self._committed,
                files=_files(session.code),
                loaded=found.loaded,
                ran=frozenset(one.key for one in found.seen if one.kind == "code"),
                surroundings=session.fingerprints({*surroundings, *session.shared_states}),
            ),
        )

    def _digests(self) -> Mapping[str, str]:
        settings = self._settings
        paths = {"snapshot": settings.snapshot, "policy": settings.contract_policy}
        return {name: _digest(path) for name, path in paths.items()}


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ABSENT


def _files(code: CodeState) -> Mapping[str, str]:
    return {key: code.digest(key) for key in code.files}


def _cuts(code: CodeState, key: str, digest: str) -> tuple[Symbols, Symbols] | None:
    before = code.cut_of_content(key, digest)
    return (before, code.symbols(key)) if before is not None else None
