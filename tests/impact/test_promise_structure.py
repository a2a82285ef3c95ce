"""The promise for changes that no function's body shows: classes, modules, new and lost files."""

from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

CHILD = "Surroundings.test_child"


def of(all_tests: frozenset[str], *classes: str) -> set[str]:
    return {test for test in all_tests if test.partition(".")[0] in classes}


SERVICES = ("Functions", "Methods")

# Edits that have nothing to do with each other: what changes, and the tests that see it.
EDITS = {
    "shop/services.py::Derived.inherited": (
        (
            "class Derived(Base):\n",
            "class Derived(Base):\n    def inherited(self):\n        pass\n\n",
        ),
        " ".join(
            f"Methods.test_{name}"
            for name in ("inherited", "overridden", "own", "property", "setter", "class_method")
        )
        + " Methods.test_static",
    ),
    "shop/services.py::defaults": (
        ("def defaults(value=1)", "def defaults(value=2)"),
        "Functions.test_defaults",
    ),
    "shop/services.py::compute": (
        ("def compute():\n    return 1", "def compute():\n    return 2"),
        "Functions.test_constant",
    ),
    "shop/decorators.py::doubled": (("return 2 *", "return 3 *"), "Functions.test_decorated"),
    "shop/decorators.py::labelled": (("label.upper()", "label.lower()"), "Functions.test_labelled"),
    "shop/memos.py::memoize": (
        ('["result"] = function()', '["result"] = 2'),
        "Memos.test_closure_first Memos.test_closure_second",
    ),
    "shop/lazy.py::VALUE": (("VALUE = 1", "VALUE = 2"), "Functions.test_lazy"),
    "tests/base.py::ShopCase.kind": (('"base"', '"bass"'), "Based.test_kind Based.test_helper"),
    "shop/models.py::Item.price": (
        ("default=1", "default=2"),
        "Items.test_stamp Items.test_gross",
    ),
}


@pytest.fixture(scope="module")
def edited(recorded: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is selected with all these edits made."""
    shop = replace(recorded, path=tmp_path_factory.mktemp("structure") / "shop")
    shutil.copytree(recorded.path, shop.path)
    for key, ((old, new), _) in EDITS.items():
        shop.edit(key.partition("::")[0], old, new)
    return shop.explain()


@pytest.mark.parametrize(
    ("key", "tests"), [pytest.param(key, set(t.split()), id=key) for key, (_, t) in EDITS.items()]
)
def test_what_takes_effect_at_import_concerns_who_uses_it(
    edited: Any, key: str, tests: set[str]
) -> None:
    selected = {
        test for test in edited.selected for _, found, _ in edited.reasons(test) if found == key
    }

    assert (edited.full_run_reason, selected) == (None, tests)


def test_edits_at_import_level_leave_all_others_out(edited: Any) -> None:
    expected = {test for _, tests in EDITS.values() for test in tests.split()}

    assert edited.selected - {CHILD} == expected


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("shop/apps.py", '"registered"', '"other"'),
        ("shop/migrations/0001_initial.py", '"first"', '"second"'),
        ("manage.py", '"settings"', 'str("settings")'),
    ],
    ids=["ready", "migration-that-runs-code", "manage"],
)
def test_what_every_test_may_rely_on(
    shop: Any, all_tests: frozenset[str], path: str, old: str, new: str
) -> None:
    shop.edit(path, old, new)

    report = shop.explain()

    assert report.full_run_reason
    assert report.selected == all_tests


# A view in `cache_page` holds on to a middleware object, which may look at the URL patterns.
OPAQUE = {"Pages.test_cached_first", "Pages.test_cached_second"}


@pytest.mark.parametrize(
    ("path", "tests"), [("new/", set()), ("hello/", {"Pages.test_hello"})], ids=["new", "shadowing"]
)
def test_url_pattern_is_added(shop: Any, path: str, tests: set[str]) -> None:
    shop.edit("shop/urls.py", "urlpatterns = [", f'urlpatterns = [path("{path}", views.page), ')

    assert shop.explain().selected - {CHILD} - OPAQUE == tests


def test_new_module_that_takes_the_place_of_an_installed_one(
    shop: Any, all_tests: frozenset[str]
) -> None:
    shop.write("colorsys.py", "")

    report = shop.explain()

    assert "colorsys.py" in str(report.full_run_reason)
    assert report.selected == all_tests


@pytest.mark.parametrize("path", ["shop/admin.py", "tests/helpers.py", "shop/more/__init__.py"])
def test_new_module_that_nothing_imports(shop: Any, path: str) -> None:
    shop.write(path, "VALUE = 1\n")

    assert shop.explain().selected - {CHILD} == set()


def test_new_module_that_something_tries_to_import(shop: Any, all_tests: frozenset[str]) -> None:
    shop.edit(
        "tests/base.py",
        '\n\nclass ShopCase(SimpleTestCase):\n    kind = "base"',
        '\ntry:\n    from tests.local import KIND\nexcept ImportError:\n    KIND = "base"\n\n\n'
        "class ShopCase(SimpleTestCase):\n    kind = KIND",
    )
    shop.test()

    shop.write("tests/local.py", 'KIND = "bass"\n')

    assert shop.explain().selected - {CHILD} == of(all_tests, "Based")


BROKEN = "\nBROKEN = 1 / 0\n"


@pytest.mark.parametrize(
    ("path", "failing"),
    [
        ("shop/services.py", "tests.test_services"),
        ("tests/base.py", "tests.test_fixtures"),
        ("shop/lazy.py", "Functions.test_lazy"),
    ],
    ids=["of-the-application", "of-the-tests", "imported-late"],
)
def test_module_that_cannot_be_imported_any_more_fails_who_imports_it(
    shop: Any, path: str, failing: str
) -> None:
    """Whoever does, for nobody uses what it was that failed."""
    shop.write(path, shop.read(path) + BROKEN)

    report = shop.delta()

    assert report.outcomes[failing] == "error"


@pytest.mark.parametrize(
    "content",
    [
        "",
        """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RemoveField("nothing", "name")]
