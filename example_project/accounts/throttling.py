"""Throttles of the accounts app."""

from rest_framework.throttling import AnonRateThrottle

from example_project.conf import rule


class LoginThrottle(AnonRateThrottle):
    """Slow down guessing; the rate is a business rule, so it is read for each request."""

    scope = "login"

    def get_rate(self) -> str:
        return rule("LOGIN_RATE")
