"""The project's own schema; drf-spectacular keeps global state, so each runs in a process."""

from __future__ import annotations

import json

import pytest

SHOW = """
import json, sys
import django
django.setup()
from cdds_django.contract.schema import build_schema
from cdds_django.errors import CddsError
try:
    schema = build_schema()
except CddsError as error:
    sys.exit(f"{type(error).__name__}: {error}")
print(json.dumps({"document": schema.document, "warnings": schema.warnings}))
"""


def built(project):
    """Return the schema and warnings, and what was printed beside."""
    result = project.manage("shell", "--no-imports", "-c", SHOW)
    return result, json.loads(result.stdout) if result.returncode == 0 else None


@pytest.mark.parametrize("configured", [False, True], ids=["unaware", "configured"])
def test_projects_with_and_without_drf_spectacular(configured, project):
    if configured:
        project.edit(
            "settings.py",
            "REST_FRAMEWORK = {",
            'REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema", ',
        )
        project.edit("settings.py", '["rest_framework"', '["rest_framework", "drf_spectacular"')
    result, schema = built(project)
    assert result.returncode == 0, result.stderr
    assert sorted(schema["document"]["paths"]) == ["/events/", "/venues/{id}/"]
    assert result.stderr == ""
    assert schema["warnings"] == []


def test_guesses_are_collected_and_not_printed(project):
    project.edit("urls.py", "    serializer_class = EventSerializer\n", "")
    result, schema = built(project)
    assert result.stderr == ""
    assert any("EventViewSet" in warning for warning in schema["warnings"])


def test_a_view_with_a_schema_class_of_drf(project):
    project.edit("urls.py", "class VenueView(generics.RetrieveAPIView):",
        "from rest_framework.schemas.openapi import AutoSchema\n\n\n"
        "class VenueView(generics.RetrieveAPIView):\n    schema = AutoSchema()")  # fmt: skip
    result, schema = built(project)
    assert result.returncode == 0, result.stderr
    assert "/venues/{id}/" in schema["document"]["paths"]


def test_project_without_an_api(project):
    project.edit("settings.py", '"rest_framework", ', "")
    (project.path / "urls.py").write_text("urlpatterns = []")
    result, _ = built(project)
    assert result.stderr.startswith("ContractError: This project has no contract")


@pytest.mark.parametrize("package", ["rest_framework", "drf_spectacular"])
def test_missing_package_is_named(package, project):
    (project.path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{package!r}] = None\n")
    project.edit("settings.py", '"rest_framework", ', "")
    (project.path / "urls.py").write_text("urlpatterns = []")
    result, _ = built(project)
    assert "pip install djangorestframework drf-spectacular" in result.stderr
    assert "Traceback" not in result.stderr


def test_code_of_the_project_that_fails(project):
    project.edit("urls.py", "    title = serializers.CharField()",
        "    def get_fields(self):\n        raise RuntimeError('no fields today')")  # fmt: skip
    result, _ = built(project)
    assert "RuntimeError: no fields today" in result.stderr
    assert "Traceback" not in result.stderr
