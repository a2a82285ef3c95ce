"""MySQL and MariaDB, by Django's own cloning. A machine need not have one, CI has none either."""

from __future__ import annotations

import os
import shutil
import uuid
from urllib.parse import urlsplit

import pytest

from cdds_django.runner.databases.names import parsed

from .conftest import SETTINGS, SHOP, made, passed

URL = urlsplit(os.environ.get("CDDS_TEST_MYSQL", "mysql://root@127.0.0.1:3306"))

DRIVER = """
import pymysql

pymysql.version_info = (2, 2, 8, "final", 0)  # What Django asks of mysqlclient.
pymysql.install_as_MySQLdb()
"""

TESTS = {
    "tests/test_flushing.py": """
from django.test import TransactionTestCase

from shop.models import Item


class SerializedTests(TransactionTestCase):
    serialized_rollback = True

    def test_a(self):
        self.assertEqual(Item.objects.get().name, "seeded")
        Item.objects.all().delete()

    test_b = test_a
""",
}


@pytest.fixture
def server():
    """An entry of DATABASES, and a function that lists what is there under its name."""
    pymysql = pytest.importorskip("pymysql")
    if shutil.which("mysqldump") is None or shutil.which("mysql") is None:
        pytest.skip("Django clones by mysqldump and mysql, which aren't there")
    try:
        connection = pymysql.connect(
            host=URL.hostname, port=URL.port or 3306, user=URL.username, password=URL.password or ""
        )
    except pymysql.MySQLError as error:
        pytest.skip(f"MySQL at {URL.geturl()} can't be used: {error}")
    name = f"cdds_{uuid.uuid4().hex[:10]}"

    def names():
        with connection.cursor() as cursor:
            cursor.execute("SHOW DATABASES LIKE %s", [f"%{name}%"])
            return [row[0] for row in cursor.fetchall()]

    entry = {
        "ENGINE": "django.db.backends.mysql",
        "NAME": name,
        "HOST": URL.hostname,
        "PORT": str(URL.port or 3306),
        "USER": URL.username,
        "PASSWORD": URL.password or "",
    }
    yield entry, names
    with connection.cursor() as cursor:
        for one in names():
            cursor.execute(f"DROP DATABASE `{one}`")
    connection.close()


def test_cloned(make_project, server):
    entry, names = server
    settings = DRIVER + SETTINGS.format(databases={"default": entry})
    project = make_project({**SHOP, **TESTS}, settings)
    assert made(passed(project.test("--parallel", "1"), 4))
    (template,) = names()
    assert parsed(template).suffix == ""
    assert not made(passed(project.test("--parallel", "2"), 4))
    assert names() == [template]
    passed(project.test("tests.test_items", "--parallel", "1", "--create-db"), 2)
