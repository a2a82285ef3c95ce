"""The promise for models: fields, Meta, managers, validators, choices, bases and relations."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [
            (
                "store/models.py",
                "price = models.IntegerField(default=5)",
                "price = models.IntegerField(default=6)",
            )
        ],
        "Models.test_default",
        "Admin Books Factories Forms Models Signals",
        id="field-default",
    ),
    pytest.param(
        [("store/models.py", 'ordering = ["title"]', 'ordering = ["-title"]')],
        "Books.test_brief Books.test_list Models.test_order",
        "Admin Books Factories Forms Models Signals",
        id="ordering",
    ),
    pytest.param(
        [("store/models.py", 'ordering = ["name"]', 'ordering = ["-name"]')],
        "Authors.test_list",
        "Admin Books Factories Forms Models Signals",
        id="ordering-of-another",
    ),
    pytest.param(
        [("store/models.py", 'default="none"', 'default="some"')],
        "Models.test_default",
        "Admin Authors Books Factories Forms Models Signals",
        id="abstract-base",
    ),
    pytest.param(
        [("store/models.py", "price__lt=10", "price__lt=20")],
        "Models.test_cheap",
        "",
        id="manager-method",
    ),
    pytest.param(
        [("store/validators.py", "LONGEST = 30", "LONGEST = 40")],
        "Models.test_validator",
        "Books",
        id="validator",
    ),
    pytest.param(
        [("store/models.py", ", validators=[check_title]", "")],
        "Models.test_validator",
        "Admin Books Commands Forms Suppliers",
        id="validator-removed",
    ),
    pytest.param(
        [("store/models.py", 'NEW = "new", "New"', 'NEW = "new", "Fresh"')],
        "Models.test_choices",
        "Admin Books Choices Factories Forms Models Signals",
        id="choices",
    ),
    pytest.param(
        [("store/models.py", '"sold", "Sold"', '"sold", "Gone"')],
        "Choices",
        "Admin Books Commands Forms Models.test_choices Models.test_validator Suppliers",
        id="choices-label",
    ),
    pytest.param(
        [("store/models.py", "return self.title", "return self.title.upper()")],
        "Models.test_str",
        "Admin",
        id="method",
    ),
    pytest.param(
        [
            (
                "store/models.py",
                "    def __str__(self):",
                """    def save(self, *args, **kwargs):
        self.price = 99
        super().save(*args, **kwargs)

    def __str__(self):""",
            )
        ],
        "Books.test_create Books.test_filter Models.test_default",
        "Admin Books Factories Forms Models Signals",
        id="method-added",
    ),
    pytest.param(
        [
            (
                "store/models.py",
                "on_delete=models.CASCADE, related_name",
                "on_delete=models.DO_NOTHING, related_name",
            )
        ],
        "Models.test_cascade",
        "Admin Authors Books Factories Forms Models Signals",
        id="cascade",
    ),
    pytest.param(
        [("store/models.py", 'related_name="books"', 'related_name="works"')],
        "",
        "Admin Authors Books Factories Forms Models Signals",
        id="related-name",
    ),
    pytest.param(
        [("store/models.py", "ManyToManyField(Tag)", "ManyToManyField(Tag, through_fields=None)")],
        "",
        "Admin Books Factories Fixtures Forms Migrated Models Signals",
        id="many-to-many",
    ),
    pytest.param(
        [("store/models.py", 'default="Ulm"', 'default="Bonn"')],
        "Suppliers",
        "*",
        id="unrelated-model",
    ),
    pytest.param(
        [("accounts/models.py", 'default="new"', 'default="old"')],
        "Members.test_nickname",
        "Admin Members",
        id="user-model",
    ),
    pytest.param(
        [("store/models.py", "default=14", "default=7")],
        "Members.test_loan",
        "",
        id="relation-to-the-user-model",
    ),
    pytest.param(
        [
            (
                "store/models.py",
                "class Supplier(models.Model):\n",
                """class Supplier(models.Model):
    @property
    def town(self):
        return self.city

""",
            )
        ],
        "",
        "*",
        id="property-added",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
