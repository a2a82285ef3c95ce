"""Each format says the same report in its own way."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from cdds_django.contract.causes import Cause
from cdds_django.contract.changes import Change, Diff
from cdds_django.contract.formats.catalogue import FORMATS, rendered
from cdds_django.contract.origins import Origin
from cdds_django.contract.report import Consumers, Report, report_of

OPERATIONS = ("POST /orders/", "PUT /orders/{id}/", "PATCH /a/", "PATCH /b/")
CHANGE = Change(
    id="request-property-became-required",
    level="error",
    operation="POST /orders/",
    operation_id="orders_create",
    pointer="#/components/schemas/Order/properties/note",
    text="the property `note` became required: 100%|<sure>",
    cause="components/schemas/Order",
    operations=OPERATIONS,
    fingerprint="00ff",
)
DIFF = Diff(
    changes=(CHANGE,),
    added=(),
    removed=("old",),
    changed=("orders_create",),
    affected=("old", "orders_create"),
    labels={"orders_create": "POST /orders/", "old": "GET /old/"},
    versions=("1.2.3", "1.2.3"),
)
ORIGIN = Origin(
    serializer="shop.OrderSerializer", field="note", model="shop.Order.note", migration="shop/2.py"
)
CAUSE = Cause(
    place="components/schemas/Order/properties/note",
    text=CHANGE.text,
    level="error",
    changes=(CHANGE,),
    operations=OPERATIONS,
    origin=ORIGIN,
)
REPORT = Report(
    diff=DIFF,
    causes=(CAUSE,),
    views={"orders_create": "shop.Orders.create"},
    tests={"orders_create": 0},
)
APPROVED = replace(
    REPORT,
    diff=replace(DIFF, changes=(replace(CHANGE, approved="Nobody calls it."),)),
    causes=(replace(CAUSE, changes=(replace(CHANGE, approved="Nobody calls it."),)),),
)
EMPTY = report_of(Diff(changes=(), added=(), removed=(), changed=(), affected=()))
CONSUMERS = Consumers(operations=("checkout",), tests=("shop.tests.Pays.test_card",))
SERVICE = replace(REPORT, title="payments", tests=None, consumers=CONSUMERS)


def test_text():
    text = rendered([REPORT], "text")
    assert text.startswith(
        "1 cause of 1 change: 1 breaking, 0 to look at, 0 harmless; 2 operations affected.\n"
    )
    assert "Semantic version: a major change: 2.0.0 after 1.2.3. It is 1.2.3 now." in text
    assert "Breaking:\n  the property `note` became required" in text
    assert "made by shop.OrderSerializer.note, model shop.Order.note, migration shop/2.py" in text
    assert (
        "reaches 4 operations: POST /orders/ (no test), PUT /orders/{id}/, PATCH /a/ and 1 more"
    ) in text
    assert "request-property-became-required 00ff" in text
    assert "Removed (1):\n  old  GET /old/\n" in text
    assert "Affected (1):\n  orders_create  POST /orders/  no test\n" in text
    assert "\x1b" not in text
    assert rendered([EMPTY], "text") == "The contracts are the same.\n"


def test_text_in_colour():
    assert "\x1b[1;31mBreaking:\x1b[0m" in rendered([REPORT], "text", colour=True)
    assert "\x1b" not in rendered([REPORT], "markdown", colour=True)


def test_approved():
    assert "0 breaking (and 1 approved)" in rendered([APPROVED], "text")
    assert "approved: Nobody calls it." in rendered([APPROVED], "text")
    assert "| approved |" in rendered([APPROVED], "markdown")
    assert rendered([APPROVED], "github").startswith("::notice ")
    assert not json.loads(rendered([APPROVED], "json"))["breaking"]
    [case] = ElementTree.fromstring(rendered([APPROVED], "junit")).iter("testcase")
    assert case.find("skipped").get("message") == "Nobody calls it."


def test_json():
    whole = json.loads(rendered([REPORT], "json"))
    assert whole["schema"] == 1
    assert whole["breaking"] is True
    [change] = whole["changes"]
    assert {"id", "level", "operation", "operation_id", "pointer", "text", "cause"} < change.keys()
    assert change["fingerprint"] == "00ff"
    operations = whole["operations"]
    assert (operations["added"], operations["removed"]) == ([], ["old"])
    assert (operations["changed"], operations["affected"]) == (
        ["orders_create"],
        ["old", "orders_create"],
    )
    assert operations["untested"] == ["orders_create"]
    assert operations["views"] == {"orders_create": "shop.Orders.create"}
    [cause] = whole["causes"]
    assert cause["origin"]["migration"] == "shop/2.py"
    assert cause["changes"] == ["00ff"]
    assert whole["version"] == {
        "base": "1.2.3",
        "head": "1.2.3",
        "advice": "major",
        "next": "2.0.0",
    }


def test_json_of_services():
    whole = json.loads(rendered([SERVICE], "json"))
    assert whole["breaking"] is True
    assert whole["services"][0]["title"] == "payments"
    assert whole["services"][0]["consumers"]["tests"] == ["shop.tests.Pays.test_card"]
    assert json.loads(rendered([], "json")) == {"schema": 1, "breaking": False, "services": []}


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_consumers(name):
    text = rendered([SERVICE], name).replace("<wbr>", "")
    assert "Our tests that use it" in text
    assert "shop.tests.Pays.test_card" in text
    assert "payments" in text


def test_markdown_keeps_its_table():
    text = rendered([REPORT], "markdown")
    assert "| **breaking** | the property `note` became required: 100%\\|<sure> |" in text
    assert "<summary>Removed (1)</summary>" in text
    assert "- `orders_create` (POST /orders/): no test" in text


def test_github_escapes_what_commands_mean():
    line = rendered([REPORT], "github")
    assert line.startswith("::error title=request-property-became-required::the property")
    assert "100%25|<sure>" in line
    assert line.count("\n") == 1
    assert rendered([EMPTY], "github") == ""


def test_junit():
    root = ElementTree.fromstring(rendered([REPORT, EMPTY], "junit"))
    first, second = root.iter("testsuite")
    assert (first.get("tests"), first.get("failures")) == ("1", "1")
    assert first.find("testcase/failure").get("message") == CHANGE.text
    assert second.find("testcase").get("name") == "unchanged"


def test_junit_has_only_characters_of_xml():
    broken = replace(REPORT, causes=(replace(CAUSE, text="a\x00b"),))
    assert ElementTree.fromstring(rendered([broken], "junit")) is not None


class Tags(HTMLParser):
    """Checks that every element that is opened is closed in order, and gathers what is loaded."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.links = []

    def handle_starttag(self, tag, attributes):
        self.links += [value for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "wbr", "th"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_stands_alone_and_escapes():
    text = rendered([REPORT, SERVICE], "html")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.links == []
    assert "&lt;sure&gt;" in text
    assert "<sure>" not in text
    assert '<span class="gap">no test</span>' in text
    assert "prefers-color-scheme: dark" in text


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_for_the_same_report(name):
    assert FORMATS[name]([REPORT]) == FORMATS[name]([REPORT])
    assert FORMATS[name]([]) is not None
