"""What is asked to go wrong: a status, a delay, a connection that breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdds_django.mock.errors import MockError

HEADER = b"x-mock-fault"
"""`X-Mock-Fault: status=503, delay=0.2` or `drop`, for one request."""

_LONGEST_DELAY = 300.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong."""

    status: int | None = None
    """Answer with this status, by the contract's example for it, and do nothing else."""
    delay: float = 0.0
    """Seconds to wait before the answer."""
    drop: bool = False
    """Close the connection without an answer, and do nothing else."""
    operation_id: str | None = None
    """Only for this operation; None for all."""
    times: int | None = None
    """How many more requests it is for; None for all."""

    def as_json(self) -> dict[str, Any]:
        """Return it as the admin routes show it."""
        return {
            "status": self.status,
            "delay": self.delay,
            "drop": self.drop,
            "operation": self.operation_id,
            "times": self.times,
        }


def fault_in_header(text: str) -> Fault:
    """Return the fault that a header asks for. Raises MockError."""
    fields: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        name = name.strip().lower()
        if name == "drop":
            fields["drop"] = value.strip().lower() not in ("false", "0")
        else:
            fields[name] = _number(value)
    return fault_from(fields)


def fault_from(fields: Mapping[str, Any]) -> Fault:
    """Return the fault that a JSON object describes. Raises MockError, naming the field."""
    known = {"status", "delay", "drop", "operation", "times"}
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise MockError(f"a fault has no {unknown[0]!r}; it has: {', '.join(sorted(known))}")
    status, delay = fields.get("status"), fields.get("delay") or 0.0
    if status is not None and (not _is_whole(status) or not 100 <= status <= 599):
        raise MockError(f"a fault's status must be from 100 to 599, not {status!r}")
    if isinstance(delay, bool) or not isinstance(delay, int | float):
        raise MockError(f"a fault's delay must be seconds, not {delay!r}")
    if not 0 <= delay <= _LONGEST_DELAY:
        raise MockError(f"a fault's delay must be from 0 to {_LONGEST_DELAY:g} seconds")
    times = fields.get("times")
    if times is not None and (not _is_whole(times) or times < 1):
        raise MockError(f"a fault's times must be at least 1, not {times!r}")
    operation_id = fields.get("operation")
    if operation_id is not None and not isinstance(operation_id, str):
        raise MockError(f"a fault's operation must be an operationId, not {operation_id!r}")
    return Fault(
        status=status,
        delay=float(delay),
        drop=bool(fields.get("drop", False)),
        operation_id=operation_id,
        times=times,
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number
