"""Validators of account data."""

import re

from django.core.exceptions import ValidationError

PHONE = re.compile(r"^\+[1-9]\d{6,14}$")


def validate_phone(value: str) -> None:
    """Accept numbers in international form (ITU-T E.164), without spaces."""
    if not PHONE.match(value):
        raise ValidationError(
            "Enter the number in international form, such as +442079460000.", code="invalid_phone"
        )


class MixedCharactersValidator:
    """Require a password to have at least one letter and one digit."""

    def validate(self, password: str, user: object = None) -> None:
        if not (any(c.isalpha() for c in password) and any(c.isdigit() for c in password)):
            raise ValidationError(self.get_help_text(), code="password_not_mixed")

    def get_help_text(self) -> str:
        return "Your password must contain at least one letter and one digit."
