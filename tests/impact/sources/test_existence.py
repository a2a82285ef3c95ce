"""`impact.sources.existence`: what was only asked for."""

from __future__ import annotations

from typing import Any

PROJECT = {
    "shop/__init__.py": "",
    "shop/models.py": "",
    "shop/migrations/__init__.py": "",
    "tests/__init__.py": "",
    "tests/test_a.py": """
from django.test import TestCase


class ATests(TestCase):
    def test_a(self):
        pass
""",
}


def test_directories_of_compiled_modules_come_and_go(make_project: Any) -> None:
    """A fresh clone has none where migrations are looked for, and a map from elsewhere fits it."""
    project = make_project(PROJECT, "INSTALLED_APPS = ['shop']\n")
    compiled = project.path / "shop/migrations/__pycache__"
    compiled.mkdir()
    assert project.test("--parallel", "1").passed == ["ATests.test_a"]
    compiled.rmdir()
    again = project.test("--parallel", "1", "--delta")
    assert (again.passed, again.report["full_run_reason"]) == ([], None), again.text
