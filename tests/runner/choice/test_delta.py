"""When a run imports the project a second time, to see what importing does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Project

IMPORTED = """
DEBUG = True
ROOT_URLCONF = "urls"
with open({log!r}, "a") as log:
    log.write("imported\\n")
"""

URLS = """
from django.conf import settings

urlpatterns = []
if settings.DEBUG and settings.FEATURE:
    urlpatterns += []
"""

TESTS = """
from django.test import SimpleTestCase


class One(SimpleTestCase):
    def test_one(self):
        self.client.get("/")
"""

THEIR_RUNNER = """
from django.conf import settings
from django.test.runner import DiscoverRunner


class Runner(DiscoverRunner):
    def setup_test_environment(self, **kwargs):
        super().setup_test_environment(**kwargs)
        settings.FEATURE = False
"""


@pytest.mark.parametrize("setting", ['TEST_RUNNER = "their_runner.Runner"', ""])
def test_settings_that_the_test_environment_changes_are_not_taken_for_edits(
    make_project: Callable[..., Project], tmp_path: Path, setting: str
) -> None:
    """Django sets DEBUG to False while tests run, and most projects look at it at import."""
    log = tmp_path / "log"
    project = make_project(
        {"urls.py": URLS, "tests.py": TESTS, "their_runner.py": THEIR_RUNNER},
        settings=IMPORTED.format(log=str(log)) + f"FEATURE = True\n{setting}\n",
    )
    imports = []
    for _ in range(3):
        log.write_text("")
        assert project.test().returncode == 0
        imports.append(len(log.read_text().splitlines()))

    assert imports == [2, 1, 1]
