"""The first lines of the page: what kind of run it was, how it ended, what it saved."""

from __future__ import annotations

from dataclasses import dataclass

from cdds_django.runner.outcomes.outcome import NOT_RUN, PASSED_OUTCOMES, SELECTED, RunOutcome
from cdds_django.runner.outcomes.trend import last_full
from cdds_django.runner.reports.html.numbers import count, duration, ratio
from cdds_django.runner.reports.wording import counted

_MODES = {"full": "Full run", "delta": "Delta run", "contract": "Run by the contract alone"}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number with its name."""

    name: str
    value: str
    note: str = ""
    state: str = ""
    """good, bad, warn or nothing; the words say it as well."""


@dataclass(frozen=True, kw_only=True)
class Headline:
    title: str
    verdict: str
    state: str
    """good, bad or warn."""
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


def headline(run: RunOutcome) -> Headline:
    """Return the first lines."""
    verdict, state = _verdict(run)
    notes = [run.note] if run.note is not None else []
    if run.full_run_reason is not None:
        notes.append(f"Everything ran, because {run.full_run_reason}.")
    if run.mode == "contract":
        notes.append("Tests were chosen by the contract alone: logic wasn't compared.")
    return Headline(
        title=_MODES.get(run.mode, run.mode),
        verdict=verdict,
        state=state,
        facts=tuple(_facts(run)),
        notes=tuple(notes),
    )


def _verdict(run: RunOutcome) -> tuple[str, str]:
    not_run = run.count(NOT_RUN)
    if run.count(SELECTED):
        return f"{counted(run.selected, 'test')} would run", "warn"
    if run.failed:
        return f"{count(run.failed)} failed", "bad"
    if not_run:
        return f"Stopped before {counted(not_run, 'test')} could run", "bad"
    if not run.selected:
        return "Nothing is affected", "good"
    if run.flaky:
        return f"Passed, {count(len(run.flaky))} flaky", "warn"
    return "Passed", "good"


def _facts(run: RunOutcome) -> list[Fact]:
    skipped, flaky = run.count("skipped"), len(run.flaky)
    facts = [
        Fact(
            name="Selected",
            value=count(run.selected),
            note=f"of {counted(run.discovered, 'test')}",
        ),
        Fact(
            name="Left out",
            value=ratio(run.skip_ratio),
            note=counted(run.discovered - run.selected, "test"),
        ),
        Fact(name="Passed", value=count(run.count(*PASSED_OUTCOMES))),
        Fact(name="Failed", value=count(run.failed), state="bad" if run.failed else ""),
    ]
    if flaky:
        facts.append(Fact(name="Flaky", value=count(flaky), state="warn"))
    if skipped:
        facts.append(Fact(name="Skipped", value=count(skipped), note="by the tests themselves"))
    return [*facts, _time(run)]


def _time(run: RunOutcome) -> Fact:
    took_s = run.timings.total_s
    full = last_full(run.past_runs)
    note = ""
    if full is not None and full.total_s > 0:
        # Days stay in one piece.
        day = full.started_at[:10].replace("-", "\N{NON-BREAKING HYPHEN}")
        then = f"{duration(full.total_s)} on {day}"
        saved = (full.total_s - took_s) / full.total_s
        if run.skip_ratio and saved > 0:
            note = f"{ratio(saved)} less than the last full run ({then})"
        else:
            note = f"the last full run took {then}"
    return Fact(name="Time", value=duration(took_s), note=note)
