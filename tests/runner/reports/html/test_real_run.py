"""The page of a run that took place: what the runner hands to it."""

from __future__ import annotations

import json
import re

import pytest

from tests.runner.reports.conftest import Told


@pytest.fixture
def html(told: Told) -> str:
    return told.text("page/index.html")


@pytest.fixture
def data(html: str):
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])


def test_all_failures_are_there(html, told):
    assert f'<h1 class="bad">{told.run.last_line.split()[2]} failed</h1>' in html
    for words in (
        "OSError: can&#x27;t tidy up",
        "ValueError: 100% wrong:\nsecond line",
        "a &lt;b&gt; &amp; ␀",
        "--testrunner cdds_django.runner.DeltaDiscoverRunner shop.test_broken",
        "passed in attempt 2",
        "AssertionError: not yet",
    ):
        assert words in html, words
    assert "Everything ran, because" in html


def test_the_tests_are_those_of_the_json_report(data, told):
    report = told.run.report
    names = [name for name, number in data["classes"] for _ in range(number)]
    columns = data["columns"]
    found = {
        f"{name}.{test}": (data["outcomes"][outcome], worker, start)
        for name, test, outcome, worker, start in zip(
            names,
            columns["name"],
            columns["outcome"],
            columns["worker"],
            columns["start"],
            strict=True,
        )
    }
    assert found == {
        test["id"]: (
            test["outcome"],
            test["worker"],
            None if test["started_s"] is None else round(test["started_s"] * 10_000),
        )
        for test in report["tests"]
    }
    assert {data["strings"][text] for (text,) in data["sparse"]["text"].values()} == {
        "later, not <now>"
    }
