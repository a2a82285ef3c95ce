"""The promise for settings, read directly or by libraries, and what they name."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("settings.py", "STORE_TAX = 2", "STORE_TAX = 3")],
        "Settings.test_tax",
        "",
        id="read-directly",
    ),
    pytest.param(
        [("settings.py", '"STORE_TITLE", "Store"', '"STORE_TITLE", "Shop"')],
        "Pages.test_page Settings.test_title",
        "Admin Pages",
        id="read-by-a-context-processor",
    ),
    pytest.param(
        [("settings.py", '"store.carriers.Fast"', '"store.carriers.Slow"')],
        "Lookups.test_carrier",
        "",
        id="string-reference",
    ),
    pytest.param(
        [("store/carriers.py", "days = 1", "days = 2")],
        "Lookups.test_carrier",
        "Lookups",
        id="what-a-string-names",
    ),
    pytest.param(
        [("settings.py", '    "DEFAULT_PAGINATION_CLASS": "store.pagination.Pages",\n', "")],
        "Books.test_filter Books.test_list",
        "*",
        id="of-a-library",
    ),
    pytest.param(
        [("settings.py", '["store.security.HeaderAuthentication"]', "[]")],
        "Books.test_create Books.test_create_too_cheap",
        "*",
        id="of-a-library-class",
    ),
    pytest.param(
        [("settings.py", '    "store.middleware.Stamp",\n', "")],
        "Plain.test_stamp",
        "*",
        id="middleware-removed",
    ),
    pytest.param(
        [("store/middleware.py", '"stamped"', '"other"')],
        "Plain.test_stamp",
        "*",
        id="middleware-attribute",
    ),
    pytest.param(
        [("settings.py", '                "store.context.title",\n', "")],
        "Pages.test_page",
        "Admin Pages Plain",
        id="context-processor-removed",
    ),
    pytest.param([("settings.py", '"accounts.Member"', '"auth.User"')], "", "*", id="user-model"),
    pytest.param(
        [("settings.py", "STORE_TAX = 2", "STORE_TAX = 2\nSTORE_NEW = 1")], "", "", id="unused"
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)


def test_variable_that_settings_read(expect: Any) -> None:
    expect([], "Pages.test_page Settings.test_title", "*", STORE_TITLE="Shop")


@pytest.mark.parametrize(
    "edit",
    [("rules/limits.toml", "1", "2"), ("rules/more.toml", None, "")],
    ids=["edited", "added"],
)
def test_watched_file_concerns_all(expect: Any, api: Any, edit: Any) -> None:
    expect([edit], " ".join(api.tests), "*")
