"""What the graph has to know of a project besides its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cdds_django.impact.graph.modules import Symbol


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What Django and the last import of the project tell."""

    run_at_import: frozenset[str] = frozenset()
    """The keys of functions that ran while the project was imported."""
    imported_early: frozenset[str] = frozenset()
    """The files that were imported before any test ran."""
    settings_files: frozenset[str] = frozenset()
    """The settings modules: what they bind in capitals is compared by value."""
    models: Mapping[str, Symbol] = field(default_factory=dict)
    """First-party model classes, by label in lower case."""
    is_plain_field: Callable[[Symbol, str], bool] = lambda symbol, name: False
    """Whether an attribute of a model class isn't the key by which relations know it."""
    test_files: frozenset[str] = frozenset()
    """The files of test modules."""
    is_signal: Callable[[str], bool] = lambda name: False
    """Whether a dotted name of an installed package is a signal."""
    registers_subclasses: Callable[[str], bool] = lambda name: False
    """Whether an installed package's class, by dotted name, does something when it is subclassed
    that isn't known here."""
