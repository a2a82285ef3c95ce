"""`--junit-xml`: what ran, as CI systems read it.

There is one format by name only. This is what GitLab, Jenkins and the common GitHub actions agree
on: a suite for each class, a case for each test with its file. Tests that passed in a later attempt
have Maven Surefire's `flakyFailure` (its surefire-test-report-3.0.xsd), which Jenkins shows and
others pass over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from cdds_django.files import write_text
from cdds_django.runner.outcomes.outcome import NOT_RUN, NOT_SELECTED, SELECTED, RunOutcome, TestRow
from cdds_django.runner.reports.places import NOT_LOADED, Places
from cdds_django.runner.reports.wording import causes, headline

_RUN = "cdds_django"
"""The suite that holds what is said of the run as a whole."""
_KINDS = {"failed": "failure", "unexpected_success": "failure", "error": "error"}
_UNSEEN = {
    NOT_RUN: "The run was stopped before this test.",
    SELECTED: "Selected; --explain runs nothing.",
}
_SHOWN_CAUSES = 5
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (section 2.2)."""
_EXCEPTION = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)")


def write(path: Path, run: RunOutcome, places: Places) -> None:
    """Write the report. Raises StateFileError."""
    write_text(path, rendered(run, places))


def rendered(run: RunOutcome, places: Places) -> str:
    """Return the report as XML."""
    root = Element("testsuites", name=_RUN)
    root.append(_of_run(run))
    by_class: dict[str, list[TestRow]] = defaultdict(list)
    for test in run.tests:
        if test.outcome != NOT_SELECTED:
            by_class[_names(test.id)[0]].append(test)
    for name in sorted({*by_class, *run.fixture_failures}):
        root.append(_suite(name, by_class.get(name, ()), run, places))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, 0)) for suite in root)))
    root.set("time", f"{run.timings.total_s:.3f}")
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _of_run(run: RunOutcome) -> Element:
    """Return a suite without tests: its properties say what was chosen and why."""
    suite = Element("testsuite", name=_RUN)
    _count(suite, ())
    properties = SubElement(suite, "properties")
    told = {
        "mode": run.mode,
        "full_run_reason": run.full_run_reason,
        "discovered": run.discovered,
        "selected": run.selected,
        "delta_skip_ratio": f"{run.skip_ratio:.4f}",
        "workers": run.workers,
        "flaky": len(run.flaky),
    }
    for name, value in told.items():
        if value is not None:
            SubElement(properties, "property", name=name, value=_legal(str(value)))
    return suite


def _suite(name: str, tests: Sequence[TestRow], run: RunOutcome, places: Places) -> Element:
    suite = Element("testsuite", name=_legal(name))
    cases = [_case(test, name, run.earlier_failures, places) for test in tests]
    if name in run.fixture_failures:
        cases.append(_fixture(name, run.fixture_failures[name], places))
    _count(suite, cases)
    # Without the set-up, which no case has; a suite's time is more than the sum of its cases'.
    suite.set("time", f"{sum(t.duration_s for t in tests) + run.set_ups_s.get(name, 0):.3f}")
    if run.started_at is not None:
        # The schemas want no offset.
        began = run.started_at.astimezone(UTC).replace(tzinfo=None)
        suite.set("timestamp", began.isoformat(timespec="seconds"))
    suite.extend(cases)
    return suite


def _count(suite: Element, cases: Sequence[Element]) -> None:
    suite.set("tests", str(len(cases)))
    for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(kind) is not None for case in cases)))
    suite.set("time", "0.000")


def _case(
    test: TestRow, classname: str, earlier: Mapping[str, Sequence[str]], places: Places
) -> Element:
    name = _names(test.id)[1]
    case = Element("testcase", classname=_legal(classname), name=_legal(name))
    case.set("time", f"{test.duration_s:.3f}")
    _locate(case, test.id, places)
    kind = _KINDS.get(test.outcome)
    if kind is not None:
        _failure(case, kind, test.detail)
    elif test.outcome in _UNSEEN:
        SubElement(case, "skipped", message=_UNSEEN[test.outcome])
    elif test.outcome == "skipped":
        SubElement(case, "skipped", message=_legal(test.detail))
    for detail in earlier.get(test.id, ()):
        again = _failure(case, "flakyFailure" if kind is None else "rerunFailure", detail)
        again.text, text = None, again.text
        SubElement(again, "stackTrace").text = text
    output = "\n".join(_output(test))
    if output:
        SubElement(case, "system-out").text = _legal(output)
    return case


def _output(test: TestRow) -> Iterator[str]:
    """Yield what is known of a test besides: why it ran, and what it left behind."""
    for cause in islice(causes(test), _SHOWN_CAUSES):
        yield f"Selected: {cause}."
    if test.attempts > 1:
        yield f"Attempts: {test.attempts}."
    for left in test.leftovers:
        yield f"Left behind: {left}"


def _fixture(place: str, detail: str, places: Places) -> Element:
    """Return a case for a fixture that failed where no selected test shows it."""
    case = Element("testcase", classname=_legal(place), name="fixtures", time="0.000")
    _locate(case, place, places)
    _failure(case, "error", detail)
    return case


def _locate(case: Element, name: str, places: Places) -> None:
    place = places.of_test(name)
    if place is not None:
        case.set("file", _legal(place.file))
        if place.line is not None:
            case.set("line", str(place.line))


def _failure(case: Element, kind: str, detail: str) -> Element:
    line = headline(detail)
    exception = _EXCEPTION.match(line)
    element = SubElement(case, kind, message=_legal(line))
    element.set("type", exception[1] if exception else kind)
    element.text = _legal(detail)
    return element


def _names(test_id: str) -> tuple[str, str]:
    """Return the class's name and the method's, or what stands for them."""
    if test_id.startswith(NOT_LOADED):
        return test_id.removeprefix(NOT_LOADED), "import"
    classname, _, name = test_id.rpartition(".")
    return classname, name


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
