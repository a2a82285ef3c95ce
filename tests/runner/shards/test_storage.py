"""Maps in a storage, found by the history of git."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess

import pytest

SETTINGS = """
INSTALLED_APPS = ["cdds_django"]
STORAGES = {
    "maps": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": "shared"},
    },
}
CDDS = {"MAP_STORAGE": "maps"}
"""
FILES = {
    "shop.py": "def left(number):\n    return number - 1\n",
    "tests.py": """
from django.test import SimpleTestCase

from shop import left


class Tests(SimpleTestCase):
    def test_left(self):
        self.assertEqual(left(1), 0)
""",
    ".gitignore": "shared\n",
}


@pytest.fixture
def project(make_project):
    project = make_project(FILES, SETTINGS)
    git(project, "init", "--quiet")
    commit(project)
    return project


def git(project, *arguments):
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
    return subprocess.run(
        command, cwd=project.path, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(project):
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "More")
    return git(project, "rev-parse", "HEAD")


def delta_map(project, *arguments):
    result = project.manage("delta_map", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_nearest_ancestor_s_map(project):
    map_file = project.path / ".cdds/impact.sqlite"
    assert "No map is stored" in delta_map(project, "get")
    assert project.test().returncode == 0
    first = git(project, "rev-parse", "HEAD")
    assert first in delta_map(project, "put")
    stored = map_file.read_bytes()

    # Two commits later, and on another branch, it is still the nearest.
    commit(project)
    commit(project)
    shutil.rmtree(map_file.parent)
    assert first in delta_map(project, "get")
    assert map_file.read_bytes() == stored
    assert project.test("--delta").report["selected"] == 0

    # A broken one is told, and what was here stays.
    (name,) = (project.path / "shared").iterdir()
    name.write_bytes(name.read_bytes()[:-30])
    result = project.manage("delta_map", "get")
    assert result.returncode == 2
    assert f"{first}.map.zip can't be read" in result.stderr
    assert map_file.read_bytes() == stored

    newest = commit(project)
    assert newest in delta_map(project, "put")
    assert "Deleted 1 stored maps" in delta_map(project, "prune", "--keep", "1")
    assert [path.name for path in name.parent.iterdir()] == [f"{newest}.map.zip"]
    assert sqlite3.connect(map_file).execute("SELECT count(*) FROM subject").fetchone() == (2,)
    result = project.manage("delta_map", "get", "--revision", "nonsense")
    assert result.returncode == 2
    assert "git knows no revision 'nonsense'" in result.stderr
