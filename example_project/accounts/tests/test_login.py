from django.test import override_settings
from django.urls import reverse
from rest_framework.authtoken.models import Token

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import PASSWORD, UserFactory


class LoginTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory(email="robin@example.com")

    def log_in(self, email="robin@example.com", password=PASSWORD):
        return self.client.post(reverse("account-login"), {"email": email, "password": password})

    def test_token(self):
        response = self.log_in()
        self.assertStatus(response, 200)
        self.assertEqual(response.data["token"], Token.objects.get(user=self.user).key)

    def test_second_login_keeps_the_token(self):
        self.assertEqual(self.log_in().data["token"], self.log_in().data["token"])

    def test_case_of_the_address_does_not_matter(self):
        self.assertStatus(self.log_in(email="Robin@Example.com"), 200)

    def test_wrong_password(self):
        response = self.log_in(password="wrong-horse-42")
        self.assertStatus(response, 401)
        self.assertNotIn("token", response.data)

    def test_unknown_address_is_answered_alike(self):
        unknown = self.log_in(email="nobody@example.com")
        self.assertStatus(unknown, 401)
        self.assertEqual(unknown.data, self.log_in(password="wrong-horse-42").data)

    def test_inactive_user(self):
        type(self.user).objects.update(is_active=False)
        self.assertStatus(self.log_in(), 401)

    def test_spaces_belong_to_the_password(self):
        self.assertStatus(self.log_in(password=f"{PASSWORD} "), 401)

    def test_fields_are_required(self):
        response = self.client.post(reverse("account-login"), {})
        self.assertStatus(response, 400)
        self.assertEqual(set(response.data), {"email", "password"})

    @override_settings(TICKETS={"LOGIN_RATE": "2/min"})
    def test_rate_is_limited(self):
        self.assertStatus(self.log_in(), 200)
        self.assertStatus(self.log_in(), 200)
        response = self.log_in()
        self.assertStatus(response, 429)
        self.assertIn("Retry-After", response)
