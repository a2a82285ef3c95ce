"""What has to be the same on two machines for tests to mean the same on both.

This module is sent to Dask's workers as it is, and runs in their own processes, which import
neither Django nor the project. So it needs nothing but the standard library.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

PROJECT_VARIABLE = "CDDS_PROJECT_DIR"
_SKIPPED = ("__pycache__", "node_modules", "site-packages", "dist-packages")
_INSTALLED = (".dist-info", ".egg-info")
_SHOWN = 5


def facts(root: str, sources: Iterable[str], files: Iterable[str]) -> dict[str, Any]:
    """Return what Python, packages and the project's files are here, as plain values.

    `sources` are the directories of first-party code and `files` those of its other files that
    count, by their paths from `root`.
    """
    python = f"{platform.python_implementation()} {platform.python_version()}"
    found = {*files, *_python_files(root, sources)}
    return {
        "Python": python,
        "the platform": f"{sys.platform} {platform.machine()}",
        "packages": {**_packages(), "cdds_django": _own_code()},
        "files": {file: _digest(os.path.join(root, file)) for file in sorted(found)},
    }


def differences(theirs: Mapping[str, Any], sources: Iterable[str], root: str) -> list[str]:
    """Return how this machine differs from another, whose facts are `theirs`: a line for each."""
    ours = facts(root, sources, theirs["files"])
    told = [
        f"{what} is {ours[what]}, here it is {theirs[what]}"
        for what in ("Python", "the platform")
        if ours[what] != theirs[what]
    ]
    for what in ("packages", "files"):
        there, here = ours[what], theirs[what]
        names = [n for n in sorted(there.keys() | here.keys()) if there.get(n) != here.get(n)]
        if names:
            describe = _package if what == "packages" else _file
            shown = ", ".join(describe(n, there.get(n), here.get(n)) for n in names[:_SHOWN])
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            told.append(f"{what}: {shown}{more}")
    return told


def project_directory(wanted: str, script: str) -> str | None:
    """Return where the project is on this machine, or None where it can't be found.

    An environment variable says so; otherwise it is where it is on the client's machine, or where
    this process was started. `script` is a file that is there, by its path from the project.
    """
    named = os.environ.get(PROJECT_VARIABLE)
    for place in [named] if named else [wanted, os.getcwd()]:
        if os.path.isdir(place) and os.path.exists(os.path.join(place, script)):
            return os.path.realpath(place)
    return None


def _package(name: str, there: str | None, here: str | None) -> str:
    if name == "cdds_django" and there is not None and here is not None:
        versions = there.partition(" ")[0], here.partition(" ")[0]
        if versions[0] == versions[1]:
            return f"cdds_django {versions[0]} with other code"
        there, here = versions
    if there is None:
        return f"{name} is missing"
    return f"{name} {there} (not here)" if here is None else f"{name} {there} (here {here})"


def _file(name: str, there: str | None, here: str | None) -> str:
    if not there:
        return f"{name} is missing"
    return name if here else f"{name} (not here)"


def _digest(path: str) -> str:
    """Return a file's digest; nothing where there is no file."""
    try:
        with open(path, "rb") as file:
            return blake2b(file.read(), digest_size=16).hexdigest()
    except OSError:
        return ""


def _python_files(root: str, sources: Iterable[str]) -> Iterator[str]:
    """Yield first-party Python files by their paths from `root`, as the impact map has them."""
    for source in sources:
        for directory, names, files in os.walk(os.path.join(root, source)):
            if "pyvenv.cfg" in files:
                names.clear()
                continue
            names[:] = [n for n in names if not n.startswith(".") and n not in _SKIPPED]
            for file in files:
                if file.endswith(".py"):
                    path = os.path.relpath(os.path.join(directory, file), root)
                    yield path.replace(os.sep, "/")


def _packages() -> dict[str, str]:
    """Return the versions of installed packages, which the names of directories tell."""
    found: dict[str, str] = {}
    for place in sys.path:
        if os.path.basename(place.rstrip(os.sep)) not in _SKIPPED or not os.path.isdir(place):
            continue
        for entry in os.listdir(place):
            stem, suffix = os.path.splitext(entry)
            if suffix in _INSTALLED:
                name, _, version = stem.partition("-")
                found.setdefault(name.replace("_", "-").lower(), version.split("-")[0])
    found.pop("cdds-django", None)
    return found


def _own_code() -> str | None:
    """Return this package's version and a digest of its code, without importing it."""
    spec = importlib.util.find_spec("cdds_django")
    if spec is None or spec.origin is None:
        return None
    place = Path(spec.origin).parent
    version = ""
    whole = blake2b(digest_size=16)
    for path in sorted(place.rglob("*.py")):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(place).as_posix()}\0{len(content)}\0".encode() + content)
        if path.parent == place and path.name == "__init__.py":
            _, _, rest = content.decode().partition('__version__ = "')
            version = rest.partition('"')[0]
    return f"{version} {whole.hexdigest()}"
