"""The business rules that ``settings.TICKETS`` can change, read each time they are needed."""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "RESERVATION_MINUTES": 15,
    "MAX_TICKETS_PER_ORDER": 10,
    "REFUND_CUTOFF_HOURS": 24,
    "AVAILABILITY_CACHE_SECONDS": 30,
    "CITIES_CACHE_SECONDS": 300,
    "IMAGE_MAX_BYTES": 512 * 1024,
    "LOGIN_RATE": "30/min",
    "LOCKOUT_ATTEMPTS": 5,
    "LOCKOUT_MINUTES": 15,
    "READ_ONLY": False,
    "REMINDER_HOURS": 24,
}


def rule(name: str) -> Any:
    """Return the value of one business rule; KeyError for a name that isn't in ``DEFAULTS``."""
    return getattr(settings, "TICKETS", {}).get(name, DEFAULTS[name])
