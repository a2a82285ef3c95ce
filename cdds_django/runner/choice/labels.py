"""Telling a mistyped test label from a test that fails to load."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
import pkgutil
from collections.abc import Iterable, Iterator, Sequence

from cdds_django.errors import ConfigurationError


def require_known(labels: Sequence[str], known: Iterable[str]) -> None:
    """Raise ConfigurationError for a label that names nothing, with the nearest of `known` names.

    A module that exists and can't be imported is left to unittest, which reports it as a failure.
    """
    names = frozenset(known)
    for label in labels:
        if os.path.isfile(label):
            raise ConfigurationError(
                f"The label {label!r} is a file. Name its directory, or the module as Python "
                "imports it."
            )
        # Known first: looking a label up imports what it names.
        if label in names or os.path.exists(os.path.abspath(label)):
            continue
        if not _exists(label):
            nearest = difflib.get_close_matches(
                label, {*names, *_neighbours(label)}, n=3, cutoff=0.6
            )
            hint = (
                f"Did you mean {' or '.join(nearest)}?"
                if nearest
                else "A label is a directory or a dotted name of a package, module, class or test."
            )
            raise ConfigurationError(f"No tests are called {label!r}. {hint}")


def enclosing(tests: Iterable[str]) -> set[str]:
    """Return the names of classes, modules and packages that hold these tests."""
    found: set[str] = set()
    for test in tests:
        parts = test.split(".")
        found.update(".".join(parts[:end]) for end in range(1, len(parts)))
    return found


def _exists(label: str) -> bool:
    if os.sep in label:
        return False
    parts = label.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        try:
            spec = importlib.util.find_spec(name)
        except ModuleNotFoundError:
            continue
        except Exception:
            return True  # A parent package fails to import: for unittest to report.
        if spec is not None:
            return _has_attributes(name, parts[end:])
    return False


def _neighbours(label: str) -> Iterator[str]:
    """Yield what there is beside the first part of `label` that names nothing."""
    parts = label.split(".")
    for end in range(len(parts) - 1, -1, -1):
        holder = ".".join(parts[:end])
        if holder and not _exists(holder):
            continue
        found = _resolve(holder) if holder else None
        places = getattr(found, "__path__", ()) if holder else [os.getcwd()]
        names = {module.name for module in pkgutil.iter_modules(list(places))}
        names.update(name for name in dir(found) if not name.startswith("_"))
        yield from (".".join([*parts[:end], name, *parts[end + 1 :]]) for name in sorted(names))
        return


def _resolve(name: str) -> object:
    try:
        return pkgutil.resolve_name(name)
    except Exception:
        return None


def _has_attributes(module: str, names: list[str]) -> bool:
    if not names:
        return True
    try:
        found: object = importlib.import_module(module)
    except Exception:
        return True
    for name in names:
        if not hasattr(found, name):
            return False
        found = getattr(found, name)
    return True
