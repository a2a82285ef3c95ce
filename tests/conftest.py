"""Django projects in directories of their own, for commands that are run as users run them."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from benchmarks.laboratory import warm as laboratory
from benchmarks.laboratory.warm import Warm

REPOSITORY = Path(__file__).parents[1]

# Tests edit files of their projects several times in a second, which compiled files don't notice.
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

# Runs within tests are not what GitHub's step is about.
for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)

RUNNER = "cdds_django.runner.DeltaDiscoverRunner"

PRELOADED = (
    "cdds_django.impact.choice.selection",
    "cdds_django.runner.runner",
    "cdds_django.runner.running.execution",
)
"""What forks of the warm process need not import. Any run imports it, and Django's part of it."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the package once, and not anew in each process that a test starts."""
    if not hasattr(config, "workerinput"):  # Workers of pytest-xdist come after.
        compileall.compile_dir(REPOSITORY / "cdds_django", quiet=2)


def closed(schema: Any) -> Any:
    """Return a schema that lets no key pass that it doesn't describe."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if "properties" in schema else {}
    return {**more, **{name: closed(value) for name, value in schema.items()}}


@cache
def _report_schema() -> jsonschema_rs.Validator:
    path = REPOSITORY / "cdds_django" / "runner" / "reports" / "report.schema.json"
    schema = closed(json.loads(path.read_text()))
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def require_schema(report: Mapping[str, Any]) -> None:
    """Every report that a test sees is what its schema says, and nothing else."""
    errors = [f"{e.instance_path}: {e.message}" for e in _report_schema().iter_errors(report)]
    assert errors == []


def warmed(*libraries: str) -> Warm:
    """Return a process that has imported libraries too. It can't tell who depends on these."""
    starter = Path(laboratory.__file__).with_name(laboratory.STARTER)
    return Warm(sys.executable, starter, *PRELOADED, *libraries)


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """A process that runs commands in forks of itself: in half the time, as from the start."""
    process = warmed()
    yield process
    process.end()


@dataclass(frozen=True)
class Project:
    """A Django project in a directory of its own."""

    path: Path
    temporary: Path = Path(tempfile.gettempdir())
    """Where its processes make temporary files."""
    warm: Warm | None = None
    """What runs its tests; without, each run starts Python anew, as people do."""

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

    def write(self, files: Mapping[str, str]) -> None:
        """Write files by path from the project's root."""
        for name, text in files.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(text)

    def command(self, *arguments: str, runner: str = RUNNER) -> list[str]:
        """Return the command of a test run with a JSON report."""
        command = [sys.executable, "manage.py", "test", *arguments, "--testrunner", runner]
        return [*command, *(["--report-json", str(self.report)] if runner == RUNNER else [])]

    def environment(self, **environment: str) -> dict[str, str]:
        """Return the environment of a test run: temporary files lie where they can be seen."""
        self.report.unlink(missing_ok=True)
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE", "COV_"))},
            "PYTHONPATH": str(REPOSITORY),
            "TMPDIR": str(self.temporary),
            **environment,
        }

    def test(
        self, *arguments: str, runner: str = RUNNER, stdin: str | None = None, **environment: str
    ) -> TestRun:
        """Run `manage.py test` there, which must leave no temporary file."""
        command, variables = (
            self.command(*arguments, runner=runner),
            self.environment(**environment),
        )
        if self.warm is not None and stdin is None:
            output, errors = (self.path.parent / f"{name}.txt" for name in ("output", "errors"))
            status = self.warm.run(
                command[1:],
                path=self.path,
                environment=variables,
                output=output,
                errors=errors,
                limit_s=100,
            )
            assert status is not None, f"still running:\n{output.read_text()}{errors.read_text()}"
            return self.finished(status, output.read_text(), errors.read_text())
        result = subprocess.run(
            command,
            cwd=self.path,
            env=variables,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return self.finished(result.returncode, result.stdout, result.stderr)

    def finished(self, returncode: int, output: str, errors: str) -> TestRun:
        """Return what a run did; it must have left no temporary file."""
        assert not [path.name for path in self.temporary.iterdir()], output + errors
        report = json.loads(self.report.read_text()) if self.report.exists() else {}
        if report:
            require_schema(report)
        return TestRun(returncode=returncode, output=output, errors=errors, report=report)

    @property
    def report(self) -> Path:
        return self.path.parent / "report.json"


@dataclass(frozen=True, kw_only=True)
class TestRun:
    """What `manage.py test` did."""

    __test__ = False

    returncode: int
    output: str
    errors: str
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def last_line(self) -> str:
        return self.output.strip().splitlines()[-1] if self.output.strip() else ""

    @property
    def text(self) -> str:
        return self.output + self.errors

    @property
    def outcomes(self) -> dict[str, str]:
        return {test["id"]: test["outcome"] for test in self.report["tests"]}

    def ids(self, outcome: str) -> list[str]:
        """Return the last two parts of the ids of tests that ended so."""
        return sorted(".".join(i.split(".")[-2:]) for i, o in self.outcomes.items() if o == outcome)

    @property
    def passed(self) -> list[str]:
        return self.ids("passed")


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


MANAGE = """
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
"""

PLAIN_SETTINGS = """
SECRET_KEY = "for-tests"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
"""


@pytest.fixture
def make_project(tmp_path: Path, warm: Warm) -> Iterator[Callable[..., Project]]:
    """A function that makes a project without DRF from files and further lines of settings.

    With `is_cold`, its runs are processes from their very start.
    """
    # Short, since the paths of sockets have a limit.
    temporary = tempfile.mkdtemp(prefix="t")

    def make(
        files: Mapping[str, str],
        settings: str = "",
        name: str = "project",
        *,
        is_cold: bool = False,
    ) -> Project:
        made = Project(tmp_path / name, Path(temporary), None if is_cold else warm)
        made.write({"manage.py": MANAGE, "settings.py": PLAIN_SETTINGS + settings, **files})
        return made

    yield make
    shutil.rmtree(temporary)
