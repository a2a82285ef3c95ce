"""The project's own files: which they are, their names in the map, and their contents' digests."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path

from cdds_django.errors import ConfigurationError
from cdds_django.files import PACKAGE

SKIPPED_DIRECTORIES = frozenset({"__pycache__", "node_modules", "site-packages", "dist-packages"})
COMPILED_SUFFIXES = (".so", ".pyd")
ABSENT = "absent"

_MAIN = ("__main__", "__mp_main__")
"""Names of the module of the main script; `multiprocessing` gives it the second."""


def digest(content: bytes) -> str:
    """Return the digest that this package uses for content, as 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


@dataclass(frozen=True, kw_only=True)
class FileState:
    """What `stat` says of a file. It only saves reading the file again."""

    size: int
    changed_ns: int
    """When its content or its status last changed. Tools may set a file's modification time, but
    not the time of that."""


@dataclass(frozen=True)
class SourceTree:
    """First-party code: all below `sources` that isn't hidden, a virtual environment or vendored.

    Files are named by their path from `root` with forward slashes (a key), so that a map made in
    one checkout is right in another.
    """

    root: Path
    sources: tuple[Path, ...]
    _keys: dict[str, str | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, root: Path, sources: Iterable[Path]) -> SourceTree:
        """Make a tree, adding the places outside `sources` that loaded modules come from.

        Django's settings or an editable install may put such places on `sys.path`, and code there
        changes as code in the project does. Raises ConfigurationError for a missing directory.
        """
        resolved = tuple(source.resolve() for source in sources)
        for source in resolved:
            if not source.is_dir():
                raise ConfigurationError(
                    f"CDDS['SOURCES'] names {source}, which is not a directory. "
                    "Paths start from where the command is run."
                )
        # Most loaded files are installed: their keys, which will be asked for, are known with that.
        installed: dict[str, str | None] = {}
        outside: set[str] = set()
        for file in _loaded_files():
            path = _real_path(file)
            if path.startswith(_environment()):
                installed[file] = None
            elif path.endswith(".py"):
                outside.add(_top_of_package(path))
        tree = cls(root.resolve(), resolved, installed)
        extra = tuple(
            place
            for place in map(Path, sorted(outside))
            if not tree.holds(str(place / "__init__.py"))
        )
        return cls(tree.root, resolved + extra, installed) if extra else tree

    def key(self, filename: str) -> str | None:
        """Return the key of a file, or None where it isn't first-party."""
        try:
            return self._keys[filename]
        except KeyError:
            # "<string>" and "<frozen …>" stand where code has no file.
            held = not filename.startswith("<") and self.holds(filename)
            key = self._relative(filename) if held else None
            self._keys[filename] = key
            return key

    def holds(self, filename: str) -> bool:
        """Whether a path is one of the project's own. The file need not exist."""
        path = _real_path(filename)
        if path.startswith(_environment()):
            return False
        for prefix in self._prefixes:
            if path.startswith(prefix):
                inner = path[len(prefix) :].split(os.sep)
                return not any(_is_skipped(name) for name in inner[:-1])
        return False

    def holds_code(self, filename: str) -> bool:
        """Whether a code object's file is first-party; remembered, for it is asked often."""
        return self.key(filename) is not None

    def path(self, key: str) -> Path:
        """Return the path of a file by its key."""
        return self.root / key

    def changed_ns(self, key: str) -> int | None:
        """Return when a file's content or status last changed, or None where there is no file."""
        try:
            stat = self.path(key).stat()
        except OSError:
            return None
        return max(stat.st_mtime_ns, stat.st_ctime_ns)

    def content_digest(self, key: str) -> str:
        """Return the digest of a file's content, or "absent"."""
        try:
            return digest(self.path(key).read_bytes())
        except OSError:
            return ABSENT

    def python_files(self) -> dict[str, FileState]:
        """Return every Python file and compiled module, by key."""
        found: dict[str, FileState] = {}
        for source in self.sources:
            for entry in _walk(str(source), (".py", *COMPILED_SUFFIXES)):
                stat = entry.stat()
                found[self._key_of(entry)] = FileState(
                    size=stat.st_size, changed_ns=max(stat.st_mtime_ns, stat.st_ctime_ns)
                )
        return found

    def all_files(self) -> Iterator[str]:
        """Yield the key of every file that isn't hidden."""
        for source in self.sources:
            for entry in _walk(str(source), ("",)):
                if not entry.name.startswith("."):
                    yield self._key_of(entry)

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        return tuple(f"{source}{os.sep}" for source in self.sources)

    @cached_property
    def _root_prefix(self) -> str:
        return f"{self.root}{os.sep}"

    def _relative(self, filename: str) -> str:
        return self._relative_to_root(_real_path(filename))

    def _key_of(self, entry: os.DirEntry[str]) -> str:
        # Directories are walked by their real paths, so that only links are to be looked up.
        if entry.is_symlink():
            return self._relative(entry.path)
        return self._relative_to_root(entry.path)

    def _relative_to_root(self, path: str) -> str:
        inner = path.removeprefix(self._root_prefix)
        return (os.path.relpath(path, self.root) if inner == path else inner).replace(os.sep, "/")


