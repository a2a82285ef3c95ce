from django.urls import reverse
from rest_framework.authtoken.models import Token

from example_project.accounts.models import Role, User
from example_project.notifications.models import NotificationPreference
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import PASSWORD, UserFactory


class RegistrationTests(ApiTestCase):
    url = "/api/accounts/register/"

    def register(self, **fields):
        return self.client.post(
            self.url, {"email": "new@example.com", "password": PASSWORD} | fields
        )

    def test_creates_a_customer_who_can_log_in(self):
        self.assertStatus(self.register(first_name="Kim"), 201)
        user = User.objects.get(email="new@example.com")
        self.assertEqual((user.first_name, user.role), ("Kim", Role.CUSTOMER))
        self.login(user)

    def test_answers_a_token_that_works(self):
        token = self.register().data["token"]
        self.assertEqual(Token.objects.get(key=token).user.email, "new@example.com")
        headers = {"Authorization": f"Token {token}"}
        self.assertStatus(self.client.get(reverse("account-me"), headers=headers), 200)

    def test_password_is_not_answered(self):
        self.assertNotIn("password", self.register().data)

    def test_creates_notification_preferences(self):
        self.register()
        self.assertTrue(
            NotificationPreference.objects.get(user__email="new@example.com").email_orders
        )

    def test_address_in_use_whatever_its_case(self):
        UserFactory(email="new@example.com", password=None)
        self.assertInvalid(self.register(email="NEW@example.com"), "email", "registered already")

    def test_password_rules(self):
        for password, text in [
            ("short1", "at least 10 characters"),
            ("onlylettershere", "one letter and one digit"),
            ("password123", "too common"),
            ("kimberley77", "too similar to the first name"),
        ]:
            with self.subTest(password):
                response = self.register(password=password, first_name="Kimberley")
                self.assertInvalid(response, "password", text)
        self.assertFalse(User.objects.exists())

    def test_role_can_not_be_chosen(self):
        self.register(role=Role.BOX_OFFICE, is_staff=True)
        user = User.objects.get()
        self.assertEqual((user.role, user.is_staff), (Role.CUSTOMER, False))

    def test_phone_is_checked(self):
        self.assertInvalid(self.register(phone="0207"), "phone", "international form")
