"""Django projects in directories of their own, for commands that are run as users run them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


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
