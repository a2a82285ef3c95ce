"""What calls of installed packages do with what they are given, where that is known.

A decorator or a call at import level may keep its argument anywhere. For those listed here it is
known where, and so which tests can see it; for any other that isn't known to keep nothing, all can.
"""

from __future__ import annotations

import sys

ADMIN, REQUESTS, DATABASE, TEMPLATES = "admin", "requests", "database", "templates"
"""Groups of tests: those that resolved a URL of the admin, any URL, ran SQL, rendered templates."""

SIGNAL_DECORATOR = "django.dispatch.receiver"

# By the beginning of the dotted name.
_KEPT_FOR: tuple[tuple[str, frozenset[str]], ...] = (
    ("django.contrib.admin.register", frozenset({ADMIN})),
    ("django.contrib.admin.site", frozenset({ADMIN})),
    ("django.contrib.admin.sites", frozenset({ADMIN})),
    ("django.urls.register_converter", frozenset({REQUESTS})),
    ("django.urls.converters.register_converter", frozenset({REQUESTS})),
    ("django.core.signals.", frozenset({REQUESTS})),
    ("django.db.models.signals.", frozenset({DATABASE})),
    ("django.contrib.auth.signals.", frozenset({DATABASE, REQUESTS})),
    ("django.db.backends.signals.", frozenset({DATABASE})),
    ("django.template.Library", frozenset({TEMPLATES})),
    ("tagulous.admin.register", frozenset({ADMIN})),
)

# What these do with a model they do when its rows are written or read, and in the admin.
_KEPT_WITH_MODELS: tuple[tuple[str, frozenset[str]], ...] = (
    ("auditlog.registry.auditlog.", frozenset({ADMIN})),
    ("fieldsignals.", frozenset()),
    ("pghistory.track", frozenset()),
    ("reversion.register", frozenset({ADMIN})),
    ("reversion.revisions.register", frozenset({ADMIN})),
    ("simple_history.register", frozenset({ADMIN})),
    ("simple_history.utils.register", frozenset({ADMIN})),
    ("watson.register", frozenset()),
    ("watson.search.register", frozenset()),
)

# These give back what they are given, made into something else, and keep nothing.
_KEEP_NOTHING = (
    "asgiref.",
    "attr.",
    "attrs.",
    "cached_property.",
    "celery.shared_task",
    "channels.db.",
    "ddt.",
    "deprecated.",
    "django.apps.apps.get_",
    "django.conf.urls.",
    "django.contrib.admin.action",
    "django.contrib.admin.display",
    "django.contrib.auth.decorators.",
    "django.contrib.auth.get_user_model",
    "django.core.exceptions.",
    "django.core.paginator.",
    "django.core.signing.",
    "django.core.validators.",
    "django.db.models.",
    "django.db.transaction.",
    "django.http.",
    "django.shortcuts.",
    "django.template.defaultfilters.",
    "django.test.",
    "django.urls.",
    "django.utils.",
    "django.views.",
    "django_filters.",
    "django_ratelimit.",
    "drf_spectacular.",
    "drf_yasg.utils.",
    "environ.",
    "factory.",
    "faker.",
    "freezegun.",
    "hypothesis.",
    "mock.",
    "parameterized.",
    "pydantic.",
    "pytest.",
    "requests_mock.",
    "respx.",
    "responses.",
    "rest_framework.",
    "rest_framework_simplejwt.",
    "structlog.",
    "tenacity.",
    "time_machine.",
    "typing_extensions.",
    "wrapt.",
)

