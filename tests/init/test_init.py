"""`python -m cdds_django.init` in projects of their own, and its way back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cdds_django.init import workflows
from cdds_django.init.plan import has_coverage_configuration
from tests.conftest import MANAGE, REPOSITORY, Project

SETTINGS = """
SECRET_KEY = "for-tests"
INSTALLED_APPS = (
    "django.contrib.contenttypes",
    "rest_framework",
)
ROOT_URLCONF = "urls"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "x"}}
"""
INIT = (sys.executable, "-m", "cdds_django.init")


@pytest.fixture
def split(tmp_path: Path) -> Project:
    """A project with an API in a directory of its checkout, with split settings."""
    (tmp_path / ".git").mkdir()
    project = Project(tmp_path / "back")
    project.write(
        {
            "manage.py": MANAGE.replace('"settings"', '"config.settings.local"'),
            "config/__init__.py": "",
            "config/settings/__init__.py": "",
            "config/settings/base.py": SETTINGS,
            "config/settings/local.py": "from .base import *  # noqa\n\nDEBUG = True",
            "urls.py": (REPOSITORY / "tests/conftest.py")
            .read_text()
            .split('URLS = """')[1]
            .split('"""')[0],
            "requirements/dev.txt": "django\n",
        }
    )
    return project


def run(
    project: Project, *arguments: str, command: tuple[str, ...] = INIT, stdin: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [*command, *arguments],
        cwd=project.path,
        env={**environment, "PYTHONPATH": str(REPOSITORY), **more},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def files(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Return the content and the mode of all files but our own state."""
    return {
        str(path.relative_to(directory)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in directory.rglob("*")
        if path.is_file() and ".cdds" not in path.parts and "__pycache__" not in path.parts
    }


def test_there_and_back(split):
    checkout = split.path.parent
    settings = split.path / "config/settings/local.py"
    settings.chmod(0o600)
    before = files(checkout)

    shown = run(split, "--github", stdin="n\n")
    assert (shown.returncode, files(checkout)) == (0, before), shown.stderr
    assert "Nothing was written." in shown.stdout
    assert "--- a/back/config/settings/local.py" in shown.stdout
    assert '+INSTALLED_APPS = [*INSTALLED_APPS, "cdds_django"]' in shown.stdout
    assert "+++ b/.github/workflows/cdds.yml" in shown.stdout
    assert "the first snapshot of the API" in shown.stdout

    # The app's own command finds nothing missing afterwards.
    done = run(split, "--github", "--gitignore", stdin="y\n")
    assert done.returncode == 0, done.stderr
    written = files(checkout)
    assert written.keys() - before.keys() == {
        ".github/workflows/cdds.yml",
        "back/.coveragerc",
        "back/.gitignore",
        "back/.contract-snapshot.json",
    }
    assert written["back/config/settings/local.py"][1] == 0o600
    manage = (sys.executable, "manage.py", "cdds_init")
    again = run(split, "--yes", "--github", "--gitignore", command=manage)
    assert "Nothing to do" in again.stdout, again.stderr
    assert files(checkout) == written

    workflow = yaml.safe_load((checkout / ".github/workflows/cdds.yml").read_text())
    job = workflow["jobs"]["tests"]
    assert job["defaults"]["run"]["working-directory"] == "back"
    assert job["services"].keys() == {"redis"}
    assert "pip install -r requirements/dev.txt" in str(job["steps"])
    assert "back/.cdds/*.sqlite" in str(job["steps"])

    # Not over an edit of the user's.
    split.edit(".coveragerc", "branch = True", "branch = False")
    refused = run(split, "--undo")
    assert refused.returncode == 2
    assert "Changed since, so nothing was undone: .coveragerc." in refused.stderr
    split.edit(".coveragerc", "branch = False", "branch = True")
    # Also when the settings don't load any more.
    assert run(split, "--undo", DJANGO_SETTINGS_MODULE="nothing").returncode == 0
    assert files(checkout) == before
    assert not (checkout / ".github").exists()
    nothing = run(split, "--undo")
    assert nothing.returncode == 2
    assert "There is nothing to undo" in nothing.stderr


def test_what_breaks_the_project_is_taken_back(split):
    """So is a list that isn't the one that counts."""
    split.write(
        {
            "config/settings/local.py": (
                'from .base import *\n\nINSTALLED_APPS = ["django.contrib.contenttypes"]\n'
                'INSTALLED_APPS = list(filter(lambda app: "cdds" not in app, INSTALLED_APPS))\n'
            )
        }
    )
    done = run(split, "--yes", "--no-ci")
    assert done.returncode == 0, done.stderr
    text = (split.path / "config/settings/local.py").read_text()
    assert text.endswith(
        '\nINSTALLED_APPS = [*INSTALLED_APPS, "cdds_django"]\n'
        'TEST_RUNNER = "cdds_django.runner.DeltaDiscoverRunner"\n'
    )
    assert run(split, "--undo").returncode == 0

    split.write(
        {
            "config/settings/local.py": "from .base import *\nINSTALLED_APPS = []\n",
            "urls.py": "from django.conf import settings\n"
            "urlpatterns = [] if 'cdds_django' not in settings.INSTALLED_APPS else 1 / 0\n",
        }
    )
    before = files(split.path.parent)
    refused = run(split, "--yes", "--no-ci")
    assert refused.returncode == 2
    assert "ZeroDivisionError" in refused.stderr
    assert "Nothing stays written." in refused.stderr
    assert files(split.path.parent) == before


def test_what_a_person_has_to_put_right(split, tmp_path):
    for name, arguments, message in [
        ("back", ("--settings", "config.nothing"), "No module named 'config.nothing'"),
        ("back/config", (), "There is no manage.py"),
        ("back", ("--no-ci",), "There is nobody to ask. Pass --yes"),
    ]:
        refused = run(Project(tmp_path / name), *arguments)
        assert refused.returncode == 2
        assert message in refused.stderr
        assert "Traceback (most" not in refused.stderr.splitlines()[0]
    split.edit("manage.py", "config.settings.local", "")
    split.edit("manage.py", 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "")', "pass")
    assert "doesn't say which settings it uses" in run(split).stderr


def test_a_runner_of_the_project_stays(split):
    split.write(
        {
            "config/runner.py": "from django.test.runner import DiscoverRunner\n\n\n"
            "class Runner(DiscoverRunner):\n    pass\n",
            "config/settings/local.py": "from .base import *\n"
            'TEST_RUNNER = "config.runner.Runner"\n',
        }
    )
    before = files(split.path.parent)
    shown = run(split, "--dry-run", "--gitlab")
    assert files(split.path.parent) == before
    assert "+TEST_RUNNER" not in shown.stdout
    assert "Note: TEST_RUNNER stays config.runner.Runner." in shown.stdout
    assert "--testrunner cdds_django.runner.DeltaDiscoverRunner" in shown.stdout
    assert "+++ b/.gitlab/cdds.yml" in shown.stdout
    assert "+  - local: .gitlab/cdds.yml" in shown.stdout
    workflow = split.path.parent / ".github/workflows/main.yaml"
    workflow.parent.mkdir(parents=True)
    workflow.touch()
    shown = run(split, "--dry-run")
    assert "+++ b/.github/workflows/cdds.yml" in shown.stdout
    assert "Note: Other workflows stay: main.yaml." in shown.stdout
    # A pipeline that is there is not written to.
    (split.path.parent / ".gitlab-ci.yml").write_text("test:\n  script: make\n")
    shown = run(split, "--dry-run")
    assert "b/.gitlab-ci.yml" not in shown.stdout
    assert "Note: .gitlab-ci.yml stays as it is. Add to it:" in shown.stdout


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, False),
        ({"setup.cfg": "[metadata]\nname = x\n"}, False),
        ({"setup.cfg": "[coverage:run]\nbranch = true\n"}, True),
        ({"tox.ini": "[coverage:report]\n"}, True),
        ({"pyproject.toml": "[tool.coverage.run]\nbranch = true\n"}, True),
        ({"pyproject.toml": "[tool"}, False),
        ({".coveragerc": ""}, True),
    ],
)
def test_coverage_that_is_configured_stays(tmp_path, files, expected):
    Project(tmp_path).write(files)
    assert has_coverage_configuration(tmp_path) is expected


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"uv.lock": "", "pyproject.toml": ""}, "python -m pip install uv"),
        ({"poetry.lock": ""}, "python -m pip install poetry"),
        ({"requirements.txt": "", "pyproject.toml": ""}, "python -m pip install -r requirements"),
        ({"pyproject.toml": ""}, "python -m pip install --editable ."),
        ({}, "python -m pip install django"),
    ],
)
def test_how_projects_are_installed(tmp_path, files, command):
    Project(tmp_path).write(files)
    assert next(iter(workflows._installing(tmp_path))).startswith(command)
