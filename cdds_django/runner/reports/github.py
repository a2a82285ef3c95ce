"""What a run tells GitHub Actions: annotations of failures, and the summary of the step.

Both are written where GitHub's variables are set, without being asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cdds_django.runner.outcomes.outcome import FAILED_OUTCOMES, RunOutcome, TestRow
from cdds_django.runner.reports import step_summary
from cdds_django.runner.reports.places import Place, Places
from cdds_django.runner.reports.wording import counted, headline
from cdds_django.workflow_commands import annotation

_SHOWN = 10
"""GitHub shows that many annotations of each level for a step, and drops the rest."""
_MESSAGE_LIMIT = 3000
"""Characters of a failure's text: the check of a long annotation shows no more of it."""
_HEADLINE_LIMIT = 500
_SUMMARY_LIMIT = 1024 * 1024
"""Bytes of a step's summary. GitHub refuses the whole of a longer one."""


def annotation_lines(
    run: RunOutcome, environ: Mapping[str, str], places: Places | None = None
) -> Iterator[str]:
    """Yield lines for standard output: failures are errors, flaky tests are warnings."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return
    places = places or Places(Path.cwd())
    failed = [test for test in run.tests if test.outcome in FAILED_OUTCOMES]
    rows = [*((name, detail) for name, detail in run.fixture_failures.items())]
    for test in failed[:_SHOWN]:
        yield _line("error", test, "failed", test.detail, places.of_failure(test))
    for name, detail in rows[: max(0, _SHOWN - len(failed))]:
        place = places.of_test(name)
        yield annotation(
            "error", _cut(detail), title=f"{_short(name)}: a fixture failed", **_at(place)
        )
    if len(failed) + len(rows) > _SHOWN:
        more = len(failed) + len(rows) - _SHOWN
        yield f"… and {counted(more, 'more failure')}, which GitHub would not show here."
    for test in run.flaky[:_SHOWN]:
        if test.outcome not in FAILED_OUTCOMES:
            detail = next(iter(run.earlier_failures.get(test.id, ())), "")
            told = headline(detail) or "It ended in several ways."
            yield _line("warning", test, "is flaky", told, places.of_test(test.id))


def write_summary(run: RunOutcome, environ: Mapping[str, str]) -> Iterator[str]:
    """Append to the summary of the step; yield what there is to say if that can't be done."""
    path = environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "ab") as file:
            text = step_summary.rendered(run, _SUMMARY_LIMIT - file.tell())
            file.write(text.encode())
    except OSError as error:
        # The tests have run; this is no reason to lose what they said.
        yield annotation("warning", f"Can't write the summary {path}: {error.strerror}.")


def _line(level: str, test: TestRow, word: str, message: str, place: Place | None) -> str:
    title = f"{_short(test.id)} {word}"
    return annotation(level, _cut(message) or title, title=title, **_at(place))


def _at(place: Place | None) -> dict[str, object]:
    return {} if place is None else {"file": place.file, "line": place.line}


def _short(name: str) -> str:
    """Return the class and the method of an id."""
    return ".".join(name.split(".")[-2:])


def _cut(text: str) -> str:
    """Return what went wrong, which GitHub shows first, and the end of the text."""
    text, head = text.strip(), headline(text)[:_HEADLINE_LIMIT]
    if text == head:
        return text
    if len(text) > _MESSAGE_LIMIT:
        end = text[-_MESSAGE_LIMIT:]
        text = "…\n" + (end.partition("\n")[2] or end)
    return f"{head}\n\n{text}"
