from django.urls import reverse

from example_project.accounts.models import Role
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import UserFactory


class MeTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory(email="robin@example.com", last_name="Fletcher")

    def setUp(self):
        super().setUp()
        self.login(self.user)
        self.url = reverse("account-me")

    def test_own_account(self):
        response = self.client.get(self.url)
        self.assertStatus(response, 200)
        self.assertEqual(response.data["email"], "robin@example.com")
        self.assertEqual(response.data["display_name"], "Robin Fletcher")

    def test_secrets_are_not_shown(self):
        self.assertNotIn("password", self.client.get(self.url).data)

    def test_change(self):
        response = self.client.patch(self.url, {"phone": "+442079460000", "marketing_opt_in": True})
        self.assertStatus(response, 200)
        self.user.refresh_from_db()
        self.assertEqual(self.user.phone, "+442079460000")
        self.assertTrue(self.user.marketing_opt_in)

    def test_address_and_role_stay(self):
        self.client.patch(self.url, {"email": "boss@example.com", "role": Role.BOX_OFFICE})
        self.user.refresh_from_db()
        self.assertEqual((self.user.email, self.user.role), ("robin@example.com", Role.CUSTOMER))

    def test_replacing_the_account_is_not_offered(self):
        self.assertStatus(self.client.put(self.url, {}), 405)

    def test_needs_a_login(self):
        self.client.logout()
        self.assertStatus(self.client.get(self.url), 401)
