from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

from example_project.orders.gateway import Charge
from example_project.testing.payments import CHARGE

DOCUMENT = Path(__file__).resolve().parent.parent / "openapi" / "payments.json"


class PaymentsDocumentTests(SimpleTestCase):
    """That calls keep to the document is for the mock to say, which is made from it."""

    def test_settings_point_at_it(self):
        path = settings.BASE_DIR / settings.CDDS["UPSTREAMS"]["payments"]
        self.assertEqual(path, DOCUMENT)

    def test_charges_have_what_the_gateway_reads(self):
        self.assertLessEqual(set(Charge.__dataclass_fields__), set(CHARGE))
