"""JUnit's XML as GitLab, Jenkins and the common actions read it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import junitparser
import pytest

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow
from cdds_django.runner.reports import junit
from cdds_django.runner.reports.places import Places

# What Ant's, Jenkins' and Surefire's schemas let stand in an element, as far as all have it.
ALLOWED = {
    "testsuites": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
        {"properties", "testcase"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": (
        {"classname", "name", "time", "file", "line"},
        {"failure", "error", "skipped", "flakyFailure", "rerunFailure", "system-out"},
    ),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message"}, set()),
    "flakyFailure": ({"message", "type"}, {"stackTrace"}),
    "rerunFailure": ({"message", "type"}, {"stackTrace"}),
    "stackTrace": (set(), set()),
    "system-out": (set(), set()),
}
REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"classname", "name", "time"},
    "failure": {"type"},
    "error": {"type"},
}


def require_shape(text: str) -> ElementTree.Element:
    """Return the root of a document that the schemas allow."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert set(element.attrib) <= attributes
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib)
        assert {child.tag for child in element} <= children
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count)) == sum(case.find(kind) is not None for case in cases)
        # GitLab passes over a second test of the same name.
        names = [(case.get("file"), case.get("classname"), case.get("name")) for case in cases]
        assert len(set(names)) == len(names)
    for count in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(count)) == sum(int(suite.get(count)) for suite in root)
    return root


def cases(text: str) -> dict[str, ElementTree.Element]:
    root = require_shape(text)
    return {f"{case.get('classname')}.{case.get('name')}": case for case in root.iter("testcase")}


def test_real_run(told):
    found = cases(told.text("junit.xml"))
    kinds = {
        name.removeprefix("shop."): [child.tag for child in case] for name, case in found.items()
    }
    assert kinds == {
        "tests.PriceTests.test_passes": [],
        "tests.PriceTests.test_fails": ["failure", "rerunFailure", "system-out"],
        "tests.PriceTests.test_breaks": ["error", "rerunFailure", "system-out"],
        "tests.PriceTests.test_skipped": ["skipped"],
        "tests.PriceTests.test_expected": [],
        "tests.PriceTests.test_unexpected": ["failure", "rerunFailure", "system-out"],
        "tests.PriceTests.test_flaky": ["flakyFailure", "system-out"],
        "tests.LateTests.test_inside": ["error", "rerunFailure", "system-out"],
        "test_broken.import": ["error", "rerunFailure", "system-out"],
    }
    fails = found["shop.tests.PriceTests.test_fails"]
    # From the checkout's root, and not from where the command was started.
    assert (fails.get("file"), fails.get("line")) == ("backend/shop/tests.py", "19")
    failure = fails.find("failure")
    assert failure.get("message") == "AssertionError: 2 != 3 : a <b> & \ufffd\ufffd[1m"
    assert failure.get("type") == "AssertionError"
    assert "in check" in failure.text
    skipped = found["shop.tests.PriceTests.test_skipped"].find("skipped")
    assert skipped.get("message") == "later, not <now>"
    flaky = found["shop.tests.PriceTests.test_flaky"].find("flakyFailure")
    assert "not yet" in flaky.find("stackTrace").text
    assert flaky.get("message") == "AssertionError: not yet"


def test_a_library_reads_the_same(told):
    """junitparser stands for the many programs that read such files."""
    read = junitparser.JUnitXml.fromstring(told.text("junit.xml"))
    outcomes = told.run.outcomes.values()
    assert read.tests == len(outcomes)
    assert read.failures == sum(o in ("failed", "unexpected_success") for o in outcomes)
    assert read.errors == sum(outcome == "error" for outcome in outcomes)
    assert read.skipped == sum(outcome == "skipped" for outcome in outcomes)
    (of_run,) = [suite for suite in read if suite.name == "cdds_django"]
    told_of_run = {entry.name: entry.value for entry in of_run.properties()}
    assert told_of_run["delta_skip_ratio"] == "0.0000"
    assert told_of_run["full_run_reason"].startswith("there is no impact map yet")


def test_left_out_tests_and_the_end_of_a_run():
    change = Reason(kind="code", key="shop/views.py::create", change="changed")
    run = RunOutcome(
        mode="delta",
        full_run_reason=None,
        tests=(
            TestRow(id="shop.T.test_left_out", outcome="not_selected"),
            TestRow(id="shop.T.test_never_ran", outcome="not_run", reasons=(change,)),
            TestRow(id="shop.T.test_ran", outcome="passed", reasons=(change,), leftovers=("x",)),
        ),
        fixture_failures={"shop.U": 'Traceback\n  File "a.py", line 1, in b\nOSError: no'},
    )
    found = cases(junit.rendered(run, Places(Path("/nowhere"))))
    assert found.keys() == {"shop.T.test_never_ran", "shop.T.test_ran", "shop.U.fixtures"}
    assert found["shop.T.test_never_ran"].find("skipped").get("message") == (
        "The run was stopped before this test."
    )
    assert found["shop.T.test_ran"].find("system-out").text == (
        "Selected: shop/views.py::create changed.\nLeft behind: x"
    )
    assert found["shop.U.fixtures"].find("error").get("message") == "OSError: no"


@pytest.mark.parametrize("tests", [(), (TestRow(id="a.T.test_b", outcome="not_selected"),)])
def test_a_run_of_nothing_is_a_document_too(tests):
    run = RunOutcome(mode="delta", full_run_reason=None, tests=tests)
    root = require_shape(junit.rendered(run, Places(Path("/nowhere"))))
    assert [suite.get("tests") for suite in root] == ["0"]