""",
    ],
    ids=["without-a-migration", "of-no-model"],
)
def test_new_migration_that_cannot_be_applied_is_tried(shop: Any, content: str) -> None:
    """All tests with a database would fail, so one of them has to run at least."""
    shop.write("shop/migrations/0002_more.py", content)

    assert {"Items.test_stamp", "Items.test_gross"} & shop.explain().selected


def test_comments_and_layout_select_nothing(shop: Any) -> None:
    for name in ("shop/services.py", "shop/models.py", "tests/base.py", "settings.py"):
        shop.write(name, "# A comment.\n\n\n" + shop.read(name).replace("return 1", "return (1)"))

    assert shop.explain().selected - {CHILD} == set()


def test_test_is_added_edited_and_deleted(shop: Any, all_tests: frozenset[str]) -> None:
    shop.edit(
        "tests/test_web.py",
        "    def test_plain",
        "    def test_new(self):\n        pass\n\n    def test_plain",
    )
    assert shop.delta().selected - {CHILD} == {"Pages.test_new"}

    shop.edit(
        "tests/test_web.py",
        "    def test_new(self):\n        pass",
        "    def test_new(self):\n        print()",
    )
    assert shop.delta().selected - {CHILD} == {"Pages.test_new"}

    shop.edit("tests/test_web.py", "    def test_new(self):\n        print()\n\n", "")
    report = shop.delta()
    assert report.selected - {CHILD} == set()
    assert set(report.outcomes) == all_tests


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

    assert report.full_run_reason is None
    assert report.selected - {CHILD} == {"Functions.test_lazy"}
    assert report.outcomes["Functions.test_lazy"] == "error"


def test_compiled_module_is_edited(shop: Any) -> None:
    places = (getattr(find_spec(name), "origin", None) for name in ("_heapq", "_struct", "_csv"))
    compiled = next(
        (Path(place) for place in places if place and place.endswith((".so", ".pyd"))), None
    )
    if compiled is None:
        pytest.skip("This Python has these modules built in.")
    module = compiled.name.partition(".")[0]
    shutil.copy(compiled, shop.path / "shop" / compiled.name)
    shop.write(
        "tests/test_compiled.py",
        f"""import unittest
from shop import {module}


class Compiled(unittest.TestCase):
    def test(self):
        self.assertTrue({module}.__doc__)
""",
    )
    assert shop.delta().outcomes["Compiled.test"] == "passed"

    with (shop.path / "shop" / compiled.name).open("ab") as file:
        file.write(b" ")

    assert shop.explain().selected - {CHILD} == {"Compiled.test"}


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
