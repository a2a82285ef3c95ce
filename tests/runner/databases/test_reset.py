"""Between tests: every test begins with what the template holds, whatever the last one did."""

from __future__ import annotations

import pytest

from .conftest import SHOP, passed

URLS = """
from django.http import HttpResponse
from django.urls import path

from shop.models import Item


def create(request):
    return HttpResponse(Item.objects.create(name="through a thread").pk)


urlpatterns = [path("", create)]
"""

RESETS = {
    "urls.py": URLS,
    "tests/base.py": """
from django.db import connection

from shop.models import Item


def state():
    found = [list(Item.objects.order_by("pk").values_list("pk", "name"))]
    found.append(sorted(connection.introspection.table_names()))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT last_value, is_called FROM shop_item_id_seq")
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
        found.append(cursor.fetchall())
    return found


first = []


class Checked:
    def setUp(self):
        first.append(state())
        self.assertEqual(first[-1], first[0])
        self.assertEqual([name for _, name in first[0][0]], ["seeded"])
""",
    "tests/test_a_rolling_back.py": """
from django.test import TestCase

from shop.models import Item
from tests.base import Checked


class RollingBackTests(Checked, TestCase):
    def test_rolls_back(self):
        pass
""",
    "tests/test_resets.py": """
import threading
import urllib.request

from django.db import connection, transaction
from django.test import LiveServerTestCase, TransactionTestCase

from shop.models import Item
from tests.base import Checked


def sql(text):
    with connection.cursor() as cursor:
        cursor.execute(text)


class AllKindsTests(Checked, TransactionTestCase):
    def test_a_inserts(self):
        Item.objects.bulk_create(Item(name=f"new {i}") for i in range(500))

    def test_b_deletes(self):
        Item.objects.all().delete()

    def test_c_updates(self):
        Item.objects.update(name="changed")

    def test_d_deletes_and_inserts_the_same(self):
        Item.objects.all().delete()
        Item.objects.create(pk=1, name="seeded")

    def test_e_creates_a_table(self):
        sql("CREATE TABLE more (id integer)")
        sql("INSERT INTO more VALUES (1)")

    def test_f_alters_a_table(self):
        sql("ALTER TABLE shop_item ADD COLUMN more integer")

    def test_g_drops_a_table(self):
        sql("DROP TABLE shop_tag")

    def test_h_empties_a_table(self):
        sql("TRUNCATE shop_item" if connection.vendor == "postgresql" else "DELETE FROM shop_item")

    def test_i_sets_a_sequence(self):
        if connection.vendor == "postgresql":
            sql("SELECT setval('shop_item_id_seq', 77, false)")

    def test_j_updates_once_more(self):
        Item.objects.update(name="changed")

    def test_k_does_nothing(self):
        pass

    def test_l_leaves_a_transaction_open(self):
        if connection.vendor != "postgresql":
            return
        left = threading.Event()

        def leave():
            transaction.set_autocommit(False)
            Item.objects.create(name="uncommitted")
            left.set()
            threading.Event().wait(30)

        threading.Thread(target=leave, daemon=True).start()
        self.assertTrue(left.wait(20))

    def test_m_does_nothing(self):
        pass


class SequenceTests(Checked, TransactionTestCase):
    reset_sequences = True
    serialized_rollback = True

    def test_a(self):
        self.assertFalse(hasattr(connection, "_test_serialized_contents"))
        self.assertEqual(Item.objects.create(name="second").pk, 2)

    test_b = test_a


class SomeAppsTests(Checked, TransactionTestCase):
    available_apps = ["shop"]

    def test_a(self):
        Item.objects.create(name="second")


class ServerTests(Checked, LiveServerTestCase):
    def test_a(self):
        with urllib.request.urlopen(self.live_server_url) as answer:
            self.assertEqual(answer.read(), b"2")

    test_b = test_a


class LastTests(Checked, TransactionTestCase):
    def test_a(self):
        pass
""",
}


TAGGED = """

class Tag(models.Model):
    name = models.CharField(max_length=20)
"""
TAG_MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Tag",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
            ],
        ),
    ]
