"""The state of first-party code: what changed since the map was written, and fingerprints of it.

Kinds of code are one function's body (`path::qualified.name`) and all else that a file does when it
is imported (`path`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cdds_django.impact.code.tree import ABSENT, COMPILED_SUFFIXES, FileState, SourceTree, digest
from cdds_django.impact.records import Dependency
from cdds_django.impact.storage.store import ImpactMap, StoredFile

if TYPE_CHECKING:
    from cdds_django.impact.code.symbols import Symbols

# What reads syntax trees is imported where a file's symbols are asked for: where nothing changed,
# none are.

# A file that was written within this time of the map's writing may have been written again since,
# with the same size and a timestamp that the file system's clock can't tell apart.
_RACY_NS = 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class CodeChanges:
    """Python files that aren't as the map knows them, by key."""

    changed: frozenset[str]
    added: frozenset[str]
    removed: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)


class CodeState:
    """The tree's Python files at one moment. Reads and cuts files no more than it must."""

    def __init__(
        self, tree: SourceTree, impact_map: ImpactMap | None, *, loaded_since_ns: int | None = None
    ) -> None:
        """`loaded_since_ns` is when this process may first have read a file of the tree."""
        self.tree = tree
        self.loaded_since_ns = time.time_ns() if loaded_since_ns is None else loaded_since_ns
        self.files: Mapping[str, FileState] = tree.python_files()
        self._map = impact_map
        self._stored = impact_map.files() if impact_map else {}
        self._written_ns = impact_map.written_ns() if impact_map else 0
        self._digests: dict[str, str] = {}
        self._symbols: dict[str, Symbols] = {}
        self.unreadable: dict[str, str] = {}
        """Why files can't be cut, by key."""

    @cached_property
    def changes(self) -> CodeChanges:
        """What differs from the map."""
        return CodeChanges(
            changed=frozenset(
                key
                for key in self.files.keys() & self._stored.keys()
                if self.digest(key) != self._stored[key].digest
            ),
            added=frozenset(self.files.keys() - self._stored.keys()),
            removed=frozenset(self._stored.keys() - self.files.keys()),
        )

    def digest(self, key: str) -> str:
        """Return the digest of a file's content, or "absent"."""
        if key not in self._digests:
            state, stored = self.files.get(key), self._stored.get(key)
            if state and stored and self._is_as_stored(state, stored):
                self._digests[key] = stored.digest
            else:
                self._digests[key] = self.tree.content_digest(key)
        return self._digests[key]

    def symbols(self, key: str, module: str | None = None) -> Symbols:
        """Return what a file consists of. `module` is its dotted name, if it isn't by its path."""
        if key not in self._symbols:
            self._symbols[key] = self._cut(key, module or module_name(self.tree, key))
        return self._symbols[key]

    def imports(self, key: str, module: str | None = None) -> Sequence[str]:
        """Return every dotted name that a file imports. Only what the map doesn't know is cut."""
        if key not in self._symbols:
            name = module or module_name(self.tree, key)
            if (stored := self._stored_imports.get((self.digest(key), name))) is not None:
                return stored
        return self.symbols(key, module).imports

    @cached_property
    def _stored_imports(self) -> Mapping[tuple[str, str], Sequence[str]]:
        return self._map.imports() if self._map else {}

    def fingerprint(self, dependency: Dependency) -> str:
        """Return the state of a dependency of one of the kinds of code."""
        path, _, name = dependency.key.partition("::")
        if path not in self.files:
            return ABSENT
        if dependency.kind == "module":
            return self.symbols(path).import_digest
        return self.symbols(path).functions.get(name, ABSENT)

    def edited_since_taken(self) -> frozenset[str]:
        """Return the files that were edited since this process began, or since this state was
        taken: tests may have run either version."""
        now = self.tree.python_files()
        late = {key for key, state in now.items() if state.changed_ns >= self.loaded_since_ns}
        return frozenset(
            key for key in {*now, *self.files} if key in late or now.get(key) != self.files.get(key)
        )

    def data_edited(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of these files were edited or removed since this process began."""
        return frozenset(
            key
            for key in keys
            if (changed := self.tree.changed_ns(key)) is None or changed >= self.loaded_since_ns
        )

    def module_name(self, key: str) -> str:
        """Return the dotted name that a file has by its place among packages."""
        return module_name(self.tree, key)

    def cut_files(self) -> Mapping[str, Symbols]:
        """Return what was cut so far, by key."""
        return self._symbols

    def earlier(self, key: str, import_digest: str) -> Symbols | None:
        """Return what a file consisted of in an earlier state, if the map still knows."""
        text = (
            self._map.cut_of_state(module_name(self.tree, key), import_digest)
            if self._map
            else None
        )
        return _from_json(text) if text else None

    def stored_cut(self, key: str) -> Symbols | None:
        """Return what a file consisted of when the map was written, if the map knows."""
        stored = self._stored.get(key)
        return self.cut_of_content(key, stored.digest) if stored is not None else None

    def cut_of_content(self, key: str, digest: str) -> Symbols | None:
        """Return what a file consisted of when its content had this digest, if the map knows."""
        text = self._map.cut(digest, module_name(self.tree, key)) if self._map else None
        return _from_json(text) if text else None

    def outlines(
        self, before: Mapping[str, Sequence[Symbols]]
    ) -> Iterator[tuple[str, Iterable[str]]]:
        """Yield each file's key and the names that may lead from it to others: what it imports,
        and what strings in it name. `before` has earlier versions of changed files.
        """
        from cdds_django.impact.code.symbols import outline

        stored = self._map.outlines() if self._map else {}
        for key in self.files:
            names = stored.get((self.digest(key), self.module_name(key)))
            if names is not None and key not in before:
                yield key, names
            else:
                yield from ((key, outline(version)) for version in self._versions(key, before))
        for key in before.keys() - self.files.keys():
            yield from ((key, outline(version)) for version in before[key])

    def _versions(self, key: str, before: Mapping[str, Sequence[Symbols]]) -> Iterator[Symbols]:
        yield self.symbols(key)
        yield from before.get(key, ())

    def _is_as_stored(self, state: FileState, stored: StoredFile) -> bool:
        return (
            state.size == stored.size
            and state.changed_ns == stored.changed_ns
            and state.changed_ns < self._written_ns - _RACY_NS
        )

    def _cut(self, key: str, module: str) -> Symbols:
        from cdds_django.impact.code.symbols import cut, whole

        if key.endswith(COMPILED_SUFFIXES):
            return whole(self.digest(key))
        if self._map and (text := self._map.cut(self.digest(key), module, of_now=True)):
            return _from_json(text)
        content = b""
        try:
            content = self.tree.path(key).read_bytes()
            return cut(content, module=module, is_package=key.endswith("__init__.py"))
        except (OSError, SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            self.unreadable[key] = f"{error}" if line is None else f"{error.args[0]}, line {line}"
            return whole(f"unreadable {digest(content)}")


def module_name(tree: SourceTree, key: str) -> str:
    """Return the dotted name that a file has by its place among packages."""
    directory, name = os.path.split(tree.path(key))
    parts = [] if name == "__init__.py" else [os.path.splitext(name)[0]]
    while os.path.exists(os.path.join(directory, "__init__.py")):
        directory, name = os.path.split(directory)
        parts.insert(0, name)
    return ".".join(parts)


def _from_json(text: str) -> Symbols:
    from cdds_django.impact.code.symbols import from_json

    return from_json(text)
