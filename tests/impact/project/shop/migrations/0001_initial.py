from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("shop", "Item").objects.create(name="first")


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.AutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
                ("price", models.IntegerField(default=1)),
                ("stamp", models.CharField(default="", max_length=20)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
