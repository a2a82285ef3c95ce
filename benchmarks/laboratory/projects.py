"""The projects that are experimented on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Project:
    """A Django project with tests, and where the laboratory keeps what it finds out."""

    name: str
    root: Path
    """A git work tree, which is only read."""
    lab: Path
    """A directory for copies and results."""
    settings: str
    """The settings module."""
    python: str = sys.executable
    """The interpreter that the project runs on."""
    labels: list[str] = field(default_factory=list)
    """What to test; nothing means everything."""
    mutated: list[str] = field(default_factory=lambda: ["*"])
    """Patterns of the files that may be mutated."""
    spared: list[str] = field(default_factory=list)
    """Patterns of those that may not."""
    left_out: list[str] = field(default_factory=list)
    """Patterns of files that don't belong to the project, so that copies go without."""
    apart_from_database: list[str] = field(default_factory=list)
    """Patterns of the Python files that can't shape the test database."""
    directories: list[str] = field(default_factory=list)
    """Directories that the project wants to be there, and that git doesn't keep."""
    variables: dict[str, str] = field(default_factory=dict)
    """Environment variables."""
    package: str = ""
    """A directory with the version of cdds_django to judge; by default what is installed."""

    def tracked(self) -> list[str]:
        """Return the paths of all files that git knows and the tree has."""
        command = ["git", "-C", str(self.root), "ls-files", "-z", "."]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        paths = sorted(path for path in told.split("\0") if path)
        return [
            path
            for path in paths
            if not any(fnmatch(path, pattern) for pattern in self.left_out)
            and (self.root / path).is_file()
        ]

    def mutable(self) -> Iterator[str]:
        """Yield the paths of the files to mutate."""
        for path in self.tracked():
            spared = any(fnmatch(path, pattern) for pattern in self.spared)
            if not spared and any(fnmatch(path, pattern) for pattern in self.mutated):
                yield path


def example(root: Path, lab: Path, package: str) -> Project:
    """Return the example project of a checkout."""
    return Project(
        name="example_project",
        root=root,
        lab=lab / "example_project",
        settings="example_project.settings",
        labels=["example_project"],
        mutated=["example_project/*"],
        spared=["*/asgi.py", "*/wsgi.py", "*/tour.py", "*/databases.py", "*.md"],
        apart_from_database=[
            *("*/tests/*", "*/testing/*", "*/views/*", "*/views.py", "*/serializers/*"),
            *("*/serializers.py", "*/urls.py", "*/admin.py", "*/forms.py", "*/services/*"),
            *("*/templatetags/*", "*/management/*", "*/middleware.py"),
        ],
        left_out=[f"{name}/*" for name in ("cdds_django", "tests", "benchmarks", "docs", ".ci")],
        package=package,
    )


def named(name: str, lab: Path, package: str) -> Project:
    """Return the example project of a checkout, or what a JSON file says of `Project`'s fields."""
    if Path(name).is_dir():
        return example(Path(name).resolve(), lab, package)
    told = json.loads(Path(name).read_text(encoding="utf-8"))
    told["root"] = Path(told["root"])
    return Project(**told, lab=lab / told["name"], package=package)
