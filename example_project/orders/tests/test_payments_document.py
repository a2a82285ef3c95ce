import json
import unittest
from pathlib import Path

from django.conf import settings

from example_project.orders.gateway import Charge

DOCUMENT = Path(__file__).resolve().parent.parent / "openapi" / "payments.json"


class PaymentsDocumentTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = json.loads(DOCUMENT.read_text(encoding="utf-8"))

    def test_settings_point_at_it(self):
        path = settings.BASE_DIR / settings.CDDS["UPSTREAMS"]["payments"]
        self.assertEqual(path, DOCUMENT)

    def test_operations_that_the_gateway_calls(self):
        found = {
            operation["operationId"]
            for item in self.document["paths"].values()
            for operation in item.values()
        }
        self.assertEqual(
            found,
            {
                "createCharge",
                "getCharge",
                "listCharges",
                "captureCharge",
                "refundCharge",
                "getHealth",
            },
        )

    def test_charges_have_what_the_gateway_reads(self):
        required = self.document["components"]["schemas"]["Charge"]["required"]
        self.assertLessEqual(set(Charge.__dataclass_fields__), set(required))
