from collections import Counter

from django.test import TestCase, tag
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = {"get", "post", "put", "patch", "delete"}


@tag("slow", "schema")
class SchemaTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.schema = SchemaGenerator().get_schema(request=None, public=True)
        cls.operations = {
            operation["operationId"]: (method, path, operation)
            for path, item in cls.schema["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def test_is_valid_openapi(self):
        validate_schema(self.schema)

    def test_operation_ids_are_unique(self):
        ids = Counter(
            operation["operationId"]
            for item in self.schema["paths"].values()
            for method, operation in item.items()
            if method in METHODS
        )
        self.assertEqual([name for name, count in ids.items() if count > 1], [])

    def test_ids_that_clients_are_generated_from(self):
        for operation_id, method, path in [
            ("orders_create", "post", "/api/orders/"),
            ("orders_quote", "post", "/api/orders/quote/"),
            ("events_list", "get", "/api/events/"),
            ("tickets_check_in", "post", "/api/tickets/{code}/check-in/"),
            ("venues_upload_image", "post", "/api/venues/{slug}/image/"),
        ]:
            with self.subTest(operation_id):
                self.assertEqual(self.operations[operation_id][:2], (method, path))

    def test_upload_is_multipart(self):
        content = self.operations["venues_upload_image"][2]["requestBody"]["content"]
        self.assertEqual(list(content), ["multipart/form-data"])

    def test_passwords_are_never_answered(self):
        schema = self.schema["components"]["schemas"]
        self.assertNotIn("password", schema["Registration"]["properties"])
        self.assertIn("password", schema["RegistrationRequest"]["properties"])

    def test_schema_view(self):
        response = self.client.get(reverse("schema"), headers={"accept": "application/json"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["info"]["title"], "Ticket office API")
