"""`impact.graph.registrars`: what calls of installed packages do with what they are given."""

from __future__ import annotations

import pytest

from cdds_django.impact.graph.registrars import (
    ADMIN,
    DATABASE,
    REQUESTS,
    TEMPLATES,
    groups_that_see,
    is_idle_builtin,
    is_model_signal,
    keeps_nothing,
    may_keep_unseen,
)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("django.contrib.admin.register", {ADMIN}),
        ("django.contrib.admin.site.register", {ADMIN}),
        ("django.urls.register_converter", {REQUESTS}),
        ("django.db.models.signals.post_save.connect", {DATABASE}),
        ("django.template.Library", {TEMPLATES}),
        ("django.urls.path", set()),
        ("functools.lru_cache", set()),
        ("rest_framework.decorators.api_view", set()),
    ],
)
def test_groups(name: str, groups: set[str]) -> None:
    assert groups_that_see(name) == groups


@pytest.mark.parametrize(
    "name",
    [
        *("plugins.register", "atexit.register", "signal.signal", "warnings.filterwarnings"),
        *("django.utils.translation.activate", "factory.Faker.add_provider"),
    ],
)
def test_unknown(name: str) -> None:
    assert groups_that_see(name) is None
    assert not keeps_nothing(name)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        *(("plugins.register", True), ("random.seed", True), ("django.utils.timezone.now", False)),
        *(
            ("django.core.exceptions.ImproperlyConfigured", False),
            ("django.core.mail.outbox", True),
        ),
        *(("os.environ.get", False), ("sys.argv", False), ("functools.wraps", False)),
    ],
)
def test_a_function_that_mentions_a_name(name: str, may: bool) -> None:
    assert may_keep_unseen(name) is may


def test_beginnings_end_with_a_name() -> None:
    assert not keeps_nothing("attrition.register")


@pytest.mark.parametrize(("name", "idle"), [("print", True), ("setattr", False), ("exec", False)])
def test_builtins(name: str, idle: bool) -> None:
    assert is_idle_builtin(name) is idle


def test_model_signals() -> None:
    assert is_model_signal("django.db.models.signals.pre_save")
    assert not is_model_signal("django.core.signals.request_started")
