from django.db import IntegrityError, transaction
from django.test import TestCase

from example_project.accounts.models import Role, User


class UserManagerTests(TestCase):
    def test_create_user(self):
        user = User.objects.create_user("robin@example.com", "correct-horse-42", first_name="Robin")
        self.assertTrue(user.check_password("correct-horse-42"))
        self.assertEqual((user.role, user.is_staff), (Role.CUSTOMER, False))

    def test_password_is_not_kept(self):
        user = User.objects.create_user("robin@example.com", "correct-horse-42")
        self.assertNotIn("correct-horse-42", user.password)

    def test_without_password_nobody_can_log_in(self):
        self.assertFalse(User.objects.create_user("robin@example.com").has_usable_password())

    def test_create_superuser(self):
        user = User.objects.create_superuser("root@example.com", "correct-horse-42")
        self.assertTrue(user.is_staff and user.is_superuser)

    def test_address_is_required(self):
        with self.assertRaisesMessage(ValueError, "A user needs an e-mail address."):
            User.objects.create_user("")

    def test_address_is_kept_in_lower_case(self):
        user = User.objects.create_user("Robin.Fletcher@Example.COM")
        self.assertEqual(user.email, "robin.fletcher@example.com")

    def test_natural_key_ignores_case(self):
        user = User.objects.create_user("robin@example.com")
        self.assertEqual(User.objects.get_by_natural_key("ROBIN@example.com"), user)

    def test_one_account_per_address(self):
        User.objects.create_user("robin@example.com")
        with self.assertRaises(IntegrityError), transaction.atomic():
            User.objects.create_user("Robin@example.com")
