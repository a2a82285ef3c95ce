"""The fast hasher comes first, and goes with the run."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings

from cdds_django.runner.running.hashers import MD5, use_fast_hasher


@pytest.fixture(autouse=True)
def configured():
    if not settings.configured:
        settings.configure()


@pytest.mark.parametrize("hashers", [["a.B"], ["a.B", MD5], [MD5, "a.B"]])
def test_first_and_undone(hashers):
    with override_settings(PASSWORD_HASHERS=hashers):
        undo = use_fast_hasher()
        assert settings.PASSWORD_HASHERS == [MD5, "a.B"]
        undo()
        assert hashers == settings.PASSWORD_HASHERS


def test_only_processes_that_run_tests_have_it(make_project):
    """Neither one that a test starts, nor the command's own once tests have run."""
    project = make_project(
        {
            "tests/__init__.py": "",
            "tests/test_hashers.py": '''
import atexit
import subprocess
import sys
import unittest

from django.conf import settings

OTHER = """
import django
from django.conf import settings
django.setup()
print(settings.PASSWORD_HASHERS[0])
"""


class HasherTests(unittest.TestCase):
    def test_here(self):
        self.assertIn("MD5", settings.PASSWORD_HASHERS[0])

    def test_in_a_process_of_its_own(self):
        told = subprocess.check_output([sys.executable, "-c", OTHER], text=True)
        self.assertIn("PBKDF2", told)

atexit.register(lambda: print("in the end", settings.PASSWORD_HASHERS[0]))
''',
        }
    )
    run = project.test("--parallel", "1", DJANGO_SETTINGS_MODULE="settings")
    assert run.returncode == 0, run.errors
    assert run.report["selected"] == 2
    assert "in the end django.contrib.auth.hashers.PBKDF2PasswordHasher" in run.output
