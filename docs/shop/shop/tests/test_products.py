from decimal import Decimal

from rest_framework.test import APITestCase

from shop.models import Product


class ProductTests(APITestCase):
    @classmethod
    def setUpTestData(cls):
        cls.pen = Product.objects.create(name="Pen", price=Decimal("2.50"), stock=40)
        Product.objects.create(name="Ink", price=Decimal("8.00"), stock=3)

    def test_list(self):
        names = [row["name"] for row in self.client.get("/api/products/").json()]
        self.assertEqual(names, ["Ink", "Pen"])

    def test_retrieve(self):
        self.assertEqual(self.client.get(f"/api/products/{self.pen.pk}/").json()["stock"], 40)

    def test_create(self):
        answer = self.client.post("/api/products/", {"name": "Pad", "price": "4.00"})
        self.assertEqual(answer.status_code, 201)

    def test_create_without_price(self):
        answer = self.client.post("/api/products/", {"name": "Pad"})
        self.assertEqual(answer.json(), {"price": ["This field is required."]})

    def test_rename(self):
        self.client.patch(f"/api/products/{self.pen.pk}/", {"name": "Red pen"})
        self.pen.refresh_from_db()
        self.assertEqual(self.pen.name, "Red pen")

    def test_delete(self):
        self.assertEqual(self.client.delete(f"/api/products/{self.pen.pk}/").status_code, 204)
