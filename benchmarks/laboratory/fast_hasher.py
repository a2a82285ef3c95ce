"""A pytest plugin: MD5 for passwords, as in the laboratory's other runs."""

from django.conf import settings

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


def pytest_sessionstart(session: object) -> None:
    others = [hasher for hasher in settings.PASSWORD_HASHERS if hasher != MD5]
    settings.PASSWORD_HASHERS = [MD5, *others]
