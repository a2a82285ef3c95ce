from importlib import import_module

from django.apps import apps
from django.test import TestCase
from django.urls import reverse

from example_project.notifications.models import NotificationPreference
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import UserFactory

migration = import_module(
    "example_project.notifications.migrations.0002_preferences_for_existing_users"
)


class PreferenceApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = UserFactory()
        cls.url = reverse("notification-preferences")

    def setUp(self):
        super().setUp()
        self.login(self.user)

    def test_defaults(self):
        response = self.client.get(self.url)
        self.assertStatus(response, 200)
        self.assertEqual(response.data, {"email_orders": True, "email_reminders": True})

    def test_change(self):
        response = self.client.patch(self.url, {"email_reminders": False})
        self.assertStatus(response, 200)
        preference = NotificationPreference.objects.get(user=self.user)
        self.assertEqual((preference.email_orders, preference.email_reminders), (True, False))

    def test_made_when_missing(self):
        NotificationPreference.objects.all().delete()
        self.assertStatus(self.client.get(self.url), 200)
        self.assertTrue(NotificationPreference.objects.filter(user=self.user).exists())


class PreferencesForExistingUsersTests(TestCase):
    def test_only_missing_ones_are_made(self):
        with_preference = UserFactory(password=None)
        NotificationPreference.objects.update(email_orders=False)
        without = UserFactory(password=None)
        without.notification_preference.delete()
        migration.create_preferences(apps, None)
        found = dict(NotificationPreference.objects.values_list("user", "email_orders"))
        self.assertEqual(found, {with_preference.pk: False, without.pk: True})
