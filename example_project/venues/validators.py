"""Validators of venue data."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from example_project.conf import rule

POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$|^\d{5}$")


def validate_postcode(value: str) -> None:
    """Accept British postcodes in capitals, and the five digits of many other countries."""
    if not POSTCODE.match(value):
        raise ValidationError(
            "Enter a postcode such as SW7 2AP, or five digits.", code="invalid_postcode"
        )


def validate_image_size(image: Any) -> None:
    """Refuse pictures that would make every page of the venue slow."""
    limit = rule("IMAGE_MAX_BYTES")
    if image.size > limit:
        raise ValidationError(
            f"The image has {filesizeformat(image.size)}; at most {filesizeformat(limit)} fit.",
            code="image_too_large",
        )
