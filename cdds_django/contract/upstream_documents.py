"""The documents that the setting `UPSTREAMS` names.

Imports nothing, for every test run needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DOCUMENT_SUFFIXES = (".json", ".yaml", ".yml")


def documents(upstreams: Mapping[str, Path]) -> dict[str, Path]:
    """Return the document of each service by name; a directory's are `directory/document`."""
    found: dict[str, Path] = {}
    for name, path in sorted(upstreams.items()):
        if path.is_dir():
            for child in sorted(path.iterdir()):
                if child.name.endswith(DOCUMENT_SUFFIXES):
                    found[f"{name}/{child.stem}"] = child
        else:
            found[name] = path
    return found
