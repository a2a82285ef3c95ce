"""Django's own test runner for the truth: outcomes to a file, and a fast password hasher.

The laboratory copies this file and those that it imports to a directory that projects import from.
"""

import gc
import os

from django.conf import settings
from django.test.runner import DiscoverRunner
from django.utils.module_loading import import_string
from kept_database import kept_database
from stock_runner import OutcomeRunner

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


def _project_runner() -> type[DiscoverRunner]:
    """Return the project's own runner, unless it is the one that is judged."""
    configured = import_string(settings.TEST_RUNNER)
    foreign = configured.__module__.partition(".")[0] != "cdds_django"
    return configured if foreign and issubclass(configured, DiscoverRunner) else DiscoverRunner


class Runner(OutcomeRunner, _project_runner()):
    """Runs everything, selects nothing."""

    def setup_test_environment(self, **kwargs):
        super().setup_test_environment(**kwargs)
        others = [hasher for hasher in settings.PASSWORD_HASHERS if hasher != MD5]
        settings.PASSWORD_HASHERS = [MD5, *others]

    def setup_databases(self, **kwargs):
        with kept_database(os.environ["DATABASE_COPY"]):
            return super().setup_databases(**kwargs)

    def run_suite(self, suite, **kwargs):
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        return super().run_suite(suite, **kwargs)
