"""Django, set up once for those tests that need URL patterns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import django
import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import clear_url_caches


@pytest.fixture
def with_urls() -> Iterator[Callable[[list[Any]], None]]:
    """A function that puts URL patterns into effect."""
    if not settings.configured:
        settings.configure()
    django.setup()
    module = sys.modules["urls_of_a_test"] = ModuleType("urls_of_a_test")

    def put(patterns: list[Any]) -> None:
        vars(module)["urlpatterns"] = patterns
        clear_url_caches()

    with override_settings(ROOT_URLCONF="urls_of_a_test"):
        yield put
    clear_url_caches()
    del sys.modules["urls_of_a_test"]
