"""What can be done with accounts; views and commands go through here."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from example_project.accounts.models import FailedLogin, User
from example_project.conf import rule
from example_project.exceptions import AccountLockedError


@transaction.atomic
def register_user(*, email: str, password: str, **fields: Any) -> tuple[User, Token]:
    """Create a customer and the token their first requests are made with."""
    user = User.objects.create_user(email, password, **fields)
    return user, Token.objects.create(user=user)


def is_locked(email: str) -> bool:
    """Say whether the address has failed so often lately that more attempts are refused."""
    since = timezone.now() - timedelta(minutes=rule("LOCKOUT_MINUTES"))
    failures = FailedLogin.objects.filter(
        email=User.objects.normalize_email(email), created_at__gte=since
    )
    return failures.count() >= rule("LOCKOUT_ATTEMPTS")


def log_in(request: HttpRequest, *, email: str, password: str) -> Token | None:
    """Return the user's token, or None for wrong credentials; AccountLockedError after too many."""
    if is_locked(email):
        raise AccountLockedError("Too many failed attempts; try again later.")
    user = authenticate(request, username=User.objects.normalize_email(email), password=password)
    if user is None:
        return None
    FailedLogin.objects.filter(email=user.email).delete()
    return Token.objects.get_or_create(user=user)[0]


def log_out(request: HttpRequest, user: User) -> None:
    """End the session and revoke the token, so that no device stays logged in."""
    Token.objects.filter(user=user).delete()
    logout(request)


@transaction.atomic
def change_password(user: User, new_password: str) -> Token:
    """Set the password and replace the token, which may be what was stolen."""
    user.set_password(new_password)
    user.save(update_fields=["password"])
    Token.objects.filter(user=user).delete()
    return Token.objects.create(user=user)
