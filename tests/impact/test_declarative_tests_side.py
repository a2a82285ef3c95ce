"""The promise for factories, fixtures, base classes and other helpers of tests."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("tests/factories.py", 'DEFAULT_TITLE = "Emma"', 'DEFAULT_TITLE = "Anna"')],
        "Factories.test_book Models.test_str",
        "Admin Books Models Signals",
        id="factory-default",
    ),
    pytest.param(
        [("tests/factories.py", 'name = "Anne"', 'name = "Emily"')],
        "Factories.test_author",
        "",
        id="factory-attribute",
    ),
    pytest.param(
        [("tests/base.py", 'member = "ann"', 'member = ""')],
        "Based Books.test_create Books.test_create_too_cheap",
        "Authors Books Suppliers",
        id="base-attribute",
    ),
    pytest.param(
        [("tests/base.py", "    client_class = APIClient\n", "")],
        "",
        "Authors Based Books Suppliers",
        id="base-client",
    ),
    pytest.param(
        [
            (
                "tests/base.py",
                '    member = "ann"\n',
                """    member = "ann"

    def setUp(self):
        self.fail("set up")
""",
            )
        ],
        "Authors Based Books Suppliers.test_list",
        "",
        id="base-set-up-added",
    ),
    pytest.param(
        [("store/fixtures/tags.json", "seven", "eight")], "Fixtures", "", id="fixture-file"
    ),
    pytest.param(
        [("tests/test_data.py", '    fixtures = ["tags"]\n', "")], "Fixtures", "", id="fixture-list"
    ),
    pytest.param(
        [
            (
                "tests/test_plain.py",
                "    def test_nothing",
                "    @unittest.expectedFailure\n    def test_nothing",
            ),
            (
                "tests/test_plain.py",
                "from unittest import TestCase\n",
                """import unittest
from unittest import TestCase
""",
            ),
        ],
        "Unrelated",
        "",
        id="decorated-test",
    ),
    pytest.param(
        [
            (
                "tests/test_plain.py",
                "class Values",
                """def setUpModule():
    raise RuntimeError


class Values""",
            )
        ],
        "Generated Lookups Settings Tasks Unrelated Values",
        "",
        id="module-set-up",
    ),
    pytest.param(
        [("tests/factories.py", "DEFAULT_TITLE =", "BROKEN = 1 / 0\nDEFAULT_TITLE =")],
        "tests.test_api tests.test_data",
        "",
        id="broken-helper",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
