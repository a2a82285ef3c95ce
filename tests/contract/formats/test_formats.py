"""Each format says the same diff in its own way."""

from __future__ import annotations

import json

from cdds_django.contract.changes import Change, Diff
from cdds_django.contract.formats.catalogue import FORMATS

CHANGE = Change(
    id="request-property-became-required",
    level="error",
    operation="POST /orders/",
    operation_id="orders_create",
    pointer="#/components/schemas/Order/properties/note",
    text="the property `note` became required: 100%|sure",
    cause="components/schemas/Order",
    operations=("POST /orders/", "PUT /orders/{id}/", "PATCH /a/", "PATCH /b/"),
    fingerprint="00ff",
)
DIFF = Diff(
    changes=(CHANGE,), added=(), removed=("old",), changed=("orders_create",), affected=("old",)
)
EMPTY = Diff(changes=(), added=(), removed=(), changed=(), affected=())


def test_text():
    text = FORMATS["text"](DIFF)
    assert text.startswith("1 change: 1 breaking, 0 to look at, 0 harmless; 1 operation affected.")
    assert "Breaking:\n  the property `note` became required" in text
    assert "reaches POST /orders/, PUT /orders/{id}/, PATCH /a/ and 1 more" in text
    assert "Removed operations (1):\n  old\n" in text
    assert FORMATS["text"](EMPTY) == "The contracts are the same.\n"


def test_json():
    whole = json.loads(FORMATS["json"](DIFF))
    assert whole["schema"] == 1
    assert whole["breaking"] is True
    [change] = whole["changes"]
    assert {"id", "level", "operation", "operation_id", "pointer", "text", "cause"} < change.keys()
    assert change["fingerprint"] == "00ff"
    assert whole["operations"] == {
        "added": [],
        "removed": ["old"],
        "changed": ["orders_create"],
        "affected": ["old"],
    }


def test_markdown_keeps_its_table():
    text = FORMATS["markdown"](DIFF)
    assert "| breaking | the property `note` became required: 100%\\|sure |" in text
    assert "<summary>Removed operations (1)</summary>" in text


def test_github_escapes_what_commands_mean():
    line = FORMATS["github"](DIFF)
    assert line.startswith("::error title=request-property-became-required::the property")
    assert "100%25|sure" in line
    assert line.count("\n") == 1
    assert FORMATS["github"](EMPTY) == ""
