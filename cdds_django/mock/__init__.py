"""A stateful mock server made from a contract: it validates, remembers and forks per batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdds_django.mock.contract_mock import ContractMock
    from cdds_django.mock.mock_server import MockServer

__all__ = ["ContractMock", "MockServer"]


def __getattr__(name: str) -> Any:
    # Each is imported when it is asked for: the server's process needs neither.
    if name == "ContractMock":
        from cdds_django.mock.contract_mock import ContractMock

        return ContractMock
    if name == "MockServer":
        from cdds_django.mock.mock_server import MockServer

        return MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
