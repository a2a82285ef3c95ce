"""The test runner: selects, schedules, runs in workers, records and reports."""

from cdds_django.runner.runner import DeltaDiscoverRunner

__all__ = ["DeltaDiscoverRunner"]
