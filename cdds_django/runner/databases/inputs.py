"""What a template was made from besides what its fingerprint names, and whether it is the same now.

Migrations run functions, which call others and use constants; receivers of `post_migrate` do, and
custom fields. They read settings and files. All that was seen when the template was made is written
down with its state (`seen_inputs.py`); here it is compared.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from cdds_django.impact.code.tree import ABSENT, SourceTree, digest
from cdds_django.impact.sources.base import Project
from cdds_django.impact.sources.catalogue import SOURCES
from cdds_django.runner.databases.kept_digests import KeptDigests
from cdds_django.runner.databases.packages import installed_versions

if TYPE_CHECKING:
    from cdds_django.impact.code.symbols import Symbols

# What reads syntax trees is imported where a file was edited.

_WHOLE_MODULE = "<module>"
"""As `impact/syntax/mentions.py` has it."""


class Input(NamedTuple):
    """One thing, in the state that it was in."""

    kind: str
    """As of dependencies; besides, source (a file's content, which settles all code in it), symbol
    (what a name at the top of a module is bound to), package (an installed one)."""
    key: str
    state: str


def first_difference(
    inputs: Iterable[tuple[str, str, str]], tree: SourceTree, digests: KeptDigests
) -> str | None:
    """Return what isn't as it was, None where all is."""
    by_kind: defaultdict[str, list[Input]] = defaultdict(list)
    for one in (Input(*given) for given in inputs):
        by_kind[one.kind].append(one)
    installed = installed_versions() if by_kind["package"] else {}
    for one in by_kind.pop("package", ()):
        if installed.get(one.key) != one.state:
            return f"the installed package {one.key}"
    edited = {
        one.key
        for one in by_kind.pop("source", ())
        if digests.of_file(os.path.join(tree.root, one.key)) != one.state
    }
    cuts = {path: _cut(path, tree) for path in edited}
    pieces: list[Input] = [*by_kind.pop("code", ()), *by_kind.pop("symbol", ())]
    for one in pieces:
        path, _, name = one.key.partition("::")
        if path in cuts and _state_now(one.kind, name, cuts[path]) != one.state:
            return f"{one.key}"
    project = Project(tree=tree, operations={})
    for source in SOURCES:
        wanted = {one.key: one.state for one in by_kind[source.kind]}
        for key, state in source.fingerprints(wanted, project).items() if wanted else ():
            if wanted[key] != state:
                return f"{source.kind} {key}"
    return None


def digest_of_symbol(name: str, symbols: Symbols) -> str:
    """Return the state of what a name at the top of a module is bound to."""
    if name == _WHOLE_MODULE:
        return symbols.import_digest
    parts = [
        f"{key} {definition.digest}"
        for key, definition in sorted(symbols.definitions.items())
        if key == name or key.startswith(f"{name}.")
    ]
    return digest("\0".join(parts).encode())


def _cut(path: str, tree: SourceTree) -> Symbols | None:
    from cdds_django.impact.code.symbols import cut

    file = tree.path(path)
    try:
        # Which module it is matters to what names lead to only, not to states.
        return cut(file.read_bytes(), module=file.stem)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _state_now(kind: str, name: str, symbols: Symbols | None) -> str:
    if symbols is None:
        return ABSENT
    if kind == "code":
        return symbols.functions.get(name, ABSENT)
    return digest_of_symbol(name, symbols)
