"""Give every installation the categories that organisers expect to find."""

from django.db import migrations

CATEGORIES = [
    ("concerts", "Concerts", 10),
    ("theatre", "Theatre", 20),
    ("comedy", "Comedy", 30),
    ("sports", "Sports", 40),
    ("family", "Family", 50),
    ("other", "Other", 1000),
]


def create_categories(apps, schema_editor):
    Category = apps.get_model("events", "Category")
    for slug, name, position in CATEGORIES:
        Category.objects.get_or_create(slug=slug, defaults={"name": name, "position": position})


def delete_unused_categories(apps, schema_editor):
    Category = apps.get_model("events", "Category")
    slugs = [slug for slug, _, _ in CATEGORIES]
    Category.objects.filter(slug__in=slugs, events__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(create_categories, delete_unused_categories)]
