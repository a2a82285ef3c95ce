"""What users write against the public API; `mypy --strict` has to take it and know its types."""

import unittest
from typing import assert_type

from cdds_django.errors import CddsError, ConfigurationError, ContractError, StateFileError
from cdds_django.mock import ContractMock, MockServer
from cdds_django.mock.testing import ContractMockMixin
from cdds_django.runner import DeltaDiscoverRunner
from cdds_django.testing import covers, depends_on


class Runner(DeltaDiscoverRunner):
    pass


class PayTests(ContractMockMixin, unittest.TestCase):
    mock_spec = "payments"
    mock_seed = {"/charges": [{"id": "ch_1"}]}

    @classmethod
    def prepare_mock(cls) -> None:
        cls.mock.fail("createCharge", status=503, times=1)

    @covers("orders_create", "payments:createCharge")
    @depends_on("data/prices.csv")
    def test_pay(self) -> None:
        self.assertEqual([call.operation_id for call in self.mock.calls], ["createCharge"])


@covers("orders_create")
def total(price: int) -> int:
    return price


assert_type(total(1), int)


def with_mocks(path: str) -> str:
    with ContractMock(path) as here, here.forked():
        assert_type(here, ContractMock)
        here.reset()
    with MockServer(path) as there:
        assert_type(there, MockServer)
        assert_type(there.url, str)
        return there.url


ERRORS: tuple[type[CddsError], ...] = (ConfigurationError, ContractError, StateFileError)