"""
FILES = {
    **SHOP,
    **RESETS,
    "shop/models.py": SHOP["shop/models.py"] + TAGGED,
    "shop/migrations/0002_tag.py": TAG_MIGRATION,
}
SETTINGS = "ROOT_URLCONF = 'urls'\nALLOWED_HOSTS = ['*']\nSTATIC_URL = 'static/'\n"


def test_every_test_begins_with_the_template(make_project, place):
    project = make_project(FILES, place.settings + SETTINGS)
    passed(project.test("--parallel", "1", "--noinput"), 22)
    if place.is_kept:
        passed(project.test("--parallel", "1", "--noinput", "--reverse"), 22)


def test_flushed_where_that_is_wanted(make_project, memory):
    flushed = """
from django.test import TransactionTestCase

from shop.models import Item


class FlushedTests(TransactionTestCase):
    def test_a(self):
        Item.objects.all()

    def test_b(self):
        self.assertFalse(Item.objects.exists())


class SerializedTests(TransactionTestCase):
    serialized_rollback = True

    def test_a(self):
        self.assertEqual(Item.objects.get().name, "seeded")
        Item.objects.all().delete()

    test_b = test_a
"""
    project = make_project(
        {**SHOP, "tests/test_flushed.py": flushed},
        memory.settings + "CDDS['TRANSACTION_TESTS'] = 'flushed'\n",
    )
    passed(project.test("--parallel", "2"), 6)


CACHING = """
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.test import TransactionTestCase


class CachedRowsTests(TransactionTestCase):
    def test_a_other_rows(self):
        ContentType.objects.all().delete()
        ContentType.objects.create(app_label="any", model="other")
        Site.objects.filter(pk=1).update(domain="other.example")
        call_command("migrate", verbosity=0)
        ContentType.objects.get_for_models(*[kind.model_class() for kind in kinds()])
        Site.objects.get_current()

    def test_b_those_of_the_template(self):
        for kind in kinds():
            cached = ContentType.objects.get_for_model(kind.model_class())
            self.assertEqual(cached.pk, kind.pk)
        self.assertEqual(Site.objects.get_current().domain, "example.com")


def kinds():
    return [kind for kind in ContentType.objects.all() if kind.model_class()]
"""


def test_djangos_caches_of_rows_are_those_of_the_template(make_project, memory):
    apps = "'django.contrib.contenttypes', 'django.contrib.sites', 'shop'"
    project = make_project(
        {**SHOP, "tests/test_caching.py": CACHING},
        f"{memory.settings}INSTALLED_APPS = [{apps}]\nSITE_ID = 1\n",
    )
    passed(project.test("tests.test_caching", "--parallel", "1"), 2)


SEVERAL = {
    "tests/test_several.py": """
from django.db import connections
from django.test import TestCase, TransactionTestCase

from shop.models import Item


class BothTests(TestCase):
    databases = {"default", "other"}

    def test_apart(self):
        Item.objects.using("other").create(name="only there")
        self.assertEqual(Item.objects.using("default").count(), 1)
        self.assertEqual(Item.objects.using("other").count(), 2)

    def test_again(self):
        self.assertEqual(Item.objects.using("other").count(), 1)


class BothWritingTests(TransactionTestCase):
    databases = {"default", "other"}

    def test_seeded(self):
        for alias in self.databases:
            self.assertEqual(Item.objects.using(alias).get().name, "seeded")
            Item.objects.using(alias).all().delete()

    test_again = test_seeded
""",
}
MIRRORED = {
    "tests/test_mirrored.py": """
from django.test import TransactionTestCase

from shop.models import Item


class ReplicaTests(TransactionTestCase):
    databases = {"default", "replica"}

    def test_mirror(self):
        Item.objects.create(name="here")
        self.assertEqual(Item.objects.using("replica").count(), 2)

    test_again = test_mirror
""",
}


@pytest.mark.parametrize("kind", ["server", "disk"])
def test_several_databases(make_project, request, kind, tmp_path):
    from .conftest import SETTINGS as PLAIN

    place = request.getfixturevalue(kind)
    other = {**place.entry, "NAME": f"{place.entry['NAME']}_o"}
    if "TEST" in other:
        other["TEST"] = {"NAME": str(tmp_path / "test_y.sqlite3")}
    replica = {**place.entry, "TEST": {"MIRROR": "default"}}
    databases = {"default": place.entry, "other": other, "replica": replica}
    project = make_project({**SHOP, **SEVERAL, **MIRRORED}, PLAIN.format(databases=databases))
    passed(project.test("--parallel", "1"), 8)
    if place.is_kept:
        passed(project.test("--parallel", "2"), 8)
