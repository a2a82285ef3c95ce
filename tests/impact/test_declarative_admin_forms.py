"""The promise for the admin, forms and management commands."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/admin.py", '["title", "price"]', '["title"]')], "Admin", "", id="list-display"
    ),
    pytest.param(
        [("store/admin.py", "@admin.register(Book)\n", "")], "Admin", "", id="registration-removed"
    ),
    pytest.param(
        [
            (
                "store/admin.py",
                "import Book\n",
                """import Book, Tag

admin.site.register(Tag)
""",
            )
        ],
        "",
        "Admin",
        id="registration-added",
    ),
    pytest.param(
        [("store/forms.py", '["title", "price"]', '["price"]')],
        "Forms.test_fields",
        "",
        id="form-fields",
    ),
    pytest.param(
        [("store/forms.py", "max_length=10", "max_length=20")],
        "Forms.test_search",
        "",
        id="form-field-option",
    ),
    pytest.param(
        [
            (
                "store/forms.py",
                "    words = forms",
                """    def clean(self):
        self.add_error(None, "never")

    words = forms""",
            )
        ],
        "",
        "Forms",
        id="form-clean-added",
    ),
    pytest.param(
        [("store/management/commands/restock.py", '"Bonn"', '"Linz"')],
        "Commands",
        "",
        id="command-constant",
    ),
    pytest.param(
        [("store/management/commands/restock.py", "default=2", "default=3")],
        "Commands",
        "",
        id="command-argument",
    ),
    pytest.param(
        [("store/management/commands/restock.py", "CITY =", "BROKEN = 1 / 0\nCITY =")],
        "Commands",
        "",
        id="command-broken",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
