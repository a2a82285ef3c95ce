"""Routes: which URL patterns the requests of a test were resolved to.

They say which operations a test called. What a route leads to is code, and its change is seen
there, so routes have no fingerprint of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.handlers.base import BaseHandler
from django.http import HttpRequest

from cdds_django.impact.recording.patching import wrap
from cdds_django.impact.sources.base import Project

if TYPE_CHECKING:
    from cdds_django.impact.recording.recorder import Recorder

_PARAMETER = re.compile(r"<[^>]*>|\{[^}]*\}")


class Routes:
    kind = "route"

    def watch(self, recorder: Recorder) -> Callable[[], None]:
        def resolve_request(original: Any, handler: BaseHandler, request: HttpRequest) -> Any:
            match = original(handler, request)
            recorder.note("route", f"{request.method} {match.route}")
            return match

        return wrap(BaseHandler, "resolve_request", resolve_request)

    def shared(self, project: Project) -> Iterable[str]:
        return ()

    def fingerprints(self, keys: Collection[str], project: Project) -> Mapping[str, str]:
        return dict.fromkeys(keys, "")


def shape_of_route(route: str) -> str:
    """Return a recorded route ("GET api/events/<int:pk>/") as a shape ("GET /api/events/{}/")."""
    # Most runs don't need it, and it brings the admin with it.
    from django.contrib.admindocs.views import simplify_regex

    method, _, pattern = route.partition(" ")
    path = simplify_regex(pattern)
    return shape_of_operation("GET" if method == "HEAD" else method, path)


def shape_of_operation(method: str, path: str) -> str:
    """Return an operation's method and path without the parameters' names."""
    return f"{method.upper()} {_PARAMETER.sub('{}', path)}"
