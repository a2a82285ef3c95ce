from django.core.management import call_command
from django.test import TestCase


class MigrationTests(TestCase):
    def test_models_have_no_changes_without_migration(self):
        try:
            call_command("makemigrations", check=True, dry_run=True, verbosity=0)
        except SystemExit:
            self.fail("Run makemigrations: the models have changed.")
