import json
import urllib.error
import urllib.request

import requests
from django.core.cache import cache
from django.test import LiveServerTestCase, tag

from example_project.orders.models import Order
from example_project.testing.factories import PASSWORD, TicketTypeFactory, UserFactory


@tag("slow", "live")
class ApiOverHttpTests(LiveServerTestCase):
    def setUp(self):
        cache.clear()

    def test_cities_are_public(self):
        with urllib.request.urlopen(f"{self.live_server_url}/api/cities/", timeout=10) as response:
            self.assertEqual(json.load(response), [])
            self.assertEqual(response.headers["Content-Type"], "application/json")

    def test_orders_ask_for_a_token(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{self.live_server_url}/api/orders/", timeout=10)
        self.addCleanup(caught.exception.close)
        self.assertEqual(caught.exception.code, 401)
        self.assertEqual(caught.exception.headers["WWW-Authenticate"], "Token")

    def test_from_login_to_reservation(self):
        UserFactory(email="robin@example.com")
        ticket_type = TicketTypeFactory(quantity=5)
        login = requests.post(
            f"{self.live_server_url}/api/accounts/login/",
            json={"email": "robin@example.com", "password": PASSWORD},
            timeout=10,
        )
        answer = requests.post(
            f"{self.live_server_url}/api/orders/",
            json={"items": [{"ticket_type": ticket_type.pk, "quantity": 2}]},
            headers={"Authorization": f"Token {login.json()['token']}"},
            timeout=10,
        )
        self.assertEqual(answer.status_code, 201, answer.text)
        order = Order.objects.get(reference=answer.json()["reference"])
        self.assertEqual(order.customer.email, "robin@example.com")
        ticket_type.refresh_from_db()
        self.assertEqual(ticket_type.remaining, 3)
