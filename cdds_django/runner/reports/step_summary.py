"""A run as Markdown, for the summary of a step of GitHub Actions.

Names and texts of the project stand in code, so that none of it becomes a link or a mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cdds_django.runner.outcomes.outcome import (
    FAILED_OUTCOMES,
    NOT_RUN,
    PASSED_OUTCOMES,
    SELECTED,
    RunOutcome,
    TestRow,
)
from cdds_django.runner.outcomes.trend import last_full
from cdds_django.runner.reports.wording import changed, counted, headline

_SHOWN_CHANGES = 10
_SHOWN_CONTRACT_CHANGES = 20
_SHOWN_FLAKY = 20
_SHOWN_SLOWEST = 5
_SHOWN_FAILURES = 200
_DETAIL_LIMIT = 10_000
"""Characters of a failure's text; of a longer one the middle is left out."""
_WORTH_TELLING_S = 0.1


def rendered(run: RunOutcome, limit: int) -> str:
    """Return the summary, in no more than `limit` bytes: what is too much is left out at its end.

    It ends in a line that says so, and has no section that is cut in the middle.
    """
    note = "\n_More was left out, since a summary may have so many bytes only._\n\n"
    room = limit - len(note)
    kept: list[str] = []
    for block in _blocks(run):
        room -= len(block.encode())
        if room < 0:
            kept.append(note)
            break
        kept.append(block)
    text = "".join(kept)
    return text if len(text.encode()) <= limit else ""


def _blocks(run: RunOutcome) -> Iterator[str]:
    """Yield what may stand or fall alone, the most important first."""
    yield _opening(run)
    yield from _selection(run)
    yield from _contract(run)
    yield from _failures(run)
    yield from _flaky(run)
    yield from _slowest(run)


def _opening(run: RunOutcome) -> str:
    failed = run.failed
    if run.count(SELECTED):
        heading = f"{counted(run.selected, 'test')} would run"
    elif failed:
        heading = f"❌ {counted(failed, 'test')} failed"
    elif not run.selected:
        heading = "✅ Nothing is affected"
    else:
        heading = f"✅ {counted(run.count(*PASSED_OUTCOMES), 'test')} passed"
    counts = {
        "passed": run.count(*PASSED_OUTCOMES),
        "failed": failed,
        "skipped": run.count("skipped"),
        "flaky": len(run.flaky),
        "not run": run.count(NOT_RUN),
        "left out": run.discovered - run.selected,
    }
    shown = {name: n for name, n in counts.items() if n or name in ("passed", "failed")}
    table = "" if run.count(SELECTED) else _table(shown, [[f"{n:,}" for n in shown.values()]])
    return f"### {heading}\n\n{table}{_how(run)}\n\n"


def _how(run: RunOutcome) -> str:
    """Return the sentences on what was chosen and how long it took."""
    told = []
    if run.full_run_reason is not None:
        told.append(f"Everything was selected: {_code(run.full_run_reason)}.")
    elif run.mode != "full":
        by = "By the contract alone" if run.mode == "contract" else "Delta"
        told.append(
            f"{by}: {run.selected:,} of {counted(run.discovered, 'test')} selected, "
            f"**{run.skip_ratio:.1%} skipped**."
        )
    if run.workers:
        workers = f" on {run.workers} workers" if run.workers > 1 else ""
        told.append(f"It took {run.timings.total_s:.1f} s{workers}.")
    full = last_full(run.past_runs)
    if full and run.mode != "full" and run.full_run_reason is None and run.is_whole:
        told.append(f"The last run of all tests took {full.total_s:.1f} s.")
    return " ".join(told)


def _selection(run: RunOutcome) -> Iterator[str]:
    if run.full_run_reason is not None or run.mode == "full":
        return
    rows = [(changed(change), change.tests) for change in run.changes if change.tests]
    again = sum(any(reason.kind == "test" for reason in test.reasons) for test in run.tests)
    if again:
        rows.append(("new or not passed last time", again))
    if rows:
        shown = [[_code(text), f"{tests:,}"] for text, tests in rows[:_SHOWN_CHANGES]]
        rest = _rest(len(rows) - len(shown), "cause")
        yield f"#### Why\n\n{_table(['cause', 'tests'], shown)}{rest}"


def _contract(run: RunOutcome) -> Iterator[str]:
    if run.contract_problem:
        yield f"The contract could not be compared: {_code(run.contract_problem)}\n\n"
    changes = run.contract_changes
    if not changes:
        return
    rows = []
    for change in changes[:_SHOWN_CONTRACT_CHANGES]:
        level = "approved" if change.level == "error" and not change.breaks else change.level
        reach = counted(len(change.operations), "operation") if change.operations else ""
        operation = _code(change.operation) if len(change.operations) == 1 else reach
        rows.append([level, _code(change.id), operation, _code(change.text)])
    breaking = sum(change.breaks for change in changes)
    told = f", {breaking:,} of them breaking" if breaking else ""
    yield (
        "#### Contract\n\nAgainst the committed snapshot: "
        f"{counted(len(changes), 'change')}{told}.\n\n"
        f"{_table(['level', 'rule', 'where', 'what'], rows)}"
        f"{_rest(len(changes) - len(rows), 'change')}"
    )


def _failures(run: RunOutcome) -> Iterator[str]:
    found = [(test.id, test.detail) for test in run.tests if test.outcome in FAILED_OUTCOMES]
    found += [(f"fixture of {place}", text) for place, text in run.fixture_failures.items()]
    if not found:
        return
    yield "#### Failures\n\n"
    for name, detail in found[:_SHOWN_FAILURES]:
        yield (
            f"<details><summary>{_html(name)}<br>{_html(headline(detail))}</summary>\n\n"
            f"{_fenced(detail)}\n\n</details>\n\n"
        )
    yield _rest(len(found) - _SHOWN_FAILURES, "failure")


def _flaky(run: RunOutcome) -> Iterator[str]:
    if run.flaky:
        rows = [
            [
                _code(test.id),
                str(test.attempts),
                _code(headline(next(iter(run.earlier_failures.get(test.id, ())), ""))),
            ]
            for test in run.flaky[:_SHOWN_FLAKY]
        ]
        rest = _rest(len(run.flaky) - len(rows), "test")
        yield f"#### Flaky\n\n{_table(['test', 'attempts', 'failed of'], rows)}{rest}"


def _slowest(run: RunOutcome) -> Iterator[str]:
    slowest: Sequence[TestRow] = sorted(run.tests, key=lambda test: -test.duration_s)
    rows = [
        [_code(test.id), f"{test.duration_s:.2f}"]
        for test in slowest[:_SHOWN_SLOWEST]
        if test.duration_s >= _WORTH_TELLING_S
    ]
    if rows:
        yield f"#### Slowest tests\n\n{_table(['test', 'seconds'], rows)}\n"


def _table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    # Also in code, where a table sees it first.
    safe = [[cell.replace("|", r"\|") for cell in cells] for cells in lines]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in safe) + "\n"


def _rest(number: int, noun: str) -> str:
    return f"… and {counted(number, f'more {noun}')}.\n\n" if number > 0 else ""


def _code(text: str) -> str:
    """Return a code span on one line."""
    text = " ".join(text.split())
    if not text:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`"


def _html(text: str) -> str:
    """Return code that may stand where Markdown isn't read, on one line."""
    text = " ".join(text.split())
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return f"<code>{text}</code>"


def _fenced(text: str) -> str:
    text = text.strip()
    if len(text) > _DETAIL_LIMIT:
        half = _DETAIL_LIMIT // 2
        text = f"{text[:half]}\n[…]\n{text[-half:]}"
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"
