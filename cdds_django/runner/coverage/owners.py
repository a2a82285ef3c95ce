"""Who covers lines: test classes, and the stretches of a run that no test class is part of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cdds_django.impact.syntax.digests import text_digest

ELSE = ""
"""What every run does, whatever it selects: start, set-up, the runner's own work."""
IMPORTS = "imports"
"""Loading test modules and what they import."""
DATABASES = "databases"
"""Making the test databases."""

_CLASS = "class "
_MODULE = "module "


def class_of(test: str) -> str:
    """Return the owner that a test belongs to, by the test's id."""
    return of_class(test.rpartition(".")[0])


def of_class(name: str) -> str:
    """Return the owner that a class is, by its dotted name."""
    return f"{_CLASS}{name}"


def module_fixtures(module: str) -> str:
    """Return the owner that the fixtures of a test module are."""
    return f"{_MODULE}{module}"


def is_class(owner: str) -> bool:
    return owner.startswith(_CLASS)


def is_module(owner: str) -> bool:
    return owner.startswith(_MODULE)


def name(owner: str) -> str:
    """Return the dotted name of a class or module."""
    return owner.partition(" ")[2]


def by_class(tests: Iterable[str]) -> dict[str, list[str]]:
    """Group tests by the owner that they belong to."""
    found: dict[str, list[str]] = {}
    for test in tests:
        found.setdefault(class_of(test), []).append(test)
    return found


def digests(tests: Iterable[str]) -> Mapping[str, str]:
    """Return a digest of which tests of each class there are."""
    return {owner: text_digest(sorted(found)) for owner, found in by_class(tests).items()}
