"""Files of the modules that this process has loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from django.conf import settings


def settings_files(key_of: Callable[[str], str | None]) -> Iterator[str]:
    """Yield the files of the settings module and of the modules whose names it takes over."""
    name = getattr(settings, "SETTINGS_MODULE", None)
    if not isinstance(name, str):
        return
    package = name.rpartition(".")[0]
    for other, module in list(sys.modules.items()):
        if other == name or (package and other.startswith(f"{package}.") and "settings" in other):
            key = key_of(getattr(module, "__file__", None) or "<none>")
            if key is not None:
                yield key


def loaded_files() -> Iterator[str]:
    """Yield the files of all loaded modules."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            yield file
