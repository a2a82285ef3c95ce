"""The promise for what isn't code: files, templates, directories, variables, child processes."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

CHILD = "Surroundings.test_child"


def test_nothing_changed_selects_nothing(shop: Any) -> None:
    report = shop.explain()

    assert (report.full_run_reason, report.selected) == (None, set())


def test_files_are_written_and_removed(shop: Any) -> None:
    """All at once: each test has its own reasons."""
    (shop.path / "shop/data/prices.json").unlink()
    for path in ("shop/data/optional.txt", "shop/data/flag", "declared.txt", "unrelated.txt"):
        shop.write(path, "now it is there")
    shop.write("shop/templates/part.html", "other")
    shop.write("overrides/plain.html", "in its place")

    report = shop.explain()

    assert report.full_run_reason is None
    # A child process may have read any file.
    assert {test: report.reasons(test) for test in report.selected - {CHILD}} == {
        "Files.test_prices": [("file", "shop/data/prices.json", "removed")],
        "Files.test_optional": [("file", "shop/data/optional.txt", "added")],
        "Files.test_flag": [("existence", "shop/data/flag", "added")],
        "Files.test_names": [("listing", "shop/data", "changed")],
        "Surroundings.test_declared": [("file", "declared.txt", "added")],
        "Pages.test_page": [("template", "part.html", "changed")],
        "Pages.test_page_again": [("template", "part.html", "changed")],
        "Pages.test_plain": [("template", "plain.html", "changed")],
    }


def test_files_are_edited(shop: Any) -> None:
    shop.write("shop/data/prices.json", '{"price": 2}')
    shop.write("shop/templates/base.html", "other")
    (shop.path / "shop/templates/plain.html").unlink()

    report = shop.explain()

    assert report.selected - {CHILD} == {
        *("Files.test_prices", "Pages.test_page", "Pages.test_page_again", "Pages.test_plain"),
    }


@pytest.mark.parametrize("path", ["shop/data/limits.json", "shop/templates/early.html"])
def test_what_a_module_reads_when_imported_concerns_all_that_import_it(
    shop: Any, path: str, all_tests: frozenset[str]
) -> None:
    shop.write(path, "{}")

    report = shop.explain()

    assert report.full_run_reason is None
    assert report.selected == {
        test for test in all_tests if test.startswith(("Files.", "Surroundings."))
    }


def test_environment_variable_read_by_a_function(shop: Any) -> None:
    report = shop.explain(SHOP_VARIABLE="other")

    assert report.reasons("Surroundings.test_variable") == [("variable", "SHOP_VARIABLE", "added")]
    assert report.selected == {"Surroundings.test_variable"}


def test_environment_variable_read_while_a_test_module_is_imported(shop: Any) -> None:
    report = shop.explain(SHOP_SKIP="1")

    assert report.full_run_reason is None
    assert "Surroundings.test_skip_if" in report.selected
    assert not any(test.startswith("Functions.") for test in report.selected)


def test_environment_variable_in_a_setting(shop: Any, all_tests: frozenset[str]) -> None:
    report = shop.explain(SHOP_CURRENCY="CHF")

    assert "CURRENCY" in str(report.full_run_reason)
    assert report.selected == all_tests


@pytest.mark.parametrize("path", ["pricing/children.py", "shop/data/prices.json"])
def test_a_test_that_starts_a_process_depends_on_every_file(shop: Any, path: str) -> None:
    shop.write(path, "pass  # changed\n")

    assert CHILD in shop.explain().selected


def test_same_size_and_time_are_not_taken_for_the_same(shop: Any) -> None:
    path = shop.path / "shop/services.py"
    before = path.stat()
    shop.edit("shop/services.py", "def plain():\n    return 1", "def plain():\n    return 2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert shop.explain().selected == {"Functions.test_plain", CHILD}


def test_same_size_and_time_of_an_old_file(shop: Any) -> None:
    """As where a tool gives all files one constant time."""
    path = shop.path / "shop/services.py"
    os.utime(path, (1, 1))
    shop.test("tests.test_memos")
    time.sleep(0.02)
    shop.edit("shop/services.py", "def plain():\n    return 1", "def plain():\n    return 2")
    os.utime(path, (1, 1))

    assert "Functions.test_plain" in shop.explain().selected


def test_import_record_is_made_anew_when_what_was_read_at_import_changed(shop: Any) -> None:
    """What is imported may be told by a data file, and then what runs at import."""
    shop.write("shop/data/limits.json", '{"limit": 1, "plugin": "shop.lazy_part"}')
    shop.edit(
        "tests/test_reading.py", "def test_limits(self):", "def test_limits(self):\n        return"
    )
    shop.write("shop/plugins/__init__.py", "")
    shop.write("shop/plugins/one.py", "def run():\n    return 1\n\n\nVALUE = run()\n")
    shop.edit(
        "shop/reading.py",
        "\n\ndef prices",
        '\nif "plugin" in LIMITS:\n    __import__(LIMITS["plugin"])\n\n\ndef prices',
    )
    assert shop.test().process.returncode == 0
    shop.write("shop/data/limits.json", '{"limit": 1, "plugin": "shop.plugins.one"}')
    assert shop.delta().process.returncode == 0

    shop.edit_body("shop/plugins/one.py", "run")

    # Nobody names the plugin, so nobody knows who uses it.
    assert "Files.test_limits" in shop.explain().selected


def test_source_that_a_test_reads(shop: Any) -> None:
    shop.write(
        "tests/test_style.py",
        """import unittest
from pathlib import Path


class Style(unittest.TestCase):
    def test_todo(self):
        self.assertNotIn("TODO", Path("shop/services.py").read_text())
""",
    )
    assert shop.delta().outcomes["Style.test_todo"] == "passed"
    shop.write("shop/services.py", (shop.path / "shop/services.py").read_text() + "# TODO\n")

    assert shop.delta().outcomes["Style.test_todo"] == "failed"
