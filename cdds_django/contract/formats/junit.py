"""JUnit's XML, which every CI system shows: one test case for each cause."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from cdds_django.contract.causes import Cause
from cdds_django.contract.formats.words import origin_line, reach
from cdds_django.contract.report import Report


def rendered(reports: Sequence[Report]) -> str:
    """Return the reports as XML: what breaks is a failure, what was approved of is skipped."""
    root = ElementTree.Element("testsuites")
    root.extend(_suite(report) for report in reports)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(report: Report) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=report.title or "contract")
    cases = [_case(cause) for cause in report.causes]
    if not cases:
        cases = [ElementTree.Element("testcase", classname="contract", name="unchanged")]
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.set("errors", "0")
    suite.extend(cases)
    return suite


def _case(cause: Cause) -> ElementTree.Element:
    name = f"{cause.changes[0].id}: {cause.text}"
    case = ElementTree.Element("testcase", classname=_legal(cause.place), name=_legal(name))
    details = "\n".join(filter(None, (origin_line(cause), reach(cause.operations))))
    if cause.level != "error":
        kind = ElementTree.SubElement(case, "system-out")
    elif cause.approved:
        kind = ElementTree.SubElement(case, "skipped", message=_legal(cause.approved))
    else:
        kind = ElementTree.SubElement(case, "failure", message=_legal(cause.text))
    kind.text = _legal(details)
    return case


def _legal(text: str) -> str:
    """Return `text` without the characters that XML 1.0 has no way to write (section 2.2)."""
    return "".join(character for character in text if character >= " " or character in "\t\n\r")
