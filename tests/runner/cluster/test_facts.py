"""What is told of two machines that aren't the same."""

from __future__ import annotations

import shutil

import pytest

from cdds_django.runner.cluster.facts import differences, facts, project_directory


@pytest.fixture
def here(tmp_path):
    root = tmp_path / "here"
    for name in ("shop/views.py", "shop/models.py", "shop/page.html", ".venv/x.py", "env/a.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "env/pyvenv.cfg").touch()
    return root


def compared(here, there, **changed):
    theirs = facts(str(here), ["."], ["shop/page.html"])
    return differences({**theirs, **changed}, ["."], str(there))


def test_nothing_where_a_copy_is_elsewhere(here, tmp_path):
    there = shutil.copytree(here, tmp_path / "there")
    (there / "shop/__pycache__").mkdir()
    (there / "shop/__pycache__/x.py").touch()
    (there / "db.sqlite3").touch()
    assert compared(here, there) == []


def test_files_by_what_became_of_them(here, tmp_path):
    there = shutil.copytree(here, tmp_path / "there")
    (there / "shop/views.py").write_text("edited")
    (there / "shop/models.py").unlink()
    (there / "shop/page.html").write_text("edited")
    (there / "shop/new.py").touch()
    assert compared(here, there) == [
        "files: shop/models.py is missing, shop/new.py (not here), shop/page.html, shop/views.py"
    ]
    for number in range(9):
        (there / f"shop/b{number}.py").touch()
    assert compared(here, there)[0].endswith("shop/b4.py (not here) and 8 more")


def test_python_and_packages(here):
    packages = facts(str(here), [], [])["packages"]
    assert packages["django"]
    ours = packages["cdds_django"]
    theirs = {**packages, "django": "4.2", "nobodys": "1", "cdds_django": ours[:-4] + "abcd"}
    del theirs["coverage"]
    first, second = compared(here, here, Python="CPython 2.7", packages=theirs)
    assert first.startswith("Python is CPython 3")
    assert first.endswith(", here it is CPython 2.7")
    assert "cdds_django 0.1.0 with other code" in second
    assert f"django {packages['django']} (here 4.2), nobodys is missing" in second
    assert f"coverage {packages['coverage']} (not here)" in second


def test_where_the_project_is(here, tmp_path, monkeypatch):
    (here / "manage.py").touch()
    monkeypatch.chdir(here)
    assert project_directory("/nowhere", "manage.py") == str(here)
    monkeypatch.chdir(tmp_path)
    assert project_directory("/nowhere", "manage.py") is None
    assert project_directory(str(here), "manage.py") == str(here)
    monkeypatch.setenv("CDDS_PROJECT_DIR", str(tmp_path))
    assert project_directory(str(here), "manage.py") is None
