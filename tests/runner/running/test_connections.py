"""No more workers than the database server has connections for."""

from __future__ import annotations

import pytest

TESTS = {
    "tests/__init__.py": "",
    "tests/test_many.py": """
from django.test import TestCase


class ATests(TestCase):
    def test(self):
        pass


class BTests(ATests):
    pass


class CTests(ATests):
    pass
""",
}


@pytest.mark.parametrize(("left", "workers"), [(7, 2), (5, 1)])
def test_few_connections_left(make_project, postgres, left, workers):
    # The server says how many it has; that it has few more is said here.
    files = {
        **TESTS,
        "tests/__init__.py": "import cdds_django.runner.running.connections as connections\n"
        "real = connections.connections_left\n"
        "connections.connections_left = (\n"
        f"    lambda alias: {left} if real(alias) > 0 else None\n"
        ")\n",
    }
    project = make_project(files, f"DATABASES = {{'default': {postgres.database()!r}}}\n")
    run = project.test("--parallel", "3", "--no-record")
    assert (run.returncode, run.report["workers"]) == (0, workers), run.text
    assert f"The database server has connections left for {workers} of 3 workers" in run.output
