"""What the page has without its scripts, and that nothing breaks out of its place."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from cdds_django.errors import StateFileError
from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow
from cdds_django.runner.reports.files import ReportFiles
from cdds_django.runner.reports.html import numbers, page, rerunning
from cdds_django.runner.reports.html.embedding import embedded_json, encodable, readable
from cdds_django.runner.reports.html.failures import STATIC
from tests.runner.reports.html.made_up import HOSTILE, HOSTILE_ID, made_up_run


class Elements(HTMLParser):
    """Elements and texts of a page, as a browser without scripts takes them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split()).replace("\N{NON-BREAKING HYPHEN}", "-")


@pytest.fixture(scope="module")
def html() -> str:
    return page.rendered(made_up_run(), "python manage.py test")


def data_of(html: str, name: str = "data"):
    return json.loads(re.search(rf'id="{name}">(.*?)</script>', html, re.DOTALL)[1])


def test_the_numbers_and_failures_need_no_script(html):
    text = Elements(html).text
    for words in (
        "Delta run · 2026-11-25 09:30 UTC · 2 workers",
        "3 failed",
        "of 300 tests",
        "12.3%",
        "90.0% less than the last full run (45.0 s on 2026-11-24)",
        "AssertionError: 404 != 200 2 tests",
        "python manage.py test shop.tests.test_0.Case0Tests.test_003",
        "the property voucher became required",
        "91.2%",
        "1 test class from the runs that they last ran in",
    ):
        assert words in text, words
    assert text.index("3 failed") < text.index("AssertionError") < text.index("became required")


def test_nothing_of_unknown_origin_becomes_an_element(html):
    found = Elements(html)
    assert [tag for tag, _ in found.elements if tag == "img"] == []
    scripts = [attributes for tag, attributes in found.elements if tag == "script"]
    assert [attributes.get("type") for attributes in scripts] == ["application/json"] * 2 + [None]
    shown = HOSTILE.replace("\x1b", "␛")
    assert f"ValueError: {shown}" in "".join(found.texts)
    assert not [
        name for _, attributes in found.elements for name in attributes if name == "onerror"
    ]
    data = data_of(html)
    assert shown in "".join(data["strings"])
    assert any(shown in c["title"] for c in data["causes"])


def test_nothing_is_loaded(html):
    assert "default-src 'none'" in html
    for _, attributes in Elements(html).elements:
        assert not attributes.get("src")
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    assert "url(" not in html
    assert "@import" not in html


def test_every_test_is_in_the_data_once(html):
    data = data_of(html)
    names = [name for name, number in data["classes"] for _ in range(number)]
    ids = [f"{name}.{test}" for name, test in zip(names, data["columns"]["name"], strict=True)]
    assert sorted(ids) == sorted(readable(test.id) for test in made_up_run().tests)
    assert len({name for name, _ in data["classes"]}) == len(data["classes"])


def test_many_failures_with_long_texts():
    tests = tuple(
        TestRow(id=f"a.T.test_{number:04}", outcome="failed", detail=f"{number}" + "x" * 90_000)
        for number in range(STATIC + 200)
    )
    html = page.rendered(RunOutcome(mode="full", full_run_reason=None, tests=tests), "test")
    assert len(html) < 14_000_000
    text = Elements(html).text
    assert "200 failed besides" in text
    assert "test --delta" in text
    assert "characters are left out here" in text
    shown = data_of(html)["sparse"]["text"]
    assert 0 < len(shown) <= 200
    assert str(STATIC - 1) not in shown


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (RunOutcome(mode="delta", full_run_reason=None, tests=()), "Nothing is affected"),
        (
            RunOutcome(
                mode="delta",
                full_run_reason="Python is another",
                tests=(TestRow(id="a.T.test", outcome="passed"),),
            ),
            "Everything ran, because Python is another.",
        ),
        (
            RunOutcome(
                mode="full",
                full_run_reason=None,
                tests=(TestRow(id="a.T.test", outcome="passed"),),
                fixture_failures={"a.T": "ZeroDivisionError"},
            ),
            "1 failed",
        ),
        (
            RunOutcome(
                mode="delta",
                full_run_reason=None,
                tests=(TestRow(id="a.T.test", outcome="selected"),),
            ),
            "1 test would run",
        ),
        (
            RunOutcome(
                mode="full",
                full_run_reason=None,
                tests=(TestRow(id="a.T.test", outcome="not_run"),),
            ),
            "Stopped before 1 test could run",
        ),
    ],
)
def test_verdicts(run, words):
    assert words in Elements(page.rendered(run, "test")).text


def test_it_is_written_whole_or_refused_early(tmp_path):
    files = ReportFiles(report_html=tmp_path / "deep" / "report")
    files.require_writable()
    files.write(made_up_run())
    assert [path.name for path in (tmp_path / "deep" / "report").iterdir()] == ["index.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(StateFileError, match=r"Can't write .*file/index\.html"):
        ReportFiles(report_html=tmp_path / "file").require_writable()


def test_undecodable_names():
    assert encodable("a\udcff") == r"a\udcff"
    assert json.loads(encodable(embedded_json("a\udcff"))) == "a\udcff"
    assert json.loads(embedded_json("</script>\u2028&")) == "</script>\u2028&"
    assert readable("\x1b[31mred\x1b[0m\r\n\x00\x7f\ufffe") == "red\n\u2400\u2421\ufffd"
    row = TestRow(id="a.T.test_\udcff", outcome="failed", detail="a\udcff")
    html = page.rendered(RunOutcome(mode="full", full_run_reason=None, tests=(row,)), "test")
    html.encode()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["manage.py", "test", "a", "--delta"], "python manage.py test"),
        (["manage.py", "test", "--settings", "a.b", "-v2"], "python manage.py test --settings a.b"),
        (["/usr/bin/django-admin", "test", "--settings=a"], "django-admin test --settings=a"),
        (["/x/django/__main__.py", "test", "-t", "it's"], "python -m django test -t 'it'\"'\"'s'"),
        ([], "python manage.py test"),
        (["manage.py", "test", "--settings"], "python manage.py test --settings"),
    ],
)  # fmt: skip
def test_the_command_that_runs_tests_again(arguments, command):
    assert rerunning.command(arguments) == command


def test_labels_of_tests():
    assert rerunning.label("unittest.loader._FailedTest.a.tests") == "a.tests"
    assert rerunning.label(HOSTILE_ID).startswith("'")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 ms"), (0.0104, "10 ms"), (0.9996, "1.00 s"), (9.99, "9.99 s"), (9.996, "10.0 s"),
        (59.97, "1 min"), (192, "3 min 12 s"), (3600, "1 h"), (3900, "1 h 5 min"), (3599.6, "1 h"),
    ],
)  # fmt: skip
def test_durations(seconds, words):
    assert numbers.duration(seconds) == words


def test_ratios():
    assert [numbers.ratio(part) for part in (0, 0.00001, 0.5, 0.99999, 1)] == [
        "0%", "0.1%", "50.0%", "99.9%", "100%",
    ]  # fmt: skip
