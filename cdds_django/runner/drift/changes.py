"""Changes of the contract as a run's outcome and its reports have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ContractChange:
    """One way in which the code's contract isn't the committed one."""

    id: str
    """The rule's id, such as `request-property-became-required`."""
    level: str
    """error (it breaks clients), warning or info."""
    operation: str
    """The first operation that it reaches, as `POST /api/orders/`; empty where it reaches none."""
    operation_id: str
    text: str
    """One sentence for people."""
    cause: str
    """The component, or else the place in the operation, whose edit this is."""
    operations: tuple[str, ...] = ()
    """All operations that it reaches, as methods and paths, sorted."""
    approved: str = ""
    """Why it is allowed, from the contract's policy; empty where it isn't."""

    @property
    def breaks(self) -> bool:
        """Whether it breaks clients and nobody approved of it."""
        return self.level == "error" and not self.approved

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {**asdict(self), "operations": list(self.operations)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ContractChange:
        """Return what `as_json` gave. Raises TypeError or KeyError for anything else."""
        return cls(**{**stored, "operations": tuple(stored["operations"])})
