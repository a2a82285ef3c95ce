"""Middleware of the project."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from example_project.conf import rule

REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give every request an id that support can ask for; keep the caller's if it is a sane one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if REQUEST_ID.match(given) else uuid.uuid4().hex
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class ReadOnlyMiddleware:
    """Refuse writes to the API while the ``READ_ONLY`` rule is on, as during a database move."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            rule("READ_ONLY")
            and request.path.startswith("/api/")
            and request.method not in SAFE_METHODS
        ):
            return JsonResponse(
                {"code": "read_only", "detail": "Sales are paused; try again shortly."},
                status=503,
                headers={"Retry-After": "120"},
            )
        return self.get_response(request)
