from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from example_project.accounts.models import FailedLogin, Role, User
from example_project.testing.base import PageTestCase
from example_project.testing.factories import PASSWORD, StaffFactory, UserFactory


class AdminLoginTests(PageTestCase):
    def log_in(self, email):
        data = {"username": email, "password": PASSWORD, "next": "/admin/"}
        return self.client.post(reverse("admin:login"), data)

    def test_staff(self):
        StaffFactory(email="office@example.com")
        self.assertRedirects(self.log_in("office@example.com"), "/admin/")

    def test_customers_stay_out(self):
        UserFactory(email="robin@example.com")
        self.assertContains(self.log_in("robin@example.com"), "for a staff account")


class UserAdminTests(PageTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = StaffFactory(email="office@example.com")
        cls.users = [
            UserFactory(email=f"{name}@example.com", password=None) for name in ["ann", "ben"]
        ]

    def setUp(self):
        super().setUp()
        self.login(self.staff)

    def test_list_and_search(self):
        response = self.client.get(reverse("admin:accounts_user_changelist"), {"q": "ann"})
        self.assertContains(response, "ann@example.com")
        self.assertNotContains(response, "ben@example.com")

    def test_make_organisers(self):
        data = {
            "action": "make_organisers",
            ACTION_CHECKBOX_NAME: [user.pk for user in self.users],
        }
        response = self.client.post(reverse("admin:accounts_user_changelist"), data, follow=True)
        self.assertContains(response, "2 users are organisers now.")
        self.assertEqual(User.objects.filter(role=Role.ORGANISER).count(), 2)

    def test_add_user(self):
        data = {
            "email": "New@example.com",
            "role": Role.BOX_OFFICE,
            "password1": "battery-staple-7",
            "password2": "battery-staple-7",
            "usable_password": "true",
        }
        response = self.client.post(reverse("admin:accounts_user_add"), data)
        self.assertEqual(response.status_code, 302)
        self.assertEqual(User.objects.get(role=Role.BOX_OFFICE).has_usable_password(), True)

    def test_failed_logins_can_only_be_looked_at(self):
        failure = FailedLogin.objects.create(email="ann@example.com")
        self.assertContains(
            self.client.get(reverse("admin:accounts_failedlogin_changelist")), "ann@example.com"
        )
        self.assertEqual(
            self.client.get(reverse("admin:accounts_failedlogin_add")).status_code, 403
        )
        change = reverse("admin:accounts_failedlogin_change", args=[failure.pk])
        self.assertEqual(self.client.post(change, {"email": "x@example.com"}).status_code, 403)
