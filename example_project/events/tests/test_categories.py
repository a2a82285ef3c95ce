from importlib import import_module

from django.apps import apps
from django.db.models import ProtectedError
from django.test import TestCase
from django.urls import reverse

from example_project.events.models import Category
from example_project.testing.base import ApiTestCase
from example_project.testing.factories import CategoryFactory, EventFactory

migration = import_module("example_project.events.migrations.0002_default_categories")


class DefaultCategoriesTests(TestCase):
    def test_migration_has_run(self):
        slugs = list(Category.objects.values_list("slug", flat=True))
        self.assertEqual(slugs, ["concerts", "theatre", "comedy", "sports", "family", "other"])

    def test_it_leaves_renamed_categories_alone(self):
        Category.objects.filter(slug="sports").update(name="Sport and games")
        migration.create_categories(apps, None)
        self.assertEqual(Category.objects.get(slug="sports").name, "Sport and games")

    def test_backwards_it_keeps_what_is_used(self):
        EventFactory(category=Category.objects.get(slug="comedy"))
        migration.delete_unused_categories(apps, None)
        self.assertEqual([each.slug for each in Category.objects.all()], ["comedy"])


class CategoryTests(ApiTestCase):
    def test_list(self):
        response = self.client.get(reverse("category-list"))
        self.assertStatus(response, 200)
        self.assertEqual(response.data[0], {"slug": "concerts", "name": "Concerts"})

    def test_position_decides_the_order(self):
        CategoryFactory(slug="opera", position=1)
        response = self.client.get(reverse("category-list"))
        self.assertEqual(response.data[0]["slug"], "opera")

    def test_detail(self):
        response = self.client.get(reverse("category-detail", args=["theatre"]))
        self.assertEqual(response.data, {"slug": "theatre", "name": "Theatre"})

    def test_read_only(self):
        self.assertStatus(self.client.delete(reverse("category-detail", args=["theatre"])), 405)

    def test_categories_in_use_are_protected(self):
        event = EventFactory()
        with self.assertRaises(ProtectedError):
            event.category.delete()
