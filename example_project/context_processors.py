"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest

from example_project.conf import rule


def branding(request: HttpRequest) -> dict[str, object]:
    return {
        "site_name": settings.SITE_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "sales_paused": rule("READ_ONLY"),
    }
