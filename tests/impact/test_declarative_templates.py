"""The promise for templates, their tags and context processors."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/templates/base.html", "<title>", "<title>x")],
        "Pages.test_page",
        "Pages",
        id="extended",
    ),
    pytest.param(
        [("store/templates/word.html", "|marked", "")], "Pages.test_page", "Pages", id="included"
    ),
    pytest.param(
        [("store/templates/page.html", "'ping'", "'authors'")],
        "Pages.test_page",
        "Pages",
        id="url-tag",
    ),
    pytest.param(
        [("store/templatetags/store_tags.py", 'MARK = "*"', 'MARK = "+"')],
        "Pages.test_page",
        "Pages",
        id="filter-constant",
    ),
    pytest.param(
        [("store/templatetags/store_tags.py", "@register.simple_tag\n", "")],
        "Pages",
        "",
        id="tag-removed",
    ),
    pytest.param(
        [
            (
                "store/templatetags/store_tags.py",
                "@register.filter\n",
                '@register.filter("starred")\n',
            )
        ],
        "Pages",
        "",
        id="filter-renamed",
    ),
    pytest.param(
        [("store/context.py", 'SUFFIX = "!"', 'SUFFIX = "?"')],
        "Pages.test_page",
        "Admin Pages",
        id="context-processor",
    ),
    pytest.param(
        [
            (
                "store/urls.py",
                'path("ping/", views.ping, name="ping")',
                'path("ping/", views.ping), path("pong/", views.ping, name="ping")',
            )
        ],
        "Pages.test_page",
        "Pages Plain",
        id="reversed-route",
    ),
    pytest.param([("store/templates/new.html", None, "new")], "", "", id="unused"),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
