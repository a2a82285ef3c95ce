"""What is told of a run while it goes on, and by whom."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdds_django.runner.progress.area import Area
from cdds_django.runner.progress.state import Failure, Running, State
from cdds_django.runner.progress.wording import about
from cdds_django.runner.progress.workers_output import (
    OutputPlan,
    WorkersOutput,
    terminal_descriptors,
)

if TYPE_CHECKING:
    from cdds_django.runner.progress.looks import Looks

_FIRST_S = 0.5
"""A run that is over sooner shows nothing."""
_INTERVAL_S = 0.5
"""How often the area is drawn at most."""
_LONG_S = 5.0
_LINE_INTERVAL_S = 30.0
_NAMED = 5
"""How many new failures a plain line names."""


class Progress:
    """Tells nothing. Others override what they need."""

    is_live = False
    """Whether there is a live area, in place of unittest's dots."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.look: Callable[[int], tuple[float, str]] | None = None
        """Returns since when a worker has run which test or fixture, where that can be known."""

    def begin(self, state: State) -> None:
        """Take the state of the run, in which tests begin to run now."""
        self.state = state

    def finished(self, test: str, took_s: float) -> None:
        """Take the id of a test that has ended."""
        if self.state is not None:
            self.state.finished(test, took_s)

    def set_up(self, place: str, took_s: float) -> None:
        """Take the dotted name of a class, or of a module, that is set up."""
        if self.state is not None:
            self.state.expectation.finished(place, took_s)

    def failed(self, failure: Failure) -> None:
        """Take a failure, as soon as it is known."""
        if self.state is not None:
            self.state.failures.append(failure)

    def turn(self, running: Sequence[Running], *, is_stopping: bool) -> None:
        """Take what runs now; called several times in a second, or between tests."""
        if self.state is not None:
            self.state.running[:] = running
            self.state.is_stopping = is_stopping
            if self.is_due(self.state):
                self.show(self.state)

    def is_due(self, state: State) -> bool:
        """Whether it is time to show something again."""
        return False

    def show(self, state: State) -> None:
        """Show the state."""

    def output_plan(self, directory: Path) -> OutputPlan | None:
        """Return where workers are to print to, None where it is where this process does.

        `directory` is the run's, for temporary files.
        """
        return None

    def end(self) -> None:
        """Leave the terminal as it was. Does nothing the second time."""


class LineProgress(Progress):
    """A line now and then, for logs."""

    def __init__(
        self, stream: Any, *, after_dots: bool, interval_s: float = _LINE_INTERVAL_S
    ) -> None:
        """`after_dots` says that unittest writes dots, so that lines begin after a line break."""
        super().__init__()
        self._stream = stream
        self._after_dots = after_dots
        self._interval_s = interval_s
        self._next_s = interval_s
        self._told = 0

    def is_due(self, state: State) -> bool:
        return state.elapsed_s >= self._next_s

    def show(self, state: State) -> None:
        self._next_s = state.elapsed_s + self._interval_s
        parts = [f"{state.done:,} of {state.total:,} tests"]
        if state.failures:
            parts.append(f"{len(state.failures):,} failed")
        if left := about(state.left_s):
            parts.append(left)
        new = state.failures[self._told :]
        self._told = len(state.failures)
        lines = [", ".join(parts), *(f"  {one.kind}: {one.test}" for one in new[:_NAMED])]
        if len(new) > _NAMED:
            lines.append(f"  … and {len(new) - _NAMED:,} more")
        begin = "\n" if self._after_dots else ""
        self._stream.write(begin + "".join(f"{line}\n" for line in lines))
        self._stream.flush()


class LiveProgress(Progress):
    """A live area on a terminal, and failures above it as they happen."""

    is_live = True

    def __init__(
        self, area: Area, make_looks: Callable[[], Looks], stream: Any, *, names_tests: bool
    ) -> None:
        """`names_tests` says that unittest writes a line for each test."""
        super().__init__()
        self._area = area
        self._make_looks = make_looks
        self._stream = stream
        self._names_tests = names_tests
        self._looks: Looks | None = None
        self._drawn_s = 0.0
        self._told = 0
        self._is_open = False
        self._output: WorkersOutput | None = None

    def begin(self, state: State) -> None:
        super().begin(state)
        self._area.open()
        self._is_open = True

    def output_plan(self, directory: Path) -> OutputPlan | None:
        # Only who draws knows where there is room to print.
        self._output = WorkersOutput(directory, terminal_descriptors())
        return self._output.plan

    def is_due(self, state: State) -> bool:
        if not self._is_open:
            return False
        if self._take_output() or len(state.failures) > self._told:
            return True
        now_s = time.monotonic()
        return state.elapsed_s >= _FIRST_S and now_s - self._drawn_s >= _INTERVAL_S

    def show(self, state: State) -> None:
        for failure in state.failures[self._told :]:
            if self._area.is_within_line:
                self._stream.write("\n")
            self._stream.write(self.looks.failure(failure, with_name=not self._names_tests))
            self._stream.flush()
        self._told = len(state.failures)
        if state.elapsed_s >= _FIRST_S:
            self._drawn_s = time.monotonic()
            state.running[:] = map(self._looked_at, state.running)
            self._area.draw(self.looks.lines(state))

    def _looked_at(self, running: Running) -> Running:
        """Name the test instead of the class where it has run for long: it may hang."""
        long_ago_s = time.monotonic() - _LONG_S
        if self.look is None or running.since_s > long_ago_s:
            return running
        since_s, what = self.look(running.worker)
        return Running(running.worker, what, since_s) if what and since_s < long_ago_s else running

    def end(self) -> None:
        if self._is_open:
            self._is_open = False
            self._take_output()
            self._area.close()
        if self._output is not None:
            self._output.close()
            self._output = None

    @property
    def looks(self) -> Looks:
        """How it looks. Made when something is shown: rich takes a while to import."""
        if self._looks is None:
            self._looks = self._make_looks()
        return self._looks

    def _take_output(self) -> bool:
        output = self._output.take() if self._output is not None else b""
        if output:
            self._area.write_bytes(output)
        return bool(output)
