from django.test import SimpleTestCase

from example_project.accounts.models import Role, User


class UserTests(SimpleTestCase):
    def test_display_name(self):
        user = User(email="robin@example.com", first_name="Robin", last_name="Fletcher")
        self.assertEqual(user.display_name, "Robin Fletcher")

    def test_display_name_without_names(self):
        self.assertEqual(User(email="robin@example.com").display_name, "robin")

    def test_str(self):
        self.assertEqual(str(User(email="robin@example.com")), "robin@example.com")

    def test_roles(self):
        for role, is_organiser, is_box_office in [
            (Role.CUSTOMER, False, False),
            (Role.ORGANISER, True, False),
            (Role.BOX_OFFICE, False, True),
        ]:
            with self.subTest(role):
                user = User(role=role)
                self.assertEqual(
                    (user.is_organiser, user.is_box_office), (is_organiser, is_box_office)
                )

    def test_staff_may_do_everything(self):
        user = User(is_staff=True)
        self.assertTrue(user.is_organiser and user.is_box_office)
