"""The promise for function bodies, kept exactly: all are edited at once, each has its own tests."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

import pytest

MEMOS = (
    *("attribute", "cached", "class", "closure", "dict", "factory", "global", "list", "lru"),
    *("entry", "method", "property", "renamed", "set", "singleton", "wrapped"),
)
FUNCTIONS = {
    "shop/services.py": {
        "plain": "Functions.test_plain",
        "helper": "Functions.test_helper",
        "calls_helper": "Functions.test_helper",
        "decorated": "Functions.test_decorated",
        "labelled_function": "",
        "generate": "Functions.test_generator",
        "managed": "Functions.test_managed",
        "async_function": "Functions.test_async",
        "dispatched": "",
        "defaults": "Functions.test_defaults",
        "imports_lazily": "Functions.test_lazy",
        "in_thread": "Functions.test_thread",
        "inherited": "Methods.test_inherited",
        "overridden": "Methods.test_overridden",
        "make": "Methods.test_class_method",
        "static": "Methods.test_static",
        "outer": "Functions.test_nested",
    },
    "shop/models.py": {"gross": "Items.test_gross"},
    "shop/signals.py": {"stamp": "Items.test_stamp Items.test_gross"},
    "shop/views.py": {"hello": "Pages.test_hello", "page": "Pages.test_page"},
    "shop/templatetags/shop_tags.py": {
        # Parsers run when a template is compiled, once for all tests that render it.
        "argument": "Pages.test_page Pages.test_page_again",
        "shout": "Pages.test_page Pages.test_page_again",
        "render": "Pages.test_page Pages.test_page_again",
    },
    "shop/reading.py": {"prices": "Files.test_prices"},
    "tests/base.py": {"helper": "Based.test_helper"},
    "tests/factories.py": {
        "make_item": "Items.test_stamp Items.test_gross",
        "class_helper": "SetUp.test_one SetUp.test_two",
        "cleanup_helper": "SetUp.test_one SetUp.test_two",
        "tear_down_helper": "SetUp.test_one SetUp.test_two",
        "module_helper": "SetUp.test_one SetUp.test_two Items.test_stamp Items.test_gross "
        "Based.test_kind Based.test_helper",
    },
    "tests/test_fixtures.py": {
        "setUpTestData": "Items.test_stamp Items.test_gross",
        "setUpClass": "SetUp.test_one SetUp.test_two",
        "tearDown": "SetUp.test_one SetUp.test_two",
        "test_stamp": "Items.test_stamp",
    },
    # The first computes the value, the second finds it.
    "shop/computing.py": {
        f"{name}_body": f"Memos.test_{name}_first Memos.test_{name}_second" for name in MEMOS
    },
    "shop/memos.py": {
        "lru": "Memos.test_lru_first Memos.test_lru_second",
        "_renamed": "Memos.test_renamed_first Memos.test_renamed_second",
        "kept": "Memos.test_property_first Memos.test_property_second",
    },
}
CASES = [
    pytest.param(path, name, set(tests.split()), id=f"{path}-{name}")
    for path, functions in FUNCTIONS.items()
    for name, tests in functions.items()
]


@pytest.fixture(scope="module")
def edited(recorded: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is selected with every body edited."""
    shop = replace(recorded, path=tmp_path_factory.mktemp("bodies") / "shop")
    shutil.copytree(recorded.path, shop.path)
    for path, functions in FUNCTIONS.items():
        for name in functions:
            shop.edit_body(path, name)
    return shop.explain()


def test_edited_bodies_make_no_full_run(edited: Any) -> None:
    assert edited.full_run_reason is None


@pytest.mark.parametrize(("path", "name", "tests"), CASES)
def test_body(edited: Any, path: str, name: str, tests: set[str]) -> None:
    selected = {
        test
        for test in edited.selected
        for _, key, _ in edited.reasons(test)
        if key.partition("::")[0] == path and key.rpartition("::")[2].split(".")[-1] == name
    }

    assert selected == tests


def test_tests_that_ran_nothing_of_it_are_left_out(edited: Any) -> None:
    assert "Memos.test_unrelated" not in edited.selected
    assert "Files.test_nothing" not in edited.selected
