"""The mock in test cases, with the settings of the project."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from cdds_django.conf import settings
from cdds_django.contract.upstream_documents import documents
from cdds_django.errors import ConfigurationError
from cdds_django.mock.contract_mock import ContractMock
from cdds_django.mock.mock_server import MockServer
from cdds_django.upstream_calls import told_otherwise

__all__ = ["ContractMockMixin"]

# This module's name matches the default pattern of test discovery.
__test__ = False


class ContractMockMixin:
    """Mocks a service for the tests of a class, each of them in a private copy of its state.

    What `setUpClass` and `setUpTestData` call is part of the state that each test begins with.
    """

    mock_spec: ClassVar[str]
    """A name in `CDDS["UPSTREAMS"]`, or the path of a document."""
    mock_base_urls: ClassVar[Sequence[str] | None] = None
    """What it answers for; by default the absolute URLs of the document's servers."""
    mock_seed: ClassVar[Mapping[str, Any] | None] = None
    """Rows to begin with, by the path of their collection."""
    mock_over_http: ClassVar[bool] = False
    """Use a server that all workers of a test run share, instead of one in each process. The
    variable `CDDS_MOCK_<NAME>_URL` (in capitals) names one that is already there."""
    mock_handlers: ClassVar[str | None] = None
    """For a server: a module whose function `register(mock)` adds handlers."""

    mock: ContractMock | MockServer

    @classmethod
    def setUpClass(cls) -> None:
        test_case: Any = cls
        cls.mock = _mock(cls)
        test_case.enterClassContext(cls.mock.answering())
        test_case.enterClassContext(cls.mock.forked(seed=cls.mock_seed))
        cls.prepare_mock()
        super().setUpClass()  # type: ignore[misc]

    @classmethod
    def prepare_mock(cls) -> None:
        """Add handlers to `cls.mock`, or state by calls, before `setUpTestData` runs."""

    def setUp(self) -> None:
        test_case: Any = self
        test_case.enterContext(self.mock.forked())
        super().setUp()  # type: ignore[misc]


_mocks: dict[tuple[object, ...], ContractMock | MockServer] = {}


def _mock(case: type[ContractMockMixin]) -> ContractMock | MockServer:
    """Return this process's mock for a class; it is kept for others that ask for the same."""
    spec = getattr(case, "mock_spec", None)
    if spec is None:
        raise ConfigurationError(
            f"{case.__module__}.{case.__qualname__} has no `mock_spec`. Give it a name in "
            "CDDS['UPSTREAMS'] or the path of an OpenAPI document."
        )
    # Whether the document is there is for the mock to say, which depends on it.
    with told_otherwise():
        path = str(documents(settings.upstreams).get(spec, Path(spec)))
    urls = case.mock_base_urls if case.mock_base_urls is None else tuple(case.mock_base_urls)
    key: tuple[object, ...] = (path, urls)
    if case.mock_over_http:
        # A process that was forked has connections of its own.
        key = (*key, case.mock_handlers, os.getpid())
    if key not in _mocks:
        if case.mock_over_http:
            _mocks[key] = _server(case, spec, path)
        else:
            _mocks[key] = ContractMock(path, base_urls=urls)
    return _mocks[key]


def _server(case: type[ContractMockMixin], name: str, path: str) -> MockServer:
    variable = f"CDDS_MOCK_{''.join(c if c.isalnum() else '_' for c in name).upper()}_URL"
    # Workers of one run have one parent; a run of our own has an id that tells it from others.
    group = os.environ.get("TEST_BATCH_ID", "").rpartition("-")[0] or str(os.getppid())
    return MockServer(
        path,
        base_urls=case.mock_base_urls,
        handlers=case.mock_handlers,
        url=os.environ.get(variable),
        token=os.environ.get("MOCK_TOKEN"),
        share_in=(settings.state_dir / "mock", group),
    )
