"""The part of a run's test result that tells the progress what happens."""

from __future__ import annotations

from typing import Any

from cdds_django.runner.outcomes.results import OutcomeKeeper
from cdds_django.runner.progress.progress import Progress
from cdds_django.runner.progress.state import Failure
from cdds_django.runner.reports.wording import headline


class ProgressTeller(OutcomeKeeper):
    """Mixed into the parent's result class."""

    progress = Progress()
    """Of the run; set on the class that is made for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._had_dots = vars(self).get("dots", False)
        if self.progress.is_live:
            self.dots = False

    def stopTestRun(self) -> None:
        self.progress.end()
        # What comes now begins on a line of its own, as after dots.
        self.dots = self._had_dots
        super().stopTestRun()

    def note_duration(self, test: Any, seconds: float, began_at_s: float) -> None:
        super().note_duration(test, seconds, began_at_s)
        self.progress.finished(test.id(), seconds)

    def note_set_up(self, place: str, seconds: float) -> None:
        super().note_set_up(place, seconds)
        self.progress.set_up(place, seconds)

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self._tell("ERROR", test, self.errors[-1][1])

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._tell("FAIL", test, self.failures[-1][1])

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._tell("UNEXPECTED SUCCESS", test, "")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            text = (self.failures if is_failure else self.errors)[-1][1]
            self._tell("FAIL" if is_failure else "ERROR", subtest, text)

    def _tell(self, kind: str, test: Any, text: str) -> None:
        self.progress.failed(Failure(kind, test.id(), headline(text)))
