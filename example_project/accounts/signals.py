"""Receivers of the accounts app; its AppConfig imports this module to connect them."""

from typing import Any

from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from example_project.accounts.models import FailedLogin, User


@receiver(user_login_failed, dispatch_uid="accounts.record_failed_login")
def record_failed_login(
    sender: object, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Keep the attempt for the lockout rule; attempts without an address tell nothing."""
    email = credentials.get("username") or credentials.get("email")
    if email:
        FailedLogin.objects.create(
            email=User.objects.normalize_email(email),
            ip_address=request.META.get("REMOTE_ADDR") if request else None,
        )
