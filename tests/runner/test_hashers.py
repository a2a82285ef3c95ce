"""The fast hasher comes first, and goes with the run."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings

from cdds_django.runner.hashers import MD5, use_fast_hasher


@pytest.fixture(autouse=True)
def configured():
    if not settings.configured:
        settings.configure()


@pytest.mark.parametrize("hashers", [["a.B"], ["a.B", MD5], [MD5, "a.B"]])
def test_first_and_undone(hashers):
    with override_settings(PASSWORD_HASHERS=hashers):
        undo = use_fast_hasher()
        assert settings.PASSWORD_HASHERS == [MD5, "a.B"]
        undo()
        assert hashers == settings.PASSWORD_HASHERS
