"""The promise over several runs: what ran, what did not, and what happened in between."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
from dataclasses import replace
from typing import Any

import pytest

CHILD = "Surroundings.test_child"
PLAIN = "Functions.test_plain"


def test_edit_is_run_once(shop: Any) -> None:
    shop.edit_body("shop/services.py", "plain")

    assert shop.delta().outcomes[PLAIN] == "passed"
    assert shop.explain().selected == set()


def test_reverted_edit_runs_again(shop: Any) -> None:
    """Also as branches are switched: the map knows the last state that ran, not all of them."""
    original = shop.read("shop/services.py")
    shop.edit_body("shop/services.py", "plain")
    shop.delta()

    shop.write("shop/services.py", original)

    assert shop.explain().selected == {PLAIN, CHILD}


def test_failing_test_is_selected_until_it_passes(shop: Any) -> None:
    original = shop.read("shop/services.py")
    shop.edit("shop/services.py", "def plain():\n    return 1", "def plain():\n    return 2")
    assert shop.delta().outcomes[PLAIN] == "failed"

    report = shop.delta()
    assert (report.outcomes[PLAIN], report.selected) == ("failed", {PLAIN})
    assert report.reasons(PLAIN) == [("test", "tests.test_services." + PLAIN, "failed")]

    shop.write("shop/services.py", original)
    assert shop.delta().outcomes[PLAIN] == "passed"
    assert shop.explain().selected == set()


def test_failing_class_fixture_selects_the_class(shop: Any) -> None:
    original = shop.read("tests/factories.py")
    shop.edit(
        "tests/factories.py", "def class_helper():\n    return 1", "def class_helper():\n    1 / 0"
    )
    assert shop.delta().process.returncode == 1

    assert {"SetUp.test_one", "SetUp.test_two"} <= shop.explain().selected
    shop.write("tests/factories.py", original)
    assert shop.delta().outcomes["SetUp.test_one"] == "passed"
    assert shop.explain().selected == set()


def test_run_limited_by_a_label_leaves_the_others_affected(shop: Any) -> None:
    shop.edit_body("shop/models.py", "gross")
    shop.edit_body("shop/services.py", "plain")

    label = "tests.test_services.Functions"
    assert shop.delta(label).selected == {PLAIN}

    assert shop.explain().selected == {"Items.test_gross", CHILD}


@pytest.mark.parametrize(
    "limit", [["-k", "test_plain"], ["tests.test_services.Functions.test_plain"]]
)
def test_run_limited_within_a_module_leaves_the_others_affected(
    shop: Any, limit: list[str]
) -> None:
    shop.edit_body("shop/services.py", "plain")
    shop.edit_body("shop/services.py", "outer")
    shop.edit(
        "tests/test_services.py",
        "    def test_plain",
        "    def test_new(self):\n        pass\n\n    def test_plain",
    )

    # The web page of the same name has nothing to do with it.
    assert shop.delta(*limit).outcomes[PLAIN] == "passed"

    selected = shop.explain().selected
    assert {"Functions.test_nested", "Functions.test_new"} <= selected
    assert PLAIN not in selected


def test_run_limited_by_a_tag_leaves_the_others_affected(shop: Any) -> None:
    shop.edit(
        "tests/test_services.py",
        "    def test_plain",
        "    test_tagged = lambda self: services.plain()\n"
        "    test_tagged.tags = {'one'}\n\n"
        "    def test_plain",
    )
    shop.delta()
    shop.edit_body("shop/services.py", "plain")

    assert shop.delta("--tag", "one").selected == {"Functions.test_tagged"}

    assert shop.explain().selected == {PLAIN, CHILD}


def test_change_that_concerns_all_is_not_forgotten_by_a_limited_run(
    shop: Any, all_tests: frozenset[str]
) -> None:
    shop.edit("shop/apps.py", '"registered"', '"other"')

    shop.delta("tests.test_services")

    assert shop.explain().selected >= {t for t in all_tests if not t.startswith("Functions.")} - {
        t for t in all_tests if t.startswith("Methods.")
    }


def test_tests_not_run_after_a_failure_stay_selected(shop: Any) -> None:
    shop.edit("shop/services.py", "def helper():\n    return 1", "def helper():\n    return 2")
    shop.edit_body("shop/services.py", "plain")
    report = shop.delta("--failfast", "tests.test_services")
    assert "not_run" in report.outcomes.values()

    assert shop.explain().selected == {"Functions.test_helper", PLAIN, CHILD}


def test_no_record_leaves_the_map(shop: Any) -> None:
    shop.edit_body("shop/services.py", "plain")
    before = shop.map.read_bytes()

    shop.delta("--no-record")

    assert shop.map.read_bytes() == before


def test_code_edited_while_tests_run(shop: Any) -> None:
    shop.edit(
        "tests/test_services.py",
        "import asyncio\n",
        "import asyncio\nimport os\nimport pathlib\n",
    )
    shop.edit(
        "tests/test_services.py",
        "    def test_plain(self):",
        "    def test_editor(self):\n"
        "        if os.environ.get('CDDS_EDIT'):\n"
        "            path = pathlib.Path('shop/services.py')\n"
        "            path.write_text(path.read_text().replace('return 1', 'return 1 # 2'))\n"
        "            path = pathlib.Path('shop/services.py')\n"
        "            path.write_text(path.read_text().replace('return 1', 'return 2', 1))\n\n"
        "    def test_plain(self):",
    )
    shop.test(CDDS_EDIT="1")

    assert PLAIN in shop.explain().selected


def test_data_edited_while_tests_run(shop: Any) -> None:
    shop.edit(
        "tests/test_reading.py",
        "    def test_prices(self):",
        "    def test_prices(self):\n"
        "        self.addCleanup(lambda: time.sleep(float(os.environ.get('CDDS_SLEEP', '0'))))",
    )
    shop.edit("tests/test_reading.py", "import sys\n", "import sys\nimport time\n")
    shop.test()
    process = shop.start("tests.test_reading", CDDS_SLEEP="2")
    while "Found" not in (process.stdout.readline() if process.stdout else ""):
        pass
    time.sleep(1)
    shop.write("shop/data/prices.json", '{"price": 2}')
    process.communicate()

    assert "Files.test_prices" in shop.explain().selected


@pytest.mark.parametrize("content", [b"not a database", None])
def test_map_that_cannot_be_read_is_named_and_kept(shop: Any, content: bytes | None) -> None:
    broken = shop.map.read_bytes()[:5000] if content is None else content
    shop.map.write_bytes(broken)

    report = shop.delta()

    assert report.process.returncode == 2
    assert "impact.sqlite" in report.process.stderr
    assert "Traceback" not in report.process.stderr
    assert shop.map.read_bytes() == broken


def test_map_of_a_newer_version_is_named_and_kept(shop: Any) -> None:
    with sqlite3.connect(shop.map) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    connection.close()

    report = shop.delta()

    assert report.process.returncode == 2
    assert "schema 99" in report.process.stderr


def test_killed_run_leaves_the_map_as_it_was(shop: Any) -> None:
    shop.edit_body("shop/services.py", "plain")
    before = shop.map.read_bytes()
    process = shop.start()
    while "Found" not in (process.stdout.readline() if process.stdout else ""):
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert shop.map.read_bytes() == before
    assert shop.delta().selected == {PLAIN, CHILD}
    assert shop.explain().selected == set()


def test_map_holds_in_another_place(shop: Any) -> None:
    moved = replace(shop, path=shop.path.with_name("elsewhere") / "checkout")
    shutil.copytree(shop.path, moved.path)
    assert moved.explain().selected == set()

    moved.edit_body("shop/services.py", "plain")

    assert moved.explain().selected == {PLAIN, CHILD}


def test_workers_record_what_one_process_does(shop: Any) -> None:
    shop.map.unlink()
    assert shop.test("--parallel", "2").process.returncode == 0
    assert shop.explain().selected == set()
    shop.edit_body("shop/services.py", "plain")
    shop.edit_body("shop/computing.py", "dict_body")
    shop.edit_body("tests/factories.py", "make_item")

    assert shop.explain().selected == {
        *(PLAIN, CHILD, "Memos.test_dict_first", "Memos.test_dict_second"),
        *("Items.test_stamp", "Items.test_gross"),
    }


def test_project_that_has_its_own_runner_depends_on_it(
    shop: Any, all_tests: frozenset[str]
) -> None:
    shop.write(
        "running.py",
        "from django.test.runner import DiscoverRunner\n\n\nclass Runner(DiscoverRunner):\n"
        "    def setup_test_environment(self, **kwargs):\n"
        "        super().setup_test_environment(**kwargs)\n",
    )
    shop.edit("settings.py", "USE_TZ", 'TEST_RUNNER = "running.Runner"\nUSE_TZ')
    shop.test()
    assert shop.explain().selected == set()

    shop.edit_body("running.py", "setup_test_environment")

    assert shop.explain().selected == all_tests


def test_run_of_some_modules_leaves_the_others_to_themselves(shop: Any) -> None:
    """What a run doesn't load isn't thereby what every test relies on."""
    shop.edit_body("shop/services.py", "plain")
    shop.delta()
    shop.edit(
        "tests/test_web.py",
        "    def test_plain",
        "    def test_new(self):\n        pass\n\n    def test_plain",
    )

    assert shop.explain().selected - {CHILD} == {"Pages.test_new"}
