"""Documents and projects small enough to see what a test is about."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cdds_django.contract.diff import diff
from cdds_django.contract.snapshot import snapshot_of

REPOSITORY = Path(__file__).parents[2]
Json = dict[str, Any]


def api(operation: Json, schemas: Json | None = None, version: str = "3.0.3") -> Json:
    """Return a document with one operation, `POST /orders/`."""
    return {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/orders/": {"post": {"operationId": "orders_create", **operation}}},
        "components": {"schemas": schemas or {}},
    }


def with_body(schema: Any) -> Json:
    """Return an operation whose request body has `schema`."""
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def with_response(schema: Any) -> Json:
    """Return an operation whose response has `schema`."""
    return {
        "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": schema}}}
        }
    }


@pytest.fixture
def make_api() -> Callable[..., Json]:
    return api


@pytest.fixture
def request_hash() -> Callable[..., str]:
    """Hash a schema used as a request body."""

    def hashed(schema: Any, schemas: Json | None = None, version: str = "3.0.3") -> str:
        document = api(with_body(schema), schemas, version)
        return snapshot_of(document).operations[0].request_hash

    return hashed


@pytest.fixture
def documentation_hash() -> Callable[..., str]:
    """Hash the documentation of a schema used as a request body."""

    def hashed(schema: Any, schemas: Json | None = None) -> str:
        return snapshot_of(api(with_body(schema), schemas)).operations[0].documentation_hash

    return hashed


@pytest.fixture
def found_in_operations() -> Callable[[Json, Json], list[tuple[str, str]]]:
    """Compare two operations; return ids and levels, sorted."""

    def found(base: Json, head: Json) -> list[tuple[str, str]]:
        result = diff(snapshot_of(api(base)), snapshot_of(api(head)))
        return sorted((change.id, change.level) for change in result.changes)

    return found


@pytest.fixture
def in_request(
    found_in_operations: Callable[[Json, Json], list[tuple[str, str]]],
) -> Callable[[Json, Json], list[tuple[str, str]]]:
    """Compare two schemas of a request body."""
    return lambda base, head: found_in_operations(with_body(base), with_body(head))


@pytest.fixture
def in_response(
    found_in_operations: Callable[[Json, Json], list[tuple[str, str]]],
) -> Callable[[Json, Json], list[tuple[str, str]]]:
    """Compare two schemas of a response."""
    return lambda base, head: found_in_operations(with_response(base), with_response(head))


@dataclass(frozen=True)
class Project:
    """A Django project in a directory of its own."""

    path: Path

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a management command there."""
        return subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            cwd=self.path,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "settings",
                "PYTHONPATH": f"{self.path}{os.pathsep}{REPOSITORY}",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace `old`, which must be there, in a file."""
        text = (self.path / name).read_text()
        assert old in text
        (self.path / name).write_text(text.replace(old, new))


SETTINGS = """
SECRET_KEY = "for-tests"
INSTALLED_APPS = ["rest_framework", "cdds_django"]
ROOT_URLCONF = "urls"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
"""

URLS = """
from django.urls import path
from rest_framework import generics, serializers, viewsets
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter


class VenueSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80, help_text="As on the sign.")
    kind = serializers.ChoiceField(choices=["hall", "club"], allow_null=True)


class EventSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField()
    venue = VenueSerializer(read_only=True)


class EventViewSet(viewsets.ViewSet):
    serializer_class = EventSerializer

    def list(self, request):
        return Response([])

    def create(self, request):
        return Response({})


class VenueView(generics.RetrieveAPIView):
    serializer_class = VenueSerializer


router = SimpleRouter()
router.register("events", EventViewSet, basename="event")
urlpatterns = [*router.urls, path("venues/<int:pk>/", VenueView.as_view())]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A DRF project that has never heard of drf-spectacular."""
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "urls.py").write_text(URLS)
    return Project(tmp_path)
