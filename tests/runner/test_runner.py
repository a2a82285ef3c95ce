"""Django's own options keep their meaning, and ours mean what the documentation says."""

from __future__ import annotations

import json
import sqlite3
import sys

import pytest

FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": """
def gross(net):
    return net * 2


def net(gross):
    return gross / 2
""",
    "shop/tests/__init__.py": "",
    "shop/tests/test_prices.py": """
from django.test import SimpleTestCase, TestCase, tag

from shop.prices import gross, net


class GrossTests(SimpleTestCase):
    def test_gross(self):
        print("printed by a test")
        self.assertEqual(gross(1), 2)

    @tag("slow")
    def test_more(self):
        self.assertEqual(gross(2), 4)


@tag("slow", "net")
class NetTests(TestCase):
    def test_net(self):
        self.assertEqual(net(2), 1)
""",
    "api/__init__.py": "",
    "api/tests.py": """
import unittest


class ApiTests(unittest.TestCase):
    def test_api(self):
        pass
""",
    "extra/check_more.py": """
import unittest


class MoreTests(unittest.TestCase):
    def test_more(self):
        pass
""",
}
DURATIONS = sys.version_info >= (3, 12)
ALL = [
    "ApiTests.test_api",
    "GrossTests.test_gross",
    "GrossTests.test_more",
    "NetTests.test_net",
]


@pytest.fixture
def shop(make_project):
    return make_project(FILES, 'CDDS = {"RECORD": False}\n')


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ALL),
        (["shop"], ALL[1:]),
        (["shop/tests", "api"], ALL),
        (["./shop"], ALL[1:]),
        (["shop.tests.test_prices.NetTests", "api.tests"], [ALL[0], ALL[3]]),
        (["shop.tests.test_prices.GrossTests.test_more"], [ALL[2]]),
        (["-k", "gross"], [ALL[1]]),
        (["-k", "*GrossTests*", "-k", "api", "--parallel", "2"], ALL[:3]),
        (["--tag", "slow"], ALL[2:]),
        (["--tag", "slow", "--exclude-tag", "net"], [ALL[2]]),
        (["-p", "check_*.py", "extra"], ["MoreTests.test_more"]),
        (["-t", ".", "shop/tests"], ALL[1:]),
    ],
)
def test_which_tests(shop, arguments, expected):
    run = shop.test(*arguments)
    assert (run.returncode, run.passed) == (0, expected), run.text
    # What a label, a tag or a pattern leaves out is out, not left out by us.
    assert list(run.outcomes.values()) == ["passed"] * len(expected)
    assert run.last_line == f"{len(expected)} passed, 0 failed"


def test_output(shop):
    plain = shop.test()
    assert "printed by a test" in plain.output
    assert "Found 4 test(s)." in plain.output
    assert "printed by a test" not in shop.test("--buffer", "--parallel", "2").text
    silent = shop.test("-v", "0")
    assert "Found" not in silent.output
    assert "Creating" not in silent.errors
    loud = shop.test("-v", "3", "--parallel", "1", "--create-db")
    assert "Operations to perform" in loud.output
    assert "test_net (shop.tests.test_prices.NetTests.test_net) ... ok" in loud.errors


def test_order(shop):
    def order(*arguments):
        run = shop.test("-v", "2", "--parallel", "1", *arguments)
        return [line.split()[0] for line in run.errors.splitlines() if line.endswith("... ok")]

    straight = order()
    assert order("--reverse") != straight
    shuffled = order("--shuffle", "7")
    assert shuffled == order("--shuffle", "7")
    assert sorted(shuffled) == sorted(straight)
    assert "Used shuffle seed: 7 (given)" in shop.test("--shuffle", "7").output


def test_failing(shop):
    shop.edit("shop/prices.py", "gross / 2", "1 / 0")
    shop.edit("shop/prices.py", "net * 2", "net * 3")
    run = shop.test("--parallel", "1", "--failfast")
    assert run.returncode == 1
    assert sorted(run.outcomes.values()) == ["error", "not_run", "not_run", "not_run"]
    assert run.output.endswith("Stopped before 3 tests could run.\n0 passed, 1 failed\n")
    run = shop.test("--debug-sql", "--durations", "1") if DURATIONS else shop.test("--debug-sql")
    assert run.last_line == "1 passed, 3 failed"
    assert run.report["workers"] == 1
    if DURATIONS:
        assert "Slowest test durations" in run.errors
    run = shop.test("--debug-sql", "--parallel", "2")
    assert run.last_line == "1 passed, 3 failed"
    run = shop.test("--pdb", "-k", "test_net", stdin="p 6 * 7\nc\n")
    assert "42" in run.output
    assert run.report["workers"] == 1
    run = shop.test("--pdb", stdin="c\nc\nc\n")
    assert (run.report["workers"], run.returncode) == (1, 1)
    refused = shop.test("--pdb", "--parallel", "2")
    assert refused.returncode == 2
    assert "--pdb" in refused.errors
    assert "Traceback" not in refused.errors


def test_unknown_labels(shop):
    for label, nearest in [
        ("shop.tests.test_prises", "shop.tests.test_prices"),
        ("shop.tests.test_prices.NetTest", "shop.tests.test_prices.NetTests"),
        ("shop.tests.test_prices.NetTests.test_nett", "shop.tests.test_prices.NetTests.test_net"),
        ("shp", "shop"),
        ("nothing/like/it", "A label is a directory or a dotted name"),
    ]:
        run = shop.test(label)
        assert run.returncode == 2, run.text
        assert f"No tests are called '{label}'." in run.errors
        assert nearest in run.errors
        assert "Traceback" not in run.errors
    run = shop.test("shop/prices.py")
    assert run.returncode == 2
    assert "The label 'shop/prices.py' is a file." in run.errors
    assert "Traceback" not in run.errors


def test_nothing_to_run(shop):
    run = shop.test("-k", "nothing_is_called_so")
    assert (run.returncode, run.last_line) == (0, "0 passed, 0 failed")
    assert "Creating" not in run.text


def test_wrong_settings(shop):
    shop.edit("settings.py", 'CDDS = {"RECORD": False}', 'CDDS = {"PARALEL": 2, "KEEPDB": 1}')
    run = shop.test()
    assert run.returncode == 2
    assert "CDDS['PARALEL'] is not a setting of cdds_django. Did you mean 'PARALLEL'?" in run.errors
    assert "(cdds.E002)" in run.errors
    assert "CDDS['KEEPDB'] should be True or False, not 1. (cdds.E003)" in run.errors
    assert "Traceback" not in run.errors


RECORDED = {
    **FILES,
    "shop/tests/test_prices.py": FILES["shop/tests/test_prices.py"]
    + "\n\nprint('imported test_prices')\n",
}


@pytest.fixture
def recorded(make_project):
    project = make_project(RECORDED)
    run = project.test("--delta")
    assert run.returncode == 0, run.text
    assert "Full run of 4 tests: there is no impact map yet at .cdds/impact.sqlite." in run.output
    return project


def test_delta(recorded):
    before = (recorded.path / ".cdds/impact.sqlite").stat()
    nothing = recorded.test("--delta")
    assert (nothing.returncode, nothing.last_line) == (0, "0 passed, 0 failed")
    assert "Nothing is affected." in nothing.output
    assert "imported test_prices" not in nothing.output
    assert "Creating test database" not in nothing.text
    assert "System check" not in nothing.text
    assert (recorded.path / ".cdds/impact.sqlite").stat().st_mtime_ns == before.st_mtime_ns
    assert set(nothing.outcomes.values()) == {"not_selected"}

    recorded.edit("shop/prices.py", "net * 2", "net + net")
    explained = recorded.test("--delta", "--explain")
    assert explained.returncode == 0
    assert "shop/prices.py::gross changed → 2 tests" in explained.output
    assert explained.ids("selected") == ["GrossTests.test_gross", "GrossTests.test_more"]
    assert explained.report["delta_skip_ratio"] == 0.5
    assert "Ran" not in explained.errors
    assert (recorded.path / ".cdds/impact.sqlite").stat().st_mtime_ns == before.st_mtime_ns

    part = recorded.test("--delta", "--explain", "--shard", "1/2")
    assert "shop/prices.py::gross changed" in part.output
    assert part.outcomes.items() <= explained.outcomes.items()
    assert not (recorded.path / ".cdds/shards").exists(), "nothing ran that could be merged"

    # Labels, tags and patterns choose first.
    assert recorded.test("--delta", "api", "--no-record").report["discovered"] == 1
    tagged = recorded.test("--delta", "--tag", "slow", "--no-record")
    assert tagged.outcomes == {
        "shop.tests.test_prices.GrossTests.test_more": "passed",
        "shop.tests.test_prices.NetTests.test_net": "not_selected",
    }
    run = recorded.test("--delta")
    assert run.passed == ["GrossTests.test_gross", "GrossTests.test_more"]
    check_report(run.report)
    assert recorded.test("--delta").report["selected"] == 0


def check_report(report):
    """Compare with what the documentation says of `--report-json`."""
    assert list(report) == [
        "schema",
        "mode",
        "full_run_reason",
        "discovered",
        "selected",
        "skipped",
        "delta_skip_ratio",
        "tests",
        "changes",
        "contract",
        "timings",
        "set_ups_s",
        "started_at",
        "whole",
        "fixture_failures",
        "workers",
        "rounds",
        "polluters",
        "varying",
    ]
    assert [report[key] for key in list(report)[:7]] == [1, "delta", None, 4, 2, 2, 0.5]
    test = next(t for t in report["tests"] if t["id"].endswith("test_gross"))
    assert test.keys() == {
        "id",
        "outcome",
        "detail",
        "started_s",
        "duration_s",
        "worker",
        "attempts",
        "earlier_failures",
        "flaky",
        "history",
        "leftovers",
        "batch_id",
        "reasons",
    }
    reason = {"kind": "code", "key": "shop/prices.py::gross", "change": "changed", "via": []}
    assert test["reasons"] == [reason]
    assert report["changes"] == [
        {"kind": "code", "key": "shop/prices.py::gross", "change": "changed", "tests": 2}
    ]
    none = {"changes": None, "problem": None}
    assert report["contract"] == {"operations": 0, "affected_operations": [], **none}
    left = next(t for t in report["tests"] if t["id"].endswith("test_net"))
    assert (left["outcome"], left["worker"], left["attempts"]) == ("not_selected", None, 0)
    assert left["started_s"] is None
    assert test["started_s"] >= 0


def test_failed_tests_run_again(recorded):
    recorded.edit("shop/prices.py", "gross / 2", "1 / 0")
    assert recorded.test("--delta").returncode == 1
    again = recorded.test("--delta")
    assert again.ids("error") == ["NetTests.test_net"]
    (broken,) = (test for test in again.report["tests"] if test["outcome"] == "error")
    assert broken["detail"].endswith("ZeroDivisionError: division by zero\n")
    assert again.returncode == 1


def test_options_that_do_not_go_together(shop):
    for options in (["--explain"], ["--base", "x.json"]):
        run = shop.test(*options)
        assert run.returncode == 2
        assert f"{options[0]} goes with --delta; pass both." in run.errors
        assert "Traceback" not in run.errors


BREAKAGES = {
    "truncated": lambda content: content[: len(content) // 2],
    "not a database": lambda content: b"not a database, by far" * 50,
    "newer": None,
    "empty": lambda content: b"",
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_broken_map(recorded, breakage):
    path = recorded.path / ".cdds/impact.sqlite"
    change = BREAKAGES[breakage]
    if change is None:
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
        connection.close()
    else:
        path.write_bytes(change(path.read_bytes()))
    before = path.read_bytes()
    for options in (["--delta"], []):
        run = recorded.test(*options)
        assert run.returncode == 2, run.text
        assert str(path) in run.errors
        assert "It was left as it is" in run.errors
        assert "Traceback" not in run.errors
        assert path.read_bytes() == before
    assert recorded.test("--no-record").returncode == 0


def test_state_directory_that_cannot_be_written(make_project):
    project = make_project({**FILES, "file": "text"})
    run = project.test(CDDS_STATE_DIR="file/below")
    assert run.returncode == 2
    assert "Can't record to file/below" in run.errors
    assert "CDDS_STATE_DIR, or pass --no-record." in run.errors
    assert "Traceback" not in run.errors
    assert project.test("--no-record", CDDS_STATE_DIR="file/below").returncode == 0


def test_report_that_cannot_be_written(shop):
    command = ["test", "--testrunner", "cdds_django.runner.DeltaDiscoverRunner"]
    run = shop.manage(*command, "--report-json", "settings.py/report.json")
    assert run.returncode == 2
    assert "settings.py/report.json" in run.stderr
    assert "Traceback" not in run.stderr
    assert "Ran 4 tests" not in run.stderr, "said before the tests run"


def test_errors_of_system_checks_are_django_s(make_project):
    project = make_project({**FILES, "urls.py": "urlpatterns = [1]\n"}, 'ROOT_URLCONF = "urls"\n')
    run = project.test()
    assert run.returncode == 1
    assert "SystemCheckError" in run.errors


def test_passwords_are_hashed_fast_in_tests_only(make_project):
    project = make_project(
        {
            "hashing.py": """
from django.conf import settings
from django.core.management import BaseCommand

print("first hasher:", settings.PASSWORD_HASHERS[0])
""",
            "tests/__init__.py": "",
            "tests/test_hash.py": """
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.test import SimpleTestCase

SLOW = make_password("secret", hasher="pbkdf2_sha256")


class HashTests(SimpleTestCase):
    def test_fast(self):
        self.assertTrue(make_password("secret").startswith("md5$"))

    def test_old_hashes_still_work(self):
        self.assertTrue(check_password("secret", SLOW))


class OtherTests(HashTests):
    pass
""",
        },
        'CDDS = {"RECORD": False}\n',
    )
    for workers in ("1", "2"):
        assert project.test("--parallel", workers).last_line == "4 passed, 0 failed"
    shell = project.manage("shell", "-c", "import hashing")
    assert "first hasher: django.contrib.auth.hashers.PBKDF2PasswordHasher" in shell.stdout


def test_report_is_json_even_of_nothing(shop):
    run = shop.test("-k", "nothing_is_called_so")
    assert json.loads(shop.report.read_text())["tests"] == []
    assert run.report["delta_skip_ratio"] == 0