_SET_IN_THE_STANDARD_LIBRARY = (
    *("asyncio.set_", "atexit.", "codecs.register", "copyreg.", "decimal.getcontext"),
    *("decimal.setcontext", "importlib.reload", "locale.setlocale", "logging.basicConfig"),
    *("logging.config.", "logging.disable", "mimetypes.add_type", "multiprocessing.set_"),
    *("os.chdir", "os.putenv", "os.umask", "random.seed", "signal.", "socket.setdefaulttimeout"),
    *("sqlite3.register_", "time.tzset", "warnings.filterwarnings", "warnings.resetwarnings"),
    "warnings.simplefilter",
)
_KEPT_BY_THE_STANDARD_LIBRARY = (*_SET_IN_THE_STANDARD_LIBRARY, "sys.", "threading.")
"""Of these, who mentions the latter two may have read them only."""
_KEPT_ALL_THE_SAME = (
    *("django.test.signals.", "django.utils.autoreload.", "django.utils.timezone.activate"),
    *("django.utils.translation.activate", "factory.Faker.add_provider", "factory.random."),
    *("faker.Faker.seed", "freezegun.configure", "hypothesis.settings."),
    *("rest_framework.settings.", "structlog.configure"),
)
"""Exceptions from those that keep nothing: they act on the whole process."""

# Sent by `override_settings`, and by whatever defines a model.
_SENT_BY_ANYTHING = (
    "django.core.signals.setting_changed",
    "django.db.models.signals.class_prepared",
)
_MODEL_SIGNALS = "django.db.models.signals."
_INIT_SIGNALS = tuple(f"{_MODEL_SIGNALS}{name}" for name in ("pre_init", "post_init"))
_DOING_BUILTINS = frozenset(
    {"setattr", "delattr", "exec", "eval", "__import__", "globals", "locals", "vars"}
)


def keeps_nothing(name: str) -> bool:
    """Whether the call of a dotted name leaves what it is given to the caller alone."""
    if name.startswith((*_KEPT_ALL_THE_SAME, *_SENT_BY_ANYTHING)):
        return False
    if name.startswith(_KEEP_NOTHING) or f"{name}." in _KEEP_NOTHING:
        return True
    root = name.partition(".")[0]
    return root in sys.stdlib_module_names and not name.startswith(_KEPT_BY_THE_STANDARD_LIBRARY)


def groups_that_see(name: str) -> frozenset[str] | None:
    """Return the groups of tests that what a call is given concerns; None if that isn't known."""
    groups = groups_that_share(name)
    if groups is not None:
        return groups
    return frozenset() if keeps_nothing(name) else None


def groups_that_share(name: str) -> frozenset[str] | None:
    """Return the groups of tests that see what a package has under a name; None if that isn't
    known."""
    if name.startswith(_SENT_BY_ANYTHING):
        return None
    if name.endswith(".register_lookup"):
        return frozenset({DATABASE})
    return next((groups for beginning, groups in _KEPT_FOR if name.startswith(beginning)), None)


def groups_beside_tables(name: str) -> frozenset[str] | None:
    """Return the groups of tests that a call given a model concerns besides those that use the
    model's table; None if it isn't known to be such a call."""
    return next(
        (groups for beginning, groups in _KEPT_WITH_MODELS if name.startswith(beginning)), None
    )


def is_compared_by_value(name: str) -> bool:
    """Whether what is under a dotted name is a dependency of its own (`sources/variables.py`)."""
    return name.startswith("os.environ")


def may_keep_unseen(name: str) -> bool:
    """Whether a function that mentions a dotted name may have handed something to its package."""
    if name.partition(".")[0] in sys.stdlib_module_names:
        return name.startswith(_SET_IN_THE_STANDARD_LIBRARY)
    return groups_that_see(name) is None


def is_model_signal(name: str) -> bool:
    """Whether a dotted name is a signal that a model sends."""
    return name.startswith(_MODEL_SIGNALS)


def is_init_signal(name: str) -> bool:
    """Whether a dotted name is a signal that making an object of a model sends."""
    return name.startswith(_INIT_SIGNALS)


def is_idle_builtin(name: str) -> bool:
    """Whether a name that a module doesn't bind is a builtin that keeps nothing."""
    return name.partition(".")[0] not in _DOING_BUILTINS
