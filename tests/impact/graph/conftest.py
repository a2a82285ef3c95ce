"""The graph of a project that is only written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.symbols import Symbols, cut
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.graph.changes import DefinitionChange, differences
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Modules, Symbol
from cdds_django.impact.graph.reach import Reach
from cdds_django.impact.graph.reached import Cause, Reached
from cdds_django.impact.graph.sites import Sites


@dataclass
class Graph:
    """Modules in files, and what some of them were before."""

    root: Path
    sources: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, Symbol] = field(default_factory=dict)
    aliases: Mapping[str, Symbol] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, source in self.sources.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(source)
        self.code = CodeState(SourceTree(self.root, (self.root,)), None)

    def _name(self, path: str) -> str:
        return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def _cut(self, path: str) -> Symbols:
        return cut(
            self.before[path], module=self._name(path), is_package=path.endswith("__init__.py")
        )

    @property
    def modules(self) -> Modules:
        names = [(self._name(path), path) for path in self.sources]
        before = {path: [self._cut(path)] for path in self.before}
        return Modules(self.code, names, before, self.models, self.aliases)

    def changes(self) -> list[DefinitionChange]:
        """Return what differs from before."""
        return [
            change
            for path in self.before
            for change in differences(path, self._cut(path), self.code.symbols(path))
        ]

    def reach(self, **facts: Any) -> Reached:
        """Follow what differs from before."""
        found = Facts(models=self.models, **facts)
        return Reach(Sites(self.modules), found).walk(self.changes())

    def run(self, key: str, **facts: Any) -> Reached:
        """Follow the changed body of a function that ran while the project was imported."""
        reach = Reach(Sites(self.modules), Facts(models=self.models, **facts))
        path, _, name = key.partition("::")
        change = DefinitionChange(path=path, key=name, change="changed", versions=())
        reach.run_function(key, Cause(change=change))
        return reach.reached


@pytest.fixture
def graph(tmp_path: Path) -> Callable[..., Graph]:
    """A function that makes a graph of sources by path."""
    return lambda sources, **options: Graph(tmp_path, sources, **options)
