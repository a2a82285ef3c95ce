"""The package that validates, which is an optional one."""

from __future__ import annotations

from types import ModuleType

from cdds_django.errors import ConfigurationError


def jsonschema_rs() -> ModuleType:
    """Return the module `jsonschema_rs`. Raises ConfigurationError when it isn't installed."""
    try:
        import jsonschema_rs as module
    except ImportError:
        raise ConfigurationError(
            "The contract mock needs the package jsonschema-rs. "
            "Install it with: pip install 'cdds-django[mock]'"
        ) from None
    return module
