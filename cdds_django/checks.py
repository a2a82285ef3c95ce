"""System checks for the `CDDS` settings. Ids are `cdds.E001` and up."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error

from cdds_django.conf import DEFAULTS
from cdds_django.errors import ConfigurationError


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Report every name and value in `CDDS` that this version doesn't understand."""
    configured = getattr(django_settings, "CDDS", {})
    if not isinstance(configured, Mapping):
        return [Error("CDDS should be a dict.", id="cdds.E001")]
    messages: list[CheckMessage] = []
    for name, value in configured.items():
        if name not in DEFAULTS:
            messages.append(_unknown_name(str(name)))
            continue
        expected, valid = _EXPECTATIONS[name]
        if not valid(value):
            messages.append(
                Error(f"CDDS['{name}'] should be {expected}, not {value!r}.", id="cdds.E003")
            )
    return messages


def require_valid_settings() -> None:
    """Raise ConfigurationError where the checks find an error.

    The runner and the commands call it, because a project may use them without having the app in
    INSTALLED_APPS, where Django would run the checks.
    """
    if messages := check_settings():
        raise ConfigurationError(
            "\n".join(f"{m.msg}{f' {m.hint}' if m.hint else ''} ({m.id})" for m in messages)
        )


def _unknown_name(name: str) -> Error:
    nearest = difflib.get_close_matches(name.upper(), DEFAULTS, n=1)
    hint = f"Did you mean '{nearest[0]}'?" if nearest else f"Known: {', '.join(sorted(DEFAULTS))}."
    return Error(f"CDDS['{name}'] is not a setting of cdds_django.", hint=hint, id="cdds.E002")


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str | os.PathLike) and bool(str(value))


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(_is_text(item) for item in value)


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_rising_pair(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
        and 0 < value[0] < value[1]
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_BOOL = ("True or False", _is_bool)
_PATH = ("a path", _is_text)

_EXPECTATIONS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "SNAPSHOT": _PATH,
    "STATE_DIR": _PATH,
    "SOURCES": ("a list of directories", lambda value: _is_list_of_text(value) and bool(value)),
    "WATCH": ("a list of paths or glob patterns", _is_list_of_text),
    "DELTA": _BOOL,
    "RECORD": _BOOL,
    "PARALLEL": ("'auto' or a number from 1", lambda value: value == "auto" or _is_positive(value)),
    "KEEPDB": _BOOL,
    "MAX_TEMPLATES": ("a number from 1", _is_positive),
    "DATABASE_INPUTS": ("a list of paths or glob patterns", _is_list_of_text),
    "TRANSACTION_TESTS": (
        "'seeded' or 'flushed'",
        lambda value: value in ("seeded", "flushed"),
    ),
    "FAST_HASHER": _BOOL,
    "ISOLATE_CACHES": _BOOL,
    "ISOLATE_MEDIA": _BOOL,
    "COVERAGE": _BOOL,
    "COLD_START": ("'full' or 'tags'", lambda value: value in ("full", "tags")),
    "UPSTREAMS": (
        "a dict of names to paths of OpenAPI documents or of directories of them",
        lambda value: isinstance(value, Mapping) and all(map(_is_text, [*value, *value.values()])),
    ),
    "CONTRACT_POLICY": _PATH,
    "MAP_STORAGE": (
        "None or an alias of STORAGES",
        lambda value: value is None or (isinstance(value, str) and bool(value)),
    ),
    "CLUSTER_OWN": ("a list of names of settings or variables", _is_list_of_text),
    "GITHUB": _BOOL,
    "MAX_WORKERS": (
        "None or a number from 1",
        lambda value: value is None or _is_positive(value),
    ),
    "RETRIES": ("a number from 0", _is_count),
    "RANDOM_SEED": (
        "None or a whole number",
        lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool)),
    ),
    "SPEED_LIMITS": ("two rising numbers of seconds", _is_rising_pair),
}
