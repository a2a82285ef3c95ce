from django.core.exceptions import ValidationError

LONGEST = 30


def check_title(value):
    if len(value) > LONGEST:
        raise ValidationError("too long")
