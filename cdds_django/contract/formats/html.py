"""One HTML page that needs nothing else: no script, no font, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from cdds_django.contract.causes import Cause
from cdds_django.contract.formats.html_style import STYLE
from cdds_django.contract.formats.words import (
    TITLES,
    consumer_lists,
    counted,
    operation_lists,
    summary,
    tests_of,
    version_line,
)
from cdds_django.contract.report import Report

_OPEN = 12
"""Operations up to which a cause's list is shown unfolded."""


def rendered(reports: Sequence[Report]) -> str:
    """Return the reports as a page."""
    return "".join(f"{line}\n" for line in _page(reports))


def _page(reports: Sequence[Report]) -> Iterator[str]:
    title = "Contracts" if len(reports) > 1 else _title(reports[0]) if reports else "Contract"
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{escape(title)}</title>"
    yield f"<style>{STYLE}</style></head>"
    yield "<body><main>"
    for report in reports:
        yield from _report(report)
    yield "</main></body></html>"


def _title(report: Report) -> str:
    return f"Contract of {report.title}" if report.title else "Contract"


def _report(report: Report) -> Iterator[str]:
    yield f"<h1>{escape(_title(report))}</h1>"
    yield f"<p>{escape(summary(report))}</p>"
    if version := version_line(report):
        yield f"<p>{escape(version)}</p>"
    for level, words in TITLES.items():
        causes = [cause for cause in report.causes if cause.level == level]
        if causes:
            yield f'<section class="{level}"><h2>{words} <span>{len(causes)}</span></h2>'
            for cause in causes:
                yield from _cause(cause, report)
            yield "</section>"
    for words, names in operation_lists(report):
        yield f"<section><h2>{words} <span>{len(names)}</span></h2>"
        yield from _table(names, report)
        yield "</section>"
    for words, names in consumer_lists(report):
        items = "".join(f"<li><code>{_breakable(name)}</code></li>" for name in names)
        yield f"<section><h2>{words} <span>{len(names)}</span></h2><ul>{items}</ul></section>"


def _cause(cause: Cause, report: Report) -> Iterator[str]:
    state = ' class="approved"' if cause.approved else ""
    yield f"<article{state}><h3>{_sentence(cause.text)}</h3>"
    yield "<dl>"
    yield from _entry("Place", f"<code>{_breakable(cause.place)}</code>")
    if cause.origin is not None:
        yield from _entry("Made by", f"<code>{_breakable(cause.origin.name)}</code>")
        if cause.origin.model:
            yield from _entry("Model", f"<code>{_breakable(cause.origin.model)}</code>")
        if cause.origin.migration:
            yield from _entry("Migration", f"<code>{_breakable(cause.origin.migration)}</code>")
    if cause.approved:
        yield from _entry("Approved", escape(cause.approved))
    changes = (
        f"<li><code>{_breakable(change.id)}</code> <small>{change.fingerprint}</small></li>"
        for change in cause.changes
    )
    yield from _entry("Rules", f"<ul>{''.join(changes)}</ul>")
    yield "</dl>"
    if cause.operations:
        unfolded = " open" if len(cause.operations) <= _OPEN else ""
        yield f"<details{unfolded}><summary>{counted(len(cause.operations), 'operation')}</summary>"
        names = {label: name for name, label in report.diff.labels.items()}
        items = (_operation(label, names.get(label, ""), report) for label in cause.operations)
        yield f"<ul>{''.join(items)}</ul></details>"
    yield "</article>"


def _entry(term: str, value: str) -> Iterator[str]:
    yield f"<dt>{term}</dt><dd>{value}</dd>"


def _operation(label: str, name: str, report: Report) -> str:
    return f"<li><code>{_breakable(label)}</code>{_tests(name, report)}</li>"


def _table(names: tuple[str, ...], report: Report) -> Iterator[str]:
    yield "<table><thead><tr><th>Operation<th>Method and path<th>View"
    yield f"{'<th>Recorded tests' if report.tests is not None else ''}</tr></thead><tbody>"
    for name in names:
        cells = [name, report.diff.labels.get(name, ""), report.views.get(name, "")]
        row = "".join(f"<td><code>{_breakable(cell)}</code></td>" for cell in cells)
        tests = f"<td>{_tests(name, report)}</td>" if report.tests is not None else ""
        yield f"<tr>{row}{tests}</tr>"
    yield "</tbody></table>"


def _tests(name: str, report: Report) -> str:
    words = tests_of(name, report)
    kind = "gap" if words == "no test" else "tests"
    return f' <span class="{kind}">{words}</span>' if words else ""


def _sentence(text: str) -> str:
    """Return `text` escaped, with what stands in backticks as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _breakable(text: str) -> str:
    """Return `text` escaped, with places where a narrow window may break it."""
    return escape(text).replace("/", "/<wbr>").replace(".", ".<wbr>").replace("_", "_<wbr>")
