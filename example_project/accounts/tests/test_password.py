from django.urls import reverse
from rest_framework.authtoken.models import Token

from example_project.testing.base import ApiTestCase
from example_project.testing.factories import PASSWORD, UserFactory

NEW = "battery-staple-7"


class PasswordTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()

    def setUp(self):
        super().setUp()
        self.login(self.user)

    def change(self, current=PASSWORD, new=NEW):
        body = {"current_password": current, "new_password": new}
        return self.client.post(reverse("account-password"), body)

    def test_new_password_replaces_the_old(self):
        self.assertStatus(self.change(), 200)
        self.client.logout()
        self.assertFalse(self.client.login(email=self.user.email, password=PASSWORD))
        self.login(self.user, NEW)

    def test_token_is_replaced(self):
        old = Token.objects.create(user=self.user)
        new = self.change().data["token"]
        self.assertNotEqual(new, old.key)
        self.assertEqual(Token.objects.get(user=self.user).key, new)

    def test_current_password_is_asked_for(self):
        response = self.change(current="wrong-horse-42")
        self.assertInvalid(response, "current_password", "not your current password")

    def test_rules_apply(self):
        self.assertInvalid(self.change(new="abcdefghijk"), "new_password", "one digit")

    def test_same_password(self):
        self.assertInvalid(self.change(new=PASSWORD), "new_password", "different password")

    def test_failure_changes_nothing(self):
        self.change(new="abc")
        self.user.refresh_from_db()
        self.assertTrue(self.user.check_password(PASSWORD))
