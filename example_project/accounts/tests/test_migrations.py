from importlib import import_module

from django.apps import apps
from django.test import TestCase

from example_project.accounts.models import User

migration = import_module("example_project.accounts.migrations.0002_lowercase_emails")


class LowercaseEmailsTests(TestCase):
    def test_addresses_are_lowered(self):
        User.objects.bulk_create([User(email="Ann@example.com")])
        migration.lowercase_emails(apps, None)
        self.assertEqual(User.objects.get().email, "ann@example.com")

    def test_clashes_are_left_for_people_to_sort_out(self):
        User.objects.bulk_create([User(email="Ann@example.com"), User(email="ann@example.com")])
        migration.lowercase_emails(apps, None)
        self.assertEqual(
            set(User.objects.values_list("email", flat=True)),
            {"Ann@example.com", "ann@example.com"},
        )
