"""The page: one file with all that it needs, style, scripts and data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from cdds_django.files import write_text
from cdds_django.runner.outcomes.outcome import RunOutcome
from cdds_django.runner.reports.html import rerunning
from cdds_django.runner.reports.html.data import as_columns
from cdds_django.runner.reports.html.embedding import embedded_json, encodable
from cdds_django.runner.reports.html.failures import other_texts
from cdds_django.runner.reports.html.sections import sections
from cdds_django.runner.reports.html.trend import past_and_present

_HERE = Path(__file__).parent
STYLES = ("base", "parts", "charts", "table", "narrow", "print")
SCRIPTS = (
    "format",
    "elements",
    "data",
    "filters",
    "grouping",
    "flow",
    "timeline",
    "trend",
    "table",
    "controls",
    "detail",
    "main",
)
"""In the order in which they need each other."""


def write(path: Path, run: RunOutcome, arguments: Sequence[str]) -> None:
    """Write the page. `arguments` are those of this process. Raises StateFileError."""
    write_text(path, rendered(run, rerunning.command(arguments)))


def rendered(run: RunOutcome, command: str) -> str:
    """Return the page. `command` is what runs tests again, without their names."""
    data = as_columns(run, other_texts(run), command=command)
    context = {
        **sections(run, command),
        "style": _joined("styles", STYLES, "css"),
        "script": _joined("scripts", SCRIPTS, "js"),
        "data": _safe(embedded_json(data)),
        "trend": _safe(embedded_json(past_and_present(run))),
    }
    # Numbers and dates don't depend on the project's settings and language either.
    neutral = Context(context, use_l10n=False, use_tz=False)
    return encodable(_engine().get_template("page.html").render(neutral))


def _joined(directory: str, names: Sequence[str], suffix: str) -> SafeString:
    paths = [_HERE / directory / f"{name}.{suffix}" for name in names]
    return _safe("\n".join(path.read_text(encoding="utf-8") for path in paths))


def _safe(text: str) -> SafeString:
    """Return text of ours, or text that was made safe for where it goes."""
    return mark_safe(text)


@cache
def _engine() -> Engine:
    # One of our own, so that the project's settings change nothing. It escapes.
    return Engine(dirs=[str(_HERE / "templates")], autoescape=True)
