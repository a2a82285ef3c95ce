"""Passwords hashed with MD5 while tests run: a real hasher is slow on purpose."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.test.utils import override_settings

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


def use_fast_hasher() -> Callable[[], None]:
    """Put MD5 before the project's hashers; return what undoes it.

    The others stay, so that hashes in fixtures can still be checked. Only the runner calls this,
    and what it changes is this process's settings.
    """
    others = [hasher for hasher in settings.PASSWORD_HASHERS if hasher != MD5]
    override = override_settings(PASSWORD_HASHERS=[MD5, *others])
    override.enable()
    return override.disable
