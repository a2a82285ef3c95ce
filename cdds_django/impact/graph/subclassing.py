"""What classes of installed packages do when they are subclassed."""

from __future__ import annotations

import sys
from typing import Any

# Their metaclasses and hooks gather what a class itself declares, or keep a list that is dealt with
# elsewhere (Django's models).
_GATHER_THEIR_OWN = frozenset(
    {"attr", "attrs", "channels", "crispy_forms", "ddt", "django", "django_countries"}
    | {"django_extensions", "django_filters", "django_tables2", "drf_spectacular", "environ"}
    | {"factory", "faker", "import_export", "model_utils", "mptt", "ninja", "polymorphic"}
    | {"pydantic", "pydantic_core", "rest_framework", "rest_framework_simplejwt", "selenium"}
    | {"simple_history", "solo", "taggit", "treebeard", "typing_extensions", "wtforms"}
)


def registers_subclasses(name: str) -> bool:
    """Whether subclassing may leave a trace beyond the subclass. `name` is dotted."""
    if _is_harmless(name):
        return False
    kind = installed(name)
    if not isinstance(kind, type):
        return True  # Not loaded, or a call that makes a class.
    places: list[type] = type.mro(type(kind))
    places += [base for base in kind.__mro__ if "__init_subclass__" in vars(base)]
    return not all(_is_harmless(place.__module__) for place in places)


def _is_harmless(name: str) -> bool:
    root = name.partition(".")[0]
    return root in sys.stdlib_module_names or root in _GATHER_THEIR_OWN


def installed(name: str) -> Any:
    """Return a loaded module's attribute by its dotted name, or None."""
    module, _, attributes = name, "", ""
    while module and module not in sys.modules:
        module, _, last = module.rpartition(".")
        attributes = f"{last}.{attributes}" if attributes else last
    found: Any = sys.modules.get(module)
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute, None)
    return found
