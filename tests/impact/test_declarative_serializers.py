"""The promise for serializers: fields, their options, nested, inherited and made by functions."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/serializers.py", 'fields = ["id", "name"]', 'fields = ["id"]')],
        "Authors.test_list Books.test_retrieve",
        "Books",
        id="nested-fields",
    ),
    pytest.param(
        [("store/serializers.py", '"title", "price", "author"]', '"title", "price"]')],
        (
            "Books.test_create Books.test_create_too_cheap Books.test_filter Books.test_label "
            "Books.test_list Books.test_retrieve"
        ),
        "Books",
        id="fields",
    ),
    pytest.param(
        [("store/serializers.py", "min_value=0", "min_value=-5")],
        "Books.test_create_too_cheap",
        "Books",
        id="field-option",
    ),
    pytest.param(
        [("store/serializers.py", "default=5", "default=6")],
        "Books.test_create",
        "Books",
        id="field-default",
    ),
    pytest.param(
        [
            (
                "store/serializers.py",
                "    author = AuthorSerializer(read_only=True)\n",
                "    author = AuthorSerializer()\n",
            )
        ],
        "Books.test_create",
        "Books",
        id="read-only",
    ),
    pytest.param(
        [("store/serializers.py", "    author = AuthorSerializer(read_only=True)\n", "")],
        "Books.test_create Books.test_retrieve",
        "Books",
        id="field-removed",
    ),
    pytest.param(
        [("store/serializers.py", 'fields = ["title"]', 'fields = ["price"]')],
        "Books.test_brief",
        "",
        id="inherited-meta",
    ),
    pytest.param(
        [("store/serializers.py", 'serializer_for(["city"])', 'serializer_for(["id"])')],
        "Suppliers.test_list",
        "*",
        id="dynamic",
    ),
    pytest.param(
        [
            (
                "store/serializers.py",
                "class BriefSerializer",
                """    def validate_title(self, value):
        raise serializers.ValidationError("never")


class BriefSerializer""",
            )
        ],
        "Books.test_create",
        "Books",
        id="validate-method-added",
    ),
    pytest.param(
        [
            (
                "store/serializers.py",
                "class BriefSerializer",
                """    def to_representation(self, instance):
        return {"title": "x"}


class BriefSerializer""",
            )
        ],
        "Books.test_brief Books.test_create Books.test_list Books.test_retrieve",
        "Books",
        id="to-representation-added",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
