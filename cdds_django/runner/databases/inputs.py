"""What a template was made from besides what its fingerprint names, and whether it is the same now.

Migrations run functions, which call others and use constants; receivers of `post_migrate` do, and
custom fields. They read settings and files. All that was seen when the template was made is written
down with its state (`seen_inputs.py`); here it is compared.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

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


def first_difference(
    inputs: Iterable[tuple[str, str, str]], tree: SourceTree, digests: KeptDigests
) -> str | None:
    """Return what isn't as it was, None where all is.

    `inputs` are kinds, keys and states, as `seen_inputs.py` has them.
    """
    by_kind: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, key, state in inputs:
        by_kind[kind].append((key, state))
    packages = by_kind["package"]
    installed = installed_versions() if packages else {}
    for name, version in packages:
        if installed.get(name) != version:
            return f"the installed package {name}"
    edited = {
        path
        for path, content in by_kind["source"]
        if digests.of_file(os.path.join(tree.root, path)) != content
    }
    cuts = {path: _cut(path, tree) for path in edited}
    for kind in ("code", "symbol"):
        # There is a source of that name, which says something else.
        for key, state in by_kind.pop(kind, ()):
            path, _, name = key.partition("::")
            if path in cuts and _state_now(kind, name, cuts[path]) != state:
                return key
    project = Project(tree=tree, operations={})
    for source in SOURCES:
        wanted = dict(by_kind[source.kind])
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
