"""Users from before there were preferences get the defaults."""

from django.db import migrations


def create_preferences(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    Preference = apps.get_model("notifications", "NotificationPreference")
    without = User.objects.filter(notification_preference__isnull=True)
    Preference.objects.bulk_create(Preference(user=user) for user in without)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("accounts", "0002_lowercase_emails")]

    operations = [migrations.RunPython(create_preferences, migrations.RunPython.noop)]
