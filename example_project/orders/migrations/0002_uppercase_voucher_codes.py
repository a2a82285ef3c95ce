"""Codes are looked up in capitals since customers type them in any case."""

from django.db import migrations
from django.db.models.functions import Upper


def uppercase_codes(apps, schema_editor):
    apps.get_model("orders", "Voucher").objects.update(code=Upper("code"))


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RunPython(uppercase_codes, migrations.RunPython.noop)]
