"""The promise for constants, generated code, and the ways in which modules find each other."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/constants.py", "RATE = 3", "RATE = 4")],
        "Values.test_rate",
        "Lookups",
        id="constant-re-exported",
    ),
    pytest.param(
        [("store/constants.py", "LIMIT = 10", "LIMIT = 11")],
        "Values.test_star",
        "Lookups",
        id="constant-through-a-star",
    ),
    pytest.param(
        [("store/constants.py", "_PRIVATE = 1", "_PRIVATE = 2")],
        "Lookups.test_attribute",
        "",
        id="constant-by-getattr",
    ),
    pytest.param(
        [("store/constants.py", '["a", "b"]', '["a"]')], "Values.test_words", "Lookups", id="list"
    ),
    pytest.param(
        [("store/constants.py", 'RED = "red"', 'ROT = "red"')],
        "Values.test_enum",
        "Lookups",
        id="enum",
    ),
    pytest.param(
        [("store/constants.py", "height: int = 2", "height: int = 3")],
        "Values.test_dataclass",
        "Lookups",
        id="dataclass-default",
    ),
    pytest.param(
        [("store/constants.py", "@dataclass\n", "@dataclass(eq=False)\n")],
        "Values.test_dataclass",
        "Lookups",
        id="dataclass-option",
    ),
    pytest.param(
        [("store/constants.py", "number * number", "number + number + 1")],
        "Values.test_computed",
        "Lookups",
        id="computed-at-import",
    ),
    pytest.param(
        [("store/extension.py", None, "FACTOR = 2\n")],
        "Values.test_optional",
        "",
        id="optional-module-appears",
    ),
    pytest.param(
        [("store/facade.py", "import RATE as PRICE_RATE", "import LIMIT as PRICE_RATE")],
        "Values.test_rate",
        "",
        id="re-export-renamed",
    ),
    pytest.param(
        [
            (
                "store/facade.py",
                "    from store.models import Book\n",
                "    from store.models import Author as Book\n",
            )
        ],
        "",
        "",
        id="type-checking-import",
    ),
    pytest.param(
        [("store/carriers.py", "days = 9", "days = 8")],
        "Lookups.test_named",
        "",
        id="named-by-a-string",
    ),
    pytest.param([("store/late.py", "7", "8")], "Lookups.test_late", "", id="imported-late"),
    pytest.param(
        [("store/rates/de.py", "19", "20")],
        "Lookups.test_rate",
        "",
        id="imported-by-a-computed-name",
    ),
    pytest.param(
        [("store/rates/at.py", None, "VALUE = 20\n")],
        "",
        "Lookups",
        id="new-module-of-a-computed-name",
    ),
    pytest.param(
        [("store/lookups.py", "FEE = 5", "FEE = 6")], "Lookups.test_own", "", id="own-name-computed"
    ),
    pytest.param(
        [("store/constants.py", 'WORDS = ["a", "b"]\n', "")],
        "Values.test_words",
        "Lookups",
        id="removed-name",
    ),
    pytest.param(
        [("store/admin.py", "", None)], "Admin", "", id="module-gone-that-django-looks-for"
    ),
    pytest.param(
        [("store/late.py", "", None)], "Lookups.test_late", "", id="module-gone-used-late"
    ),
    pytest.param(
        [("store/carriers.py", "", None)],
        "Lookups.test_carrier Lookups.test_named",
        "",
        id="module-gone-named-by-a-string",
    ),
    pytest.param(
        [("store/context.py", "", None)],
        "Pages Admin.test_list Plain.test_isbn_unknown Plain.test_missing",
        "Admin Plain",
        id="module-gone-named-by-a-setting",
    ),
    pytest.param(
        [
            ("store/late.py", "", None),
            ("store/later.py", None, "VALUE = 7\n"),
            ("store/lookups.py", "store.late", "store.later"),
        ],
        "Lookups.test_late",
        "",
        id="module-moved",
    ),
    pytest.param(
        [("store/generated.py", 'suffix = "csv"', 'suffix = "tsv"')],
        "Generated.test_init_subclass",
        "",
        id="init-subclass",
    ),
    pytest.param(
        [("store/generated.py", "class Csv", "class Tsv")],
        "Generated.test_init_subclass",
        "",
        id="init-subclass-renamed",
    ),
    pytest.param(
        [("store/generated.py", "sides = 4", "sides = 5")],
        "Generated.test_metaclass",
        "",
        id="metaclass",
    ),
    pytest.param(
        [
            (
                "store/generated.py",
                "class Check:",
                """class Triangle(Shape):
    sides = 3


class Check:""",
            )
        ],
        "Generated.test_metaclass",
        "",
        id="metaclass-new-class",
    ),
    pytest.param(
        [("store/generated.py", "weight = 2", "weight = 3")],
        "Generated.test_subclasses",
        "",
        id="subclasses",
    ),
    pytest.param(
        [
            (
                "store/heavy.py",
                None,
                """from store.generated import Check


class Heavy(Check):
    weight = 9
""",
            ),
            (
                "store/prices.py",
                "from django.conf import settings\n",
                """from django.conf import settings

from store import heavy  # noqa: F401
""",
            ),
        ],
        "Generated.test_subclasses",
        "",
        id="subclasses-elsewhere",
    ),
    pytest.param(
        [("store/generated.py", '@with_label("made")', '@with_label("other")')],
        "Generated.test_class_decorator",
        "",
        id="class-decorator",
    ),
    pytest.param(
        [("store/generated.py", '@handles("one")', '@handles("two")')],
        "Generated.test_handler",
        "",
        id="registered-function",
    ),
    pytest.param(
        [
            (
                "store/generated.py",
                "def handle(name)",
                """@handles("one")
def handle_other():
    return 2


def handle(name)""",
            )
        ],
        "Generated.test_handler",
        "",
        id="registered-function-added",
    ),
    pytest.param(
        [("store/generated.py", "make_adder(2)", "make_adder(3)")],
        "Generated.test_closure",
        "",
        id="closure",
    ),
    pytest.param(
        [("store/tasks.py", "FACTOR = 2", "FACTOR = 3")],
        "Tasks.test_double",
        "Tasks",
        id="task-constant",
    ),
    pytest.param(
        [("store/tasks.py", "sign=-1", "sign=1")], "Tasks.test_negate", "Tasks", id="task-default"
    ),
    pytest.param(
        [("store/tasks.py", "def double", "def twice")],
        "Tasks.test_double",
        "Tasks",
        id="task-renamed",
    ),
    pytest.param(
        [("store/tasks.py", "@task\ndef negate", "def negate")],
        "Tasks.test_negate",
        "Tasks",
        id="task-unregistered",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
