"""How the live area looks. The only module that imports rich, and only once something is shown."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.progress_bar import ProgressBar
from rich.segment import Segment, Segments
from rich.text import Text

from cdds_django.runner.progress.state import Failure, Running, State
from cdds_django.runner.progress.wording import about, clock, shortened

_BAR_WIDTH = 30
_LEAST_BAR_WIDTH = 8
_CELL_WIDTH = 38
"""What a worker's place in a row needs at least."""
_MOST_ROWS = 6


class Looks:
    """Turns the state of a run into lines for the terminal that a stream leads to."""

    def __init__(self, stream: Any, *, colors: bool) -> None:
        self._console = Console(
            file=stream,
            force_terminal=True,
            no_color=not colors,
            color_system="auto" if colors else None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def lines(self, state: State) -> list[str]:
        """Return the lines of the live area, as many as fit."""
        size = self._console.size
        # The last column stays free: some terminals go to the next line there.
        width = max(1, size.width - 1)
        rows = min(_MOST_ROWS, size.height - 4)
        lines = [self._bar(state, width)]
        if rows > 0:
            lines += self._workers(state, width, rows)
        return lines

    def failure(self, failure: Failure, *, with_name: bool) -> str:
        """Return what is said of a failure when it happens."""
        text = Text()
        if with_name:
            text.append(f"{failure.kind}: ", "bold red").append(f"{failure.test}\n", "bold")
        text.append(f"  {failure.error}\n" if failure.error else "")
        with self._console.capture() as captured:
            self._console.print(text, end="", soft_wrap=True)
        return captured.get()

    def _bar(self, state: State, width: int) -> str:
        count = f"{state.done:,}/{state.total:,}"
        told = Text()
        if state.failures:
            told.append(f"  {len(state.failures):,} failed", "bold red")
        told.append(f"  {clock(state.elapsed_s)}")
        if state.is_stopping:
            told.append("  stopping after the tests that run now", "yellow")
        elif left := about(state.left_s):
            told.append(f"  {left}", "dim")
        bar_width = min(_BAR_WIDTH, width - len(count) - 1 - len(told))
        parts: list[Any] = [Text(count)]
        if bar_width >= _LEAST_BAR_WIDTH:
            bar = ProgressBar(total=max(1, state.total), completed=state.done, width=bar_width)
            # Without colors, rich draws nothing for what is left.
            drawn = sum(segment.cell_length for segment in self._console.render(bar))
            parts += [Text(" "), bar, Text(" " * (bar_width - drawn))]
        return self._line([*parts, told], width)

    def _workers(self, state: State, width: int, rows: int) -> Iterator[str]:
        number = len(state.running)
        columns = max(1, min(math.ceil(number / 4), width // _CELL_WIDTH))
        shown = state.running
        room = rows * columns
        if number > room:
            # Who has been at it for longest is who one wonders about.
            oldest = sorted(shown, key=lambda running: running.since_s)[: room - 1]
            shown = sorted(oldest)
        cells: list[Text] = [_cell(one, width // columns - 2) for one in shown]
        if number > room:
            cells.append(Text(f" and {number - len(shown)} more", "dim"))
        cell_width = width // columns
        for start in range(0, len(cells), columns):
            line = Text()
            for cell in cells[start : start + columns]:
                cell.pad_right(max(0, cell_width - len(cell)))
                line.append_text(cell)
            line.rstrip()
            yield self._line([line], width)

    def _line(self, parts: Sequence[Any], width: int) -> str:
        console = self._console
        segments = [
            segment
            for part in parts
            for segment in console.render(part, console.options.update(no_wrap=True))
            if segment.text != "\n"
        ]
        with console.capture() as captured:
            console.print(Segments(Segment.adjust_line_length(segments, width, pad=False)), end="")
        return captured.get().rstrip("\n")


def _cell(running: Running, width: int) -> Text:
    lasted = f" {clock(time.monotonic() - running.since_s)}"
    number = f"{running.worker:>2} "
    what = shortened(running.what, max(1, width - len(number) - len(lasted)))
    return Text.assemble((number, "dim"), what, (lasted, "dim"))
