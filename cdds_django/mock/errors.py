"""What callers of the mock can do wrong; each has a status of its own over HTTP."""

from __future__ import annotations

from typing import ClassVar

from cdds_django.errors import CddsError


class MockError(CddsError):
    """A request to the mock itself (not to the mocked API) that can't be fulfilled."""

    status: ClassVar[int] = 400
    """The HTTP status of an admin call that raises it."""


class UnknownBatchError(MockError):
    """There is no batch, or no snapshot of a batch, of this name."""

    status = 404


class BatchExistsError(MockError):
    """A batch of this id exists already."""

    status = 409


class LimitError(MockError):
    """The mock holds as many batches, or as much, as it may."""

    status = 429


class NoIdLeftError(MockError):
    """All ids that the contract allows for a resource are in use."""

    status = 409


class SeedError(MockError):
    """A seed doesn't fit the contract; the message names the place."""

    status = 422


class UnknownOperationError(MockError):
    """The contract has no operation of this id."""

    status = 404


class HandlerError(MockError):
    """A handler answered with something that is no answer, or asks for no collection."""

    status = 500
