"""Keeping a project's own test runner when ours is chosen by `--testrunner`.

A project's runner often prepares what its tests need, in `__init__` or `setup_test_environment`.
Ours then goes in front of it, so that a trial needs no edit.
"""

from __future__ import annotations

from django.conf import settings
from django.test.runner import DiscoverRunner
from django.utils.module_loading import import_string


def project_runner(ours: type[DiscoverRunner]) -> type[DiscoverRunner] | None:
    """Return the class that the setting TEST_RUNNER names, where it can stand behind `ours`."""
    configured = import_string(settings.TEST_RUNNER)
    if not (isinstance(configured, type) and issubclass(configured, DiscoverRunner)):
        return None
    return None if issubclass(ours, configured) or issubclass(configured, ours) else configured


def in_front_of_project_runner(ours: type[DiscoverRunner]) -> type[DiscoverRunner]:
    """Return `ours`, derived from the project's own runner too where it has one."""
    theirs = project_runner(ours)
    return ours if theirs is None else type(ours.__name__, (ours, theirs), {})
