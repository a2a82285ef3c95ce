from django.db import migrations


def add_tag(apps, schema_editor):
    apps.get_model("store", "Tag").objects.create(word="first")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(add_tag, migrations.RunPython.noop)]
