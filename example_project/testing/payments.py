"""The payment service, mocked from its contract."""

from django.test import override_settings

from cdds_django.mock.testing import ContractMockMixin

URL = "https://payments.example.com"
CHARGE = {
    "id": "ch_77",
    "status": "captured",
    "amount": 4375,
    "currency": "GBP",
    "reference": "T-7KQ2MXWA",
    "created_at": "2025-05-04T10:15:00Z",
}
"""A charge that the service has had for long."""


class PaymentsMixin(ContractMockMixin):
    """Payments work. The card "tok_poor" has no money on it."""

    mock_spec = "payments"
    mock_seed = {"/charges": [CHARGE]}

    @classmethod
    def setUpClass(cls) -> None:
        cls.enterClassContext(override_settings(PAYMENTS_URL=URL, PAYMENTS_TIMEOUT=5))
        super().setUpClass()

    @classmethod
    def prepare_mock(cls) -> None:
        @cls.mock.handler("createCharge")
        def create_charge(scene):
            if scene.body["source"] == "tok_poor":
                return 402, {"code": "card_declined", "message": "Insufficient funds."}
            return scene.default()

        @cls.mock.handler("captureCharge")
        def capture_charge(scene):
            charge = scene.get("/charges", scene.path["charge_id"])
            if charge is None:
                return 404, {"code": "not_found", "message": "No such charge."}
            return scene.put("/charges", charge["id"], status="captured")

    def calls(self) -> list[str]:
        """Return the operations that this test called, in order."""
        return [call.operation_id for call in self.mock.calls]

    def charges(self) -> list[dict]:
        """Return the charges that this test made."""
        return [row for row in self.mock.rows["/charges"] if row["id"] != CHARGE["id"]]
