"""A project's own runner stays behind ours when ours is tried out."""

from __future__ import annotations

FILES = {
    "own.py": """
from django.test.runner import DiscoverRunner


class OwnRunner(DiscoverRunner):
    def __init__(self, *args, own_option=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.own_option = own_option

    @classmethod
    def add_arguments(cls, parser):
        super().add_arguments(parser)
        parser.add_argument("--own-option")

    def setup_test_environment(self, **kwargs):
        super().setup_test_environment(**kwargs)
        import os

        os.environ["PREPARED"] = f"with {self.own_option}"


def not_a_class():
    pass
""",
    "tests/__init__.py": "",
    "tests/test_own.py": """
import os
import unittest


class OwnTests(unittest.TestCase):
    def test_prepared(self):
        self.assertEqual(os.environ.get("PREPARED"), os.environ["EXPECTED"])
""",
}
BEHIND = 'TEST_RUNNER = "own.OwnRunner"\n'


def test_behind_ours(make_project):
    project = make_project(FILES, BEHIND + 'CDDS = {"RECORD": False}\n')
    run = project.test("--own-option", "care", EXPECTED="with care")
    assert (run.returncode, run.last_line) == (0, "1 passed, 0 failed"), run.text


def test_derived_from_ours(make_project):
    project = make_project(FILES, BEHIND + 'CDDS = {"RECORD": False}\n')
    project.edit(
        "own.py",
        "from django.test.runner import DiscoverRunner",
        "from cdds_django.runner import DeltaDiscoverRunner as DiscoverRunner",
    )
    run = project.test(
        "--own-option", "care", runner="own.OwnRunner", EXPECTED="with care", stdin=""
    )
    assert run.last_line == "1 passed, 0 failed", run.text


def test_something_else(make_project):
    project = make_project(FILES, 'TEST_RUNNER = "own.not_a_class"\nCDDS = {"RECORD": False}\n')
    project.edit("tests/test_own.py", 'os.environ["EXPECTED"]', "None")
    assert project.test().last_line == "1 passed, 0 failed"
