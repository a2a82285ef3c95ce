"""The formats that `contract_diff --format` offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cdds_django.contract.formats import github, html, json_text, junit, markdown, plain
from cdds_django.contract.report import Report

FORMATS: Mapping[str, Callable[[Sequence[Report]], str]] = {
    "text": plain.rendered,
    "json": json_text.rendered,
    "markdown": markdown.rendered,
    "html": html.rendered,
    "github": github.rendered,
    "junit": junit.rendered,
}
"""By name; each returns text that ends in a newline, or nothing when there is nothing to say."""


def rendered(reports: Sequence[Report], name: str, *, colour: bool = False) -> str:
    """Return `reports` in the format `name`; only text for people has colours."""
    if name == "text":
        return plain.rendered(reports, colour=colour)
    return FORMATS[name](reports)
