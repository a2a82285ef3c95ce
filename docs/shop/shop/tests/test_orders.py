from decimal import Decimal

from rest_framework.test import APITestCase

from shop.models import Order, Product


class OrderTests(APITestCase):
    @classmethod
    def setUpTestData(cls):
        cls.pen = Product.objects.create(name="Pen", price=Decimal("2.50"), stock=40)
        cls.order = Order.objects.create(product=cls.pen, quantity=1, total=Decimal("2.50"))

    def test_create(self):
        answer = self.client.post("/api/orders/", {"product": self.pen.pk, "quantity": 2})
        self.assertEqual(answer.json()["total"], "5.00")

    def test_create_many(self):
        answer = self.client.post("/api/orders/", {"product": self.pen.pk, "quantity": 20})
        self.assertEqual(answer.json()["total"], "45.00")

    def test_create_too_many(self):
        answer = self.client.post("/api/orders/", {"product": self.pen.pk, "quantity": 41})
        self.assertEqual(answer.status_code, 400)

    def test_list(self):
        self.assertEqual(len(self.client.get("/api/orders/").json()), 1)

    def test_retrieve(self):
        self.assertEqual(self.client.get(f"/api/orders/{self.order.pk}/").json()["quantity"], 1)
