"""Validators of order data."""

import re

from django.core.exceptions import ValidationError

VOUCHER_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{3,18}[A-Z0-9]$")


def validate_voucher_code(value: str) -> None:
    if not VOUCHER_CODE.match(value):
        raise ValidationError(
            "Use 5 to 20 capital letters, digits and hyphens; no hyphen at either end.",
            code="invalid_voucher_code",
        )
