"""One run in which tests end in every way, with every report, looked at by many tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import MANAGE, PLAIN_SETTINGS, Project, TestRun

FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": "def gross(net):\n    return net * 2\n",
    "shop/tests.py": """
import unittest
from pathlib import Path

from django.test import SimpleTestCase, tag

from shop.prices import gross


class Base(SimpleTestCase):
    def check(self, net, expected):
        self.assertEqual(gross(net), expected, "a <b> & \\x00\\x1b[1m")


class PriceTests(Base):
    def test_passes(self):
        self.check(1, 2)

    def test_fails(self):
        self.check(1, 3)

    def test_breaks(self):
        raise ValueError("100% wrong:\\nsecond line")

    @unittest.skip("later, not <now>")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.check(1, 3)

    @unittest.expectedFailure
    def test_unexpected(self):
        self.check(1, 2)

    def test_flaky(self):
        seen = Path("seen")
        if not seen.exists():
            seen.touch()
            self.fail("not yet")


class LateTests(SimpleTestCase):
    def test_inside(self):
        pass

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        raise OSError("can't tidy up")
""",
    "shop/test_broken.py": "import nothing_like_it\n",
}


@dataclass(frozen=True)
class Told:
    """What a run wrote."""

    run: TestRun
    directory: Path
    """Where the reports are."""
    checkout: Path

    def text(self, name: str) -> str:
        return (self.directory / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A project in a directory of its checkout, run once without a map."""
    checkout = tmp_path_factory.mktemp("checkout")
    reports = tmp_path_factory.mktemp("reports")
    (checkout / ".git").mkdir()
    with tempfile.TemporaryDirectory(prefix="t") as temporary:
        project = Project(checkout / "backend", Path(temporary))
        project.write({"manage.py": MANAGE, "settings.py": PLAIN_SETTINGS, **FILES})
        run = project.test(
            *("--delta", "--retries", "1", "--parallel", "2"),
            *("--junit-xml", str(reports / "junit.xml")),
            *("--metrics", str(reports / "tests.prom")),
            *("--report-html", str(reports / "page")),
            GITHUB_ACTIONS="true",
            GITHUB_STEP_SUMMARY=str(reports / "summary.md"),
        )
        yield Told(run, reports, checkout)
