"""The promise for changes that no function's body shows: classes, modules, new and lost files."""

from __future__ import annotations

from typing import Any

import pytest

CHILD = "Surroundings.test_child"


def of(all_tests: frozenset[str], *classes: str) -> set[str]:
    return {test for test in all_tests if test.partition(".")[0] in classes}


SERVICES = ("Functions", "Methods")


@pytest.mark.parametrize(
    ("old", "new"),  # More kinds of them are in test_symbols.py.
    [
        (
            "class Derived(Base):\n",
            "class Derived(Base):\n    def inherited(self):\n        return 1\n\n",
        ),
        ("def defaults(value=1)", "def defaults(value=2)"),
        ('"""Say what it gives."""', '"""Say it otherwise."""'),
        ("CONSTANT = compute()", "CONSTANT = 1"),
    ],
)
def test_what_takes_effect_at_import_concerns_all_that_import_it(
    shop: Any, all_tests: frozenset[str], old: str, new: str
) -> None:
    shop.edit("shop/services.py", old, new)

    report = shop.explain()

    assert report.full_run_reason is None
    assert report.selected - {CHILD} == of(all_tests, *SERVICES)


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("shop/decorators.py", "doubled"),
        ("shop/services.py", "compute"),
        ("shop/memos.py", "memoize"),
    ],
)
def test_body_of_a_function_that_ran_at_import(
    shop: Any, all_tests: frozenset[str], path: str, function: str
) -> None:
    shop.edit_body(path, function)

    users = ("Memos",) if path == "shop/memos.py" else SERVICES
    assert of(all_tests, *users) <= shop.explain().selected


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("shop/apps.py", '"registered"', '"other"'),
        ("shop/urls.py", "urlpatterns = [", 'urlpatterns = [path("new/", views.page), '),
        ("shop/migrations/0001_initial.py", '"first"', '"second"'),
        ("shop/lazy.py", "VALUE = 1", "VALUE = 2"),
        ("manage.py", '"settings"', 'str("settings")'),
    ],
)
def test_what_every_test_may_rely_on(
    shop: Any, all_tests: frozenset[str], path: str, old: str, new: str
) -> None:
    shop.edit(path, old, new)

    report = shop.explain()

    assert report.full_run_reason
    assert report.selected == all_tests


@pytest.mark.parametrize("path", ["shop/admin.py", "shop/migrations/0002_more.py", "colorsys.py"])
def test_new_module(shop: Any, all_tests: frozenset[str], path: str) -> None:
    shop.write(path, "")

    report = shop.explain()

    assert path in str(report.full_run_reason)
    assert report.selected == all_tests


def test_new_module_beside_tests_that_lie_in_an_application(shop: Any) -> None:
    """`shop/admin.py` is found by its name; `shop/test_more.py` is for the test loader alone."""
    shop.write(
        "shop/tests.py",
        "import unittest\n\n\nclass In(unittest.TestCase):\n    def test(self):\n        pass\n",
    )
    shop.test()
    shop.write("shop/test_more.py", "")
    assert shop.explain().full_run_reason is None

    shop.write("shop/admin.py", "")

    assert "shop/admin.py was added" in str(shop.explain().full_run_reason)


def test_new_helper_that_something_tries_to_import(shop: Any) -> None:
    shop.edit(
        "tests/base.py",
        "\n\nclass",
        "\ntry:\n    from tests import local\nexcept ImportError:\n    local = None\n\n\nclass",
    )
    shop.test()

    shop.write("tests/local.py", "")

    assert "tests/local.py was added" in str(shop.explain().full_run_reason)


def test_new_helper_that_nothing_imports(shop: Any) -> None:
    shop.write("tests/helpers.py", "VALUE = 1\n")

    assert shop.explain().selected - {CHILD} == set()


def test_comments_and_layout_select_nothing(shop: Any) -> None:
    for name in ("shop/services.py", "shop/models.py", "tests/base.py", "settings.py"):
        shop.write(name, "# A comment.\n\n\n" + shop.read(name).replace("return 1", "return (1)"))

    assert shop.explain().selected - {CHILD} == set()


def test_base_class_of_tests(shop: Any, all_tests: frozenset[str]) -> None:
    shop.edit("tests/base.py", '"base"', '"bass"')

    assert shop.explain().selected - {CHILD} == of(all_tests, "Based", "Items", "SetUp")


def test_test_is_added_edited_and_deleted(shop: Any, all_tests: frozenset[str]) -> None:
    shop.edit(
        "tests/test_web.py",
        "    def test_plain",
        "    def test_new(self):\n        pass\n\n    def test_plain",
    )
    assert shop.delta().selected - {CHILD} == {*of(all_tests, "Pages"), "Pages.test_new"}

    shop.edit(
        "tests/test_web.py",
        "    def test_new(self):\n        pass",
        "    def test_new(self):\n        print()",
    )
    assert shop.delta().selected - {CHILD} == {"Pages.test_new"}

    shop.edit("tests/test_web.py", "    def test_new(self):\n        print()\n\n", "")
    report = shop.delta()
    assert report.selected - {CHILD} == of(all_tests, "Pages")
    assert "Pages.test_new" not in report.outcomes


def test_test_file_is_renamed(shop: Any, all_tests: frozenset[str]) -> None:
    (shop.path / "tests/test_web.py").rename(shop.path / "tests/test_pages.py")

    report = shop.delta()

    assert report.selected - {CHILD} == of(all_tests, "Pages")
    assert report.json["discovered"] == len(all_tests)
    assert shop.explain().selected == set()


def test_test_file_is_new(shop: Any) -> None:
    shop.write(
        "tests/test_new.py",
        "import unittest\n\n\nclass New(unittest.TestCase):\n    def test(self):\n        pass\n",
    )

    assert shop.explain().selected - {CHILD} == {"New.test"}


def test_test_file_is_removed(shop: Any, all_tests: frozenset[str]) -> None:
    (shop.path / "tests/test_web.py").unlink()

    report = shop.delta()

    assert report.selected - {CHILD} == set()
    assert set(report.outcomes) == all_tests - of(all_tests, "Pages")


def test_module_is_removed(shop: Any, all_tests: frozenset[str]) -> None:
    (shop.path / "shop/lazy.py").unlink()

    report = shop.delta()

    assert "shop/lazy.py was removed" in str(report.full_run_reason)
    assert report.outcomes["Functions.test_lazy"] == "error"


def test_syntax_error_in_a_module(shop: Any, all_tests: frozenset[str]) -> None:
    shop.write("shop/services.py", "def broken(:\n")

    report = shop.delta()

    assert report.process.returncode == 1
    assert not report.outcomes.keys() & of(all_tests, *SERVICES)
    assert "error" in report.outcomes.values()


def test_syntax_error_in_an_application_module(shop: Any) -> None:
    shop.write("shop/lazy.py", "def broken(:\n")

    report = shop.explain()

    assert "shop/lazy.py can't be parsed" in str(report.full_run_reason)
    assert "Traceback" not in report.process.stderr
