"""The code objects that have run, and what each is in the project."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import CodeType

from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.records import Dependencies, Dependency


@dataclass(eq=False)
class Seen:
    """What is known of one code object."""

    code: CodeType
    dependency: Dependency | None
    owner: Dependency | None = None
    """What stands for the value that it keeps, if it keeps one."""
    brings: tuple[int, Dependencies] = (-1, frozenset())
    """What a test depends on that has run it: itself, and kept values that it may use. It holds as
    long as `Recorder` knows no more of kept values than then; the number says when that was."""


class SeenCode:
    """What is known of code objects, by their ids.

    They are no keys themselves: Python hashes and compares them by their whole content. That they
    are kept here keeps their ids from being given to others.
    """

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self.by_id: dict[int, Seen] = {}

    def of(self, code: CodeType) -> Seen:
        """Return what is known of a code object."""
        seen = self.by_id.get(id(code))
        if seen is None:
            seen = self.by_id[id(code)] = Seen(code, self._name(code))
        return seen

    def _name(self, code: CodeType) -> Dependency | None:
        path = self._tree.key(code.co_filename)
        if path is None:
            return None
        if not path.endswith(".py"):
            # Jinja compiles templates to code that bears the template's file name.
            return Dependency("file", path)
        if not code.co_flags & inspect.CO_OPTIMIZED:
            return None  # A class's body: it takes effect at import, as does the module's.
        # Functions inside a function are part of its body.
        outermost = code.co_qualname.partition(".<locals>")[0]
        if "<" in outermost:
            # A lambda or a comprehension at import level; so is its text.
            return None
        return Dependency("code", f"{path}::{outermost}")
