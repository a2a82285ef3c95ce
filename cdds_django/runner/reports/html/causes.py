"""What made tests run, as few causes as a person would name."""

from __future__ import annotations

from typing import NamedTuple

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.reports.wording import cause_title

_ONE_CAUSE = frozenset({"test", "coverage"})
"""Kinds whose keys are tests or classes: they would be as many causes as there are of these."""
_WITHOUT_DIFFERENCE = "coverage"


class Cause(NamedTuple):
    """Something that isn't as it was."""

    kind: str
    key: str
    change: str

    @classmethod
    def of(cls, reason: Reason) -> Cause:
        key = "" if reason.kind in _ONE_CAUSE else reason.key
        change = "" if reason.kind == _WITHOUT_DIFFERENCE else reason.change
        return cls(reason.kind, key, change)

    @property
    def name(self) -> str:
        """By which links to the page name it."""
        return ":".join(part for part in self if part)

    @property
    def parts(self) -> tuple[str, str]:
        """What it is called where there is little room, and what tells it apart from others."""
        path, is_symbol, symbol = self.key.partition("::")
        if not is_symbol:
            return self.title, ""
        return cause_title(self.kind, symbol, self.change), path

    @property
    def title(self) -> str:
        if self.kind == "full_run":
            return f"Full run: {self.key}"
        if self.kind == "coverage":
            return "Run along for --coverage, which knows lines by class"
        return cause_title(self.kind, self.key, self.change)
