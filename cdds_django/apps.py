"""The Django app: it registers the system checks and the management commands."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks

from cdds_django.checks import check_settings


class CddsConfig(AppConfig):
    """Contract-Driven Delta Snapshotting."""

    name = "cdds_django"
    verbose_name = "Contract-Driven Delta Snapshotting"

    def ready(self) -> None:
        checks.register(check_settings)
