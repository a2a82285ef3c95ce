"""Mutants: one edit of one file each, kept in a JSON file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import unified_diff
from pathlib import Path


class MutantError(Exception):
    """A mutant doesn't fit the tree that it is applied to."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One edit, or one file that comes or goes."""

    kind: str
    """What part of a project was edited, as the table names it."""
    operator: str
    """How, in a few words."""
    path: str
    """The file, relative to the project's root, with forward slashes."""
    line: int
    """Where the edit begins, from 1."""
    start: int
    """The same in characters from the file's beginning."""
    old: str
    """The text that is replaced; all of it where the file goes."""
    new: str
    """The text that replaces it; all of it where the file comes."""
    effect: str = "edit"
    """`edit`, `create` or `remove` (the file)."""

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that are the same in every generation of this mutant."""
        said = [self.operator, self.path, str(self.start), self.old, self.new, self.effect]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]

    def apply(self, root: Path) -> None:
        """Edit the tree. Raises MutantError where the text isn't what it was."""
        path = root / self.path
        if self.effect == "create":
            if path.exists():
                raise MutantError(f"{self.path} exists.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.new, encoding="utf-8")
            return
        text = read(path)
        if text[self.start : self.start + len(self.old)] != self.old:
            raise MutantError(f"{self.path} differs from what mutant {self.id} was made of.")
        if self.effect == "remove":
            path.unlink()
        else:
            write(path, self.applied(text))

    def applied(self, text: str) -> str:
        """Return a file's text with the edit."""
        return text[: self.start] + self.new + text[self.start + len(self.old) :]

    def diff(self, root: Path) -> str:
        """Return the edit as a unified diff against an unmutated tree."""
        before = "" if self.effect == "create" else read(root / self.path)
        after = "" if self.effect == "remove" else self.applied(before)
        lines = unified_diff(
            before.splitlines(), after.splitlines(), self.path, self.path, lineterm="", n=2
        )
        return "\n".join(lines)


def read(path: Path) -> str:
    """Return a file's text with its own line ends."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def write(path: Path, text: str) -> None:
    """Write a file's text with the line ends that it has."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)


def save(path: Path, mutants: Iterable[Mutant]) -> None:
    """Write mutants to a JSON file."""
    rows = [asdict(mutant) for mutant in mutants]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> list[Mutant]:
    """Read what `save` wrote."""
    return [Mutant(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
