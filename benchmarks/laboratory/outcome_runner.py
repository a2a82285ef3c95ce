"""Django's own test runner for the truth: outcomes to a file, and a fast password hasher.

The laboratory copies this file and `stock_runner.py` to a directory that projects import from.
"""

import gc

from django.conf import settings
from django.test.runner import DiscoverRunner
from django.utils.module_loading import import_string
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

    def run_suite(self, suite, **kwargs):
        gc.freeze()
        return super().run_suite(suite, **kwargs)
