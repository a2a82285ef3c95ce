from django.urls import reverse
from rest_framework.authtoken.models import Token

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import UserFactory


class LogoutTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()

    def test_token_stops_working(self):
        token = Token.objects.create(user=self.user)
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        self.assertStatus(self.client.post(reverse("account-logout")), 204)
        self.assertStatus(self.client.get(reverse("account-me")), 401)

    def test_session_ends(self):
        self.login(self.user)
        self.assertStatus(self.client.post(reverse("account-logout")), 204)
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_needs_a_login(self):
        self.assertStatus(self.client.post(reverse("account-logout")), 401)
