"""Names and places that have a meaning of their own, in Python, unittest and Django."""

from __future__ import annotations

import re

from cdds_django.impact.graph.changes import DefinitionChange
from cdds_django.impact.graph.facts import Facts
from cdds_django.impact.graph.modules import Modules, Symbol
from cdds_django.impact.graph.registrars import REQUESTS
from cdds_django.impact.syntax.definitions import FUNCTION

WHOLE_MODULE_NAMES = frozenset(
    {"__all__", "__getattr__", "__dir__", "__path__", "setUpModule", "tearDownModule", "load_tests"}
)
"""What concerns everyone who imports the module, or all of its tests."""

SETTINGS_FOLLOWED_OTHERWISE = frozenset(
    {"ASGI_APPLICATION", "AUTH_USER_MODEL", "INSTALLED_APPS", "MIGRATION_MODULES"}
    | {"ROOT_URLCONF", "WSGI_APPLICATION"}
)
"""Settings that name modules whose contents are seen by URL, by table, or by the app's class."""

_LOADED_BY_DJANGO = re.compile(
    r"(.*/)?((admin|apps|models|manage|asgi|wsgi|__init__)\.py|(management|templatetags)/.*)"
)

_ERROR_HANDLERS = frozenset({"handler400", "handler403", "handler404", "handler500"})
_TEST_CLASSES = ("django.test.", "rest_framework.test.", "unittest.")


def module_groups(change: DefinitionChange) -> frozenset[str] | None:
    """Return the groups of tests that a change concerns by its name alone, or None."""
    return frozenset({REQUESTS}) if change.key in _ERROR_HANDLERS else None


def is_loaded_by_django(path: str) -> bool:
    """Whether a file lies where Django, or who starts it, looks for one of its name."""
    return _LOADED_BY_DJANGO.fullmatch(path) is not None


def is_test_method(change: DefinitionChange, modules: Modules) -> bool:
    """Whether it is a test's own declaration, which concerns that test alone."""
    owner, _, method = change.key.rpartition(".")
    return (
        owner == change.top != ""
        and method.startswith("test")
        and all(version.kind == FUNCTION for version in change.versions)
        and _is_test_class(Symbol(change.path, owner), modules, set())
    )


def _is_test_class(symbol: Symbol, modules: Modules, seen: set[Symbol]) -> bool:
    seen.add(symbol)
    for head in modules.heads(symbol):
        for base in head.bases:
            names = modules.external(symbol.path, base)
            if any(n.endswith("TestCase") or n.startswith(_TEST_CLASSES) for n in names):
                return True
            for parent in modules.resolve(symbol.path, base) - seen:
                if _is_test_class(parent, modules, seen):
                    return True
    return False


def unknown_effect(symbol: Symbol, modules: Modules, facts: Facts) -> str | None:
    """Return why nobody can tell what a class does by being defined, None where that is known."""
    for head in modules.heads(symbol):
        for base in head.bases:
            for name in modules.external(symbol.path, base):
                if name.startswith("django.apps.") and name.endswith("AppConfig"):
                    return "it configures an app"
                if facts.registers_subclasses(name):
                    return f"{name} may keep a list of its subclasses"
    return None
