from django.urls import reverse

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import OrganiserFactory, StaffFactory, UserFactory


class OrganiserListTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory()
        cls.customer = UserFactory()
        OrganiserFactory(email="ada@example.com", password=None)
        OrganiserFactory(email="bo@example.com", password=None)
        OrganiserFactory(email="gone@example.com", password=None, is_active=False)

    def emails(self, **params):
        response = self.client.get(reverse("organiser-list"), params)
        self.assertStatus(response, 200)
        return [row["email"] for row in response.data["results"]]

    def test_active_organisers_only(self):
        self.login(self.staff)
        self.assertEqual(self.emails(), ["ada@example.com", "bo@example.com"])

    def test_search(self):
        self.login(self.staff)
        self.assertEqual(self.emails(search="bo@"), ["bo@example.com"])

    def test_not_for_customers(self):
        self.login(self.customer)
        self.assertStatus(self.client.get(reverse("organiser-list")), 403)
