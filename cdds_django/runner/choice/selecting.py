"""Which tests a run wants: what the map says, what the contract says, what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdds_django.conf import Settings
from cdds_django.impact.choice.selection import Reason, Selection, full_run
from cdds_django.runner.choice.delta import ImpactSession, declared_dependencies
from cdds_django.runner.contracts.contract import ContractView
from cdds_django.runner.contracts.recorded_operations import called_by_test
from cdds_django.runner.options import Options

Reasons = tuple[Reason, ...]

_NO_RECORD = "There is no impact map: only tests with @covers are known to call operations."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How to tell whether a test runs. Every condition that is there has to hold."""

    mode: str
    """full, delta or contract."""
    selection: Selection | None = None
    """What may be affected, with --delta."""
    differing: frozenset[str] | None = None
    """With --base: the operations that differ, under all their names."""
    wanted: Mapping[str, str] | None = None
    """With --operation: method and path of those asked for, by operationId."""
    note: str | None = None
    """What a person should know of the choice."""
    recorded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The operationIds that each test was seen to call, by test id."""

    @property
    def needs_checks(self) -> bool:
        """Whether Django's system checks may fail though no test has to run.

        In any run of tests they come first, and a definition that changed may break them.
        """
        return self.selection is not None and self.selection.may_fail_checks

    @property
    def full_run_reason(self) -> str | None:
        return self.selection.full_run_reason if self.selection is not None else None

    def reasons(self, test: Any) -> Reasons | None:
        """Return why a test runs, None if it doesn't."""
        reasons: Reasons = ()
        if self.selection is not None:
            reasons = self.selection.reasons_for(test.id())
            if not reasons:
                return None
        called = self._operations(test)
        if self.differing is not None:
            found = sorted(called & self.differing)
            if not found:
                return None
            reasons = tuple(Reason(kind="operation", key=key, change="changed") for key in found)
        if self.wanted is not None and not called & (
            self.wanted.keys() | set(self.wanted.values())
        ):
            return None
        return reasons

    def _operations(self, test: Any) -> frozenset[str]:
        if self.differing is None and self.wanted is None:
            return frozenset()
        declared = {key for kind, key in declared_dependencies(test) if kind == "operation"}
        return self.recorded.get(test.id(), frozenset()) | declared


def choose(
    options: Options, settings: Settings, session: ImpactSession | None, contract: ContractView
) -> Choice:
    """Decide by what tests are chosen. Raises CddsError."""
    wanted = contract.named(options.operations) if options.operations else None
    base = options.base
    selection: Selection | None = None
    if options.delta and base is None:
        assert session is not None, "--delta needs the impact map's session"
        if session.impact_map is None and settings.cold_start == "tags":
            if contract.committed is None:
                selection = full_run(
                    "there is neither an impact map nor a contract snapshot to compare with"
                )
            else:
                base = str(settings.snapshot)
        else:
            selection = session.select()
    differing = contract.differing(base) if base is not None else None
    impact_map = session.impact_map if session is not None else None
    recorded = {}
    if impact_map is not None and (wanted is not None or base is not None or options.explain):
        recorded = called_by_test(impact_map, contract.ids_by_shape())
    return Choice(
        mode="contract" if base is not None else "delta" if options.delta else "full",
        selection=selection,
        differing=differing,
        wanted=wanted,
        note=_NO_RECORD if impact_map is None and (wanted or base) else None,
        recorded=recorded,
    )
