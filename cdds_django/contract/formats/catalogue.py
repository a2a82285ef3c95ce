"""The formats that `contract_diff --format` offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cdds_django.contract.changes import Diff
from cdds_django.contract.formats import github, json_text, markdown, plain

FORMATS: Mapping[str, Callable[[Diff], str]] = {
    "text": plain.rendered,
    "json": json_text.rendered,
    "markdown": markdown.rendered,
    "github": github.rendered,
}
"""By name; each returns text that ends in a newline, or nothing when there is nothing to say."""
