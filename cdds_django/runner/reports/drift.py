"""What a run tells of the contract: whether the code's is the committed one."""

from __future__ import annotations

from collections.abc import Iterator

from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import RunOutcome
from cdds_django.runner.reports.wording import counted

_SHOWN = 3


def lines(run: RunOutcome, snapshot: str) -> Iterator[str]:
    """Yield one line where the contracts differ or couldn't be compared.

    `snapshot` is what the committed snapshot is called.
    """
    if run.contract_problem:
        yield f"The contract wasn't compared with {snapshot}: {run.contract_problem}"
    if not run.contract_changes:
        return
    operations = {name for change in run.contract_changes for name in change.operations}
    number = len(operations)
    differ = (
        f"{counted(number, 'operation')} {'differs' if number == 1 else 'differ'} from {snapshot}"
        if operations
        else f"{counted(len(run.contract_changes), 'change')} against {snapshot}"
    )
    breaking = [change for change in run.contract_changes if change.breaks]
    told = f", {_breaking(breaking)}" if breaking else ""
    yield f"Contract drift: {differ}{told}; manage.py contract_diff lists them."


def _breaking(changes: list[ContractChange]) -> str:
    named = dict.fromkeys(
        f"{change.operation_id}: {change.id}" if change.operation_id else change.id
        for change in changes
    )
    shown = list(named)[:_SHOWN]
    if len(named) > len(shown):
        shown.append("…")
    return f"{len(changes):,} breaking ({', '.join(shown)})"
