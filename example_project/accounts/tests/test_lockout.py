from datetime import timedelta

from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from example_project.accounts.models import FailedLogin
from example_project.accounts.services import is_locked
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import PASSWORD, UserFactory

EMAIL = "robin@example.com"


class IsLockedTests(TestCase):
    def record_failures(self, times, **fields):
        FailedLogin.objects.bulk_create(FailedLogin(email=EMAIL) for _ in range(times))
        if fields:
            FailedLogin.objects.update(**fields)

    def test_below_the_limit(self):
        self.record_failures(4)
        self.assertFalse(is_locked(EMAIL))

    def test_at_the_limit(self):
        self.record_failures(5)
        self.assertTrue(is_locked(EMAIL))

    def test_old_failures_are_forgiven(self):
        self.record_failures(5, created_at=timezone.now() - timedelta(minutes=16))
        self.assertFalse(is_locked(EMAIL))

    @override_settings(TICKETS={"LOCKOUT_MINUTES": 30})
    def test_how_old_is_a_rule(self):
        self.record_failures(5, created_at=timezone.now() - timedelta(minutes=16))
        self.assertTrue(is_locked(EMAIL))

    def test_failures_of_others_do_not_count(self):
        self.record_failures(5, email="kim@example.com")
        self.assertFalse(is_locked(EMAIL))

    def test_case_does_not_matter(self):
        self.record_failures(5)
        self.assertTrue(is_locked("ROBIN@example.com"))


@override_settings(TICKETS={"LOCKOUT_ATTEMPTS": 2})
class LockoutApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory(email=EMAIL)

    def log_in(self, password=PASSWORD):
        return self.client.post(reverse("account-login"), {"email": EMAIL, "password": password})

    def test_failures_are_recorded_with_the_address(self):
        self.log_in("wrong-horse-42")
        failure = FailedLogin.objects.get()
        self.assertEqual((failure.email, failure.ip_address), (EMAIL, "127.0.0.1"))

    def test_right_password_comes_too_late(self):
        self.log_in("wrong-horse-42")
        self.log_in("wrong-horse-43")
        self.assertErrorCode(self.log_in(), 423, "account_locked")

    def test_success_forgets_failures(self):
        self.log_in("wrong-horse-42")
        self.assertStatus(self.log_in(), 200)
        self.assertFalse(FailedLogin.objects.exists())