def _real_path(filename: str) -> str:
    """As `os.path.realpath`, which looks at every directory on the way for each file anew."""
    directory, name = os.path.split(filename)
    if name in ("", ".", "..") or not os.path.isabs(directory):
        return os.path.realpath(filename)
    path = os.path.join(_real_directory(directory), name)
    return os.path.realpath(path) if os.path.islink(path) else path


@lru_cache(maxsize=10_000)
def _real_directory(directory: str) -> str:
    """As `os.path.realpath`, which looks at all directories above anew for each one."""
    outer, name = os.path.split(directory)
    if name in ("", ".", ".."):
        return os.path.realpath(directory)
    path = os.path.join(_real_directory(outer), name)
    return os.path.realpath(path) if os.path.islink(path) else path


def _is_skipped(directory: str) -> bool:
    return directory.startswith(".") or directory in SKIPPED_DIRECTORIES


def _walk(directory: str, suffixes: tuple[str, ...]) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            listed = list(entries)
    except PermissionError:
        return
    if any(entry.name == "pyvenv.cfg" for entry in listed):
        return
    for entry in listed:
        if entry.is_dir():
            # A link to a directory may lead in a circle; what it shows is walked where it lies.
            if not entry.is_symlink() and not _is_skipped(entry.name):
                yield from _walk(entry.path, suffixes)
        elif entry.name.endswith(suffixes) and entry.is_file():
            yield entry


def _environment() -> tuple[str, ...]:
    """Return the directories of Python itself, installed packages and this package."""
    global _ENVIRONMENT
    if _ENVIRONMENT is None:
        paths = sysconfig.get_paths()
        places = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib", "scripts")}
        places |= {path for path in sys.path if path.endswith(tuple(SKIPPED_DIRECTORIES))}
        places.add(str(PACKAGE))
        _ENVIRONMENT = tuple(f"{os.path.realpath(place)}{os.sep}" for place in places)
    return _ENVIRONMENT


_ENVIRONMENT: tuple[str, ...] | None = None


def _loaded_files() -> list[str]:
    """Return the files of loaded modules; what lies beside the main script isn't its package."""
    modules = [module for name, module in list(sys.modules.items()) if name not in _MAIN]
    files = (getattr(module, "__file__", None) for module in modules)
    return [file for file in files if isinstance(file, str) and not file.startswith("<")]


def loaded_modules(tree: SourceTree) -> dict[str, str]:
    """Return the names of the loaded first-party modules by key, the main script's left out."""
    found: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        key = tree.key(file) if isinstance(file, str) else None
        if key is not None and name not in _MAIN:
            found.setdefault(key, name)
    return found


def _top_of_package(path: str) -> str:
    """Return the directory that the package of a file lies in, by its real path."""
    directory = os.path.dirname(path)
    while os.path.exists(os.path.join(os.path.dirname(directory), "__init__.py")):
        directory = os.path.dirname(directory)
    return directory
