"""What differs between two versions of a module, definition by definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cdds_django.impact.code.symbols import Symbols
from cdds_django.impact.syntax.definitions import ATTRIBUTE_ORDER, EFFECT, Definition


@dataclass(frozen=True, kw_only=True)
class DefinitionChange:
    """One definition that isn't what it was."""

    path: str
    key: str
    change: str
    """changed, added, removed or moved."""
    versions: tuple[Definition, ...]
    """What it is now and what it was, as far as it is or was there."""

    @property
    def top(self) -> str:
        """The top-level name that it belongs to."""
        return self.key.partition(".")[0]

    @property
    def member(self) -> str:
        """Its own name within its class."""
        return self.key.rpartition(".")[2]

    @property
    def is_effect(self) -> bool:
        return any(version.kind == EFFECT for version in self.versions)

    @property
    def is_description(self) -> bool:
        """Whether only descriptive options of a model's field differ, if it is one."""
        digests = {version.essential_digest for version in self.versions}
        is_described = any(version.essence for version in self.versions)
        return self.change == "changed" and is_described and len(digests) == 1

    def __str__(self) -> str:
        return "::".join(filter(None, (self.path, self.key)))


def differences(path: str, before: Symbols, now: Symbols) -> list[DefinitionChange]:
    """Return the definitions that were changed, added, removed or moved."""
    keys = dict.fromkeys([*now.definitions, *before.definitions])
    found = {
        key: DefinitionChange(path=path, key=key, change=change, versions=versions)
        for key in keys
        for change, versions in [_compare(before.definitions.get(key), now.definitions.get(key))]
        if change
    }
    for key in _moved(before.order, now.order) - found.keys():
        versions = tuple(s.definitions[key] for s in (now, before) if key in s.definitions)
        found[key] = DefinitionChange(path=path, key=key, change="moved", versions=versions)
    return [change for change in found.values() if not _is_implied(change, found)]


def everything(path: str, symbols: Symbols, change: str) -> Iterator[DefinitionChange]:
    """Yield all definitions of a module as added or removed."""
    for key, definition in symbols.definitions.items():
        yield DefinitionChange(path=path, key=key, change=change, versions=(definition,))


def _compare(
    before: Definition | None, now: Definition | None
) -> tuple[str, tuple[Definition, ...]]:
    if before is None or now is None:
        versions = tuple(version for version in (now, before) if version is not None)
        return ("added" if before is None else "removed"), versions
    return ("" if before == now else "changed"), (now, before)


def _moved(before: Iterable[str], now: Iterable[str]) -> set[str]:
    """Return the keys that both have where these don't come in the same order."""
    common = {*before} & {*now}
    old, new = ([key for key in order if key in common] for order in (before, now))
    return set() if old == new else common


def _is_implied(change: DefinitionChange, found: dict[str, DefinitionChange]) -> bool:
    """Whether another change says it better: attributes come and go, and so their order differs."""
    owner, _, last = change.key.rpartition(".")
    if last != ATTRIBUTE_ORDER:
        return False
    return any(
        key.startswith(f"{owner}.") and other.change in ("added", "removed") and key != change.key
        for key, other in found.items()
    )
