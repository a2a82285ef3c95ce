"""What only the project knows of a change: its code, its migrations and its recorded tests."""

from __future__ import annotations

import json
import subprocess

import pytest

SETTINGS = """
INSTALLED_APPS = ["rest_framework", "shop", "cdds_django"]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None}
CDDS = {"UPSTREAMS": {"payments": "payments.json"}}
"""
MODELS = """
from django.db import models


class Order(models.Model):
    note = models.CharField(max_length=80)
"""
FIRST = """
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Order", [
            ("id", models.BigAutoField(primary_key=True)),
            ("note", models.CharField(max_length=80)),
        ]),
    ]
"""
SECOND = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.AlterField("order", "note", models.CharField(max_length=40))]
"""
URLS = """
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from shop.models import Order


NOTE = Order._meta.get_field("note")


class OrderSerializer(serializers.ModelSerializer):
    remark = serializers.CharField(source="note", max_length=NOTE.max_length)

    class Meta:
        model = Order
        fields = ["id", "remark"]


class Orders(viewsets.ModelViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer


router = SimpleRouter()
router.register("orders", Orders)
urlpatterns = router.urls
"""
TESTS = """
from django.test import TestCase

from cdds_django.testing import covers


class OrderTests(TestCase):
    def test_list(self):
        self.assertEqual(self.client.get("/orders/").json(), [])

    @covers("payments:charge")
    def test_create(self):
        self.assertEqual(self.client.post("/orders/", {"remark": "x"}).status_code, 201)
"""
PAYMENTS = {"openapi": "3.0.3", "paths": {"/charges": {"post": {"operationId": "charge"}}}}


@pytest.fixture
def shop(make_project):
    """A project whose contract is committed and whose tests were recorded."""
    project = make_project(
        {
            "shop/__init__.py": "",
            "shop/models.py": MODELS,
            "shop/migrations/__init__.py": "",
            "shop/migrations/0001_initial.py": FIRST,
            "shop/urls.py": URLS,
            "shop/tests.py": TESTS,
            "payments.json": json.dumps(PAYMENTS),
        },
        SETTINGS,
    )
    assert project.manage("contract_snapshot").returncode == 0
    assert project.test("--parallel", "1").passed == [
        "OrderTests.test_create",
        "OrderTests.test_list",
    ]
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "Add"]):
        subprocess.run(["git", *command], cwd=project.path, check=True)
    return project


def test_code_migrations_and_tests_are_named(shop):
    shop.edit("shop/models.py", "80", "40")
    shop.write({"shop/migrations/0002_shorter.py": SECOND})
    result = shop.manage("contract_diff", "--format", "json")
    assert result.returncode == 1, result.stderr
    whole = json.loads(result.stdout)
    [cause] = whole["causes"]
    assert cause["origin"] == {
        "serializer": "shop.urls.OrderSerializer",
        "field": "remark",
        "model": "shop.Order.note",
        "migration": "shop/migrations/0002_shorter.py",
    }
    operations = whole["operations"]
    assert operations["tests"]["orders_create"] == 1
    assert operations["tests"]["orders_list"] == 1
    assert operations["tests"]["orders_update"] == 0
    assert "orders_update" in operations["untested"]
    assert operations["views"]["orders_create"] == "shop.urls.Orders.create"

    (shop.path / "payments.json").write_text(json.dumps({**PAYMENTS, "paths": {}}))
    result = shop.manage("contract_diff", "--all", "--format", "json")
    assert result.returncode == 1, result.stderr
    [service] = json.loads(result.stdout)["services"]
    assert service["consumers"] == {
        "operations": ["orders_create"],
        "tests": ["shop.tests.OrderTests.test_create"],
    }

    (shop.path / ".cdds" / "impact.sqlite").write_text("broken")
    result = shop.manage("contract_diff", "--format", "json")
    assert result.returncode == 1
    assert "Tests can't be counted" in result.stderr
    assert json.loads(result.stdout)["operations"]["tests"] is None
