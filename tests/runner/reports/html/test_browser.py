"""The page in a real browser: what people do with it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest

from cdds_django.runner.outcomes.outcome import RunOutcome, TestRow
from cdds_django.runner.reports.html import page as html_page
from tests.runner.reports.html.conftest import Page
from tests.runner.reports.html.made_up import HOSTILE_ID, made_up_run

RESULT = "document.querySelector('.result').textContent"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    html_page.write(path, made_up_run(), ["manage.py", "test"])
    return path


@pytest.fixture
def page(browser: Page, report: Path) -> Page:
    browser.look()
    browser.open(report)
    return browser


def filters(page: Page) -> dict[str, list[str]]:
    return parse_qs(page.run("location.hash.slice(1)"))


def choose(page: Page, value: str) -> None:
    """Choose a value in the field above the table that has it."""
    option = page.one(f"#controls option[value='{value}']")
    change = "(o => { o.selected = true; o.parentElement.dispatchEvent(new Event('change')) })"
    page.run(f"{change}(arguments[0])", option)


def names(page: Page) -> list[str]:
    return page.texts("#table td.test .name")


def test_it_opens_without_complaints_and_requests(page, report):
    assert page.requests() == [report.as_uri()]
    assert page.complaints() == []
    assert "[object" not in page.run("document.querySelector('main').textContent")
    assert page.run("document.title").startswith("3 failed · Delta run")
    assert page.texts("main > section > h2") == [
        "Failures 3",
        "Contract changes",
        "Why tests ran",
        "Time",
        "Flaky history 1",
        "Left behind",
        "Coverage",
        "Trend",
        "All tests 300",
    ]


def test_search_and_filters(page):
    assert page.run(RESULT) == "300 tests"
    assert len(names(page)) == 100
    page.one("input[type=search]").send_keys("CASE1TESTS test_01")
    page.wait(f"{RESULT} === '10 tests'")
    assert sorted(names(page))[0] == "test_010"
    assert filters(page) == {"q": ["CASE1TESTS test_01"]}
    page.one("button.plain").click()
    assert page.run(RESULT) == "300 tests"
    page.one("[data-outcome=failed]").click()
    page.one("[data-outcome=error]").click()
    assert page.run(RESULT) == "3 tests"
    assert filters(page) == {"outcome": ["failed,error"]}
    page.one("[data-outcome=failed]").click()
    assert page.run(RESULT) == "1 test"
    page.driver.refresh()
    page.wait(f"{RESULT} === '1 test'")
    page.one("button.plain").click()
    for value, number in (("file", 1), ("2", 132), ("orders_create", 87)):
        choose(page, value)
        assert page.run(RESULT).split()[0] == str(number), value
        page.one("button.plain").click()
    page.run("[...document.querySelectorAll('.chips .chip')].at(-1).click()")
    assert names(page) == ["test_now_and_then"]


def test_sorting_and_pages(page):
    page.one("[data-sort=time]").click()
    times = page.texts("#table td.time")
    assert times[:2] == ["100 ms", "100 ms"]
    assert page.run("document.activeElement.dataset.sort") == "time"
    assert (
        page.run("document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "descending"
    )
    page.one("[data-sort=time]").click()
    assert page.texts("#table td.time")[0] == ""
    page.run("document.querySelectorAll('.pager button')[3].click()")
    assert filters(page) == {"sort": ["time"], "page": ["3"]}
    assert len(names(page)) == 100


def test_the_picture_leads_to_its_tests(page):
    assert page.texts(".column h3") == ["Causes", "Operations", "Tests, by class"]
    nodes = page.texts(".column:nth-of-type(1) .node")
    assert len(nodes) == 11
    assert "View0.create" in nodes[0]
    assert "more causes" in nodes[-1]
    first = ".column:nth-of-type(1) .node"
    page.run(f"document.querySelector('{first}').focus()")
    assert page.all(".ribbons path.lit")
    assert page.all(".node.dim")
    page.press("\ue007")
    assert page.run(RESULT) == "262 tests"
    assert filters(page) == {"cause": ["code:shop/views.py::View0.create:changed"]}
    assert page.run(f"document.querySelector('{first}').getAttribute('aria-pressed')") == "true"
    page.run("document.querySelector('.node.more').click()")
    assert len(page.texts(first)) == 31
    page.run("document.querySelector(arguments[0]).click()", ".node[title*='orders_create']")
    assert page.run(RESULT) == "87 tests"
    assert filters(page) == {"operation": ["orders_create"]}


def test_a_link_opens_a_test(browser, report):
    browser.look()
    browser.open(report, f"#outcome=failed&test={quote('shop.tests.test_0.Case0Tests.test_003')}")
    text = browser.one("#detail").text
    for words in (
        "shop.tests.test_0.Case0Tests.test_003",
        "python manage.py test shop.tests.test_0.Case0Tests.test_003",
        "AssertionError: 404 != 200",
        "shop/views.py::View3.create changed",
        "shop/urls.py::route3",
        "POST /api/orders/",
    ):
        assert words in text, words
    assert browser.run(RESULT) == "2 tests"
    assert browser.run("document.activeElement.closest('dialog') !== null")
    browser.press("\ue00c")
    browser.wait("!location.hash.includes('test=')")
    assert filters(browser) == {"outcome": ["failed"]}
    browser.one("#table tbody tr:nth-of-type(2) a").click()
    assert browser.run("document.getElementById('detail').open")
    browser.driver.back()
    browser.wait("!document.getElementById('detail').open")
    browser.open(report, "#outcome=failed")
    # The section is at the window's top, or, as the last and a short one, at its bottom.
    browser.wait("document.getElementById('tests').getBoundingClientRect().top < 600")
    browser.open(report, "#test=no.such.test")
    assert "no test no.such.test" in browser.one("#detail").text
    assert browser.complaints() == []


def test_names_and_texts_of_unknown_origin(page):
    assert page.run("[...document.querySelectorAll('img')].length") == 0
    shown = HOSTILE_ID.replace("\x1b", "␛")
    page.run("document.querySelector('#leftovers a').click()")
    assert page.run("document.querySelector('#detail h2').textContent") == shown
    assert "</script>" in page.one("#detail pre").text
    assert page.run("document.title").startswith("3 failed")
    page.open(Path(page.run("location.pathname")), f"#test={quote(shown)}&q=%3Cimg%20src%3Dx%3E")
    assert page.run("document.querySelector('#detail h2').textContent") == shown
    assert page.run("[...document.querySelectorAll('img')].length") == 0
    assert page.complaints() == []


def test_the_timeline(page):
    canvas = page.one("#timeline canvas")
    page.run("arguments[0].focus()", canvas)
    page.press("\ue014", "\ue014")
    told = page.run("document.getElementById('said').textContent")
    assert told.startswith("shop.tests.test_0.Case0Tests.test_002, passed, 10 ms, worker 1")
    page.press("\ue015")
    assert "worker 2" in page.run("document.getElementById('said').textContent")
    page.press("+", "+")
    page.press("\ue007")
    assert page.run("document.getElementById('detail').open")
    page.press("\ue00c")
    colors = page.run(
        "(c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size)(arguments[0])",  # noqa: E501
        canvas,
    )
    assert colors > 4
    from selenium.webdriver import ActionChains

    page.run("arguments[0].scrollIntoView()", canvas)
    ActionChains(page.driver).move_to_element_with_offset(canvas, -600, -25).perform()
    assert "worker 1" in page.one("#tip").text


def test_the_trend(page):
    assert len(page.all("#trend svg")) == 2
    assert len(page.all("#trend figure:first-of-type circle.full-run")) == 1
    page.run("document.querySelector('#trend svg').focus()")
    page.press("\ue012")
    assert page.run("document.getElementById('said').textContent") == (
        "2026-11-25 07:00, 90%, 30 of 300 tests, 3 failed"
    )
    assert "90%" in page.one("#tip").text
    page.run("document.querySelector('#trend input').click()")
    assert len(page.texts("#trend tbody tr")) == 4


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1400, 375])
def test_everybody_can_use_it(browser, report, width, dark):
    browser.look(width=width, dark=dark)
    browser.open(report)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.faults() == []
    browser.run("document.querySelector('#table a').click()")
    browser.wait("document.getElementById('detail').open")
    assert browser.faults() == []
    assert "[object" not in browser.one("#detail").text
    assert browser.run("document.getElementById('detail').scrollWidth") <= width


def test_without_scripts(browser, report):
    browser.look()
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.driver.get("about:blank")
        browser.driver.get(report.as_uri())
        text = browser.one("body").text
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    for words in (
        "3 failed",
        "AssertionError: 404 != 200",
        "became required",
        "Without JavaScript",
    ):
        assert words in text
    assert "All tests" not in text
    assert "Copy" not in text


def test_runs_of_which_little_is_known(browser, tmp_path):
    runs = {
        "nothing": RunOutcome(mode="delta", full_run_reason=None, tests=()),
        "explained": RunOutcome(
            mode="delta",
            full_run_reason="Python is another",
            tests=(TestRow(id="test", outcome="selected"), TestRow(id="a.B.c", outcome="not_run")),
        ),
    }
    for name, run in runs.items():
        html_page.write(tmp_path / name, run, [])
        (tmp_path / name).rename(tmp_path / f"{name}.html")
        browser.open(tmp_path / f"{name}.html")
        assert browser.complaints() == []
        assert browser.faults() == []


def test_twenty_thousand_tests(browser, tmp_path):
    tests = tuple(
        TestRow(
            id=f"shop.app{number // 2000}.tests.test_{number // 100}.LongNameTests.test_{number}",
            outcome="passed",
            started_s=number // 16 * 0.02,
            duration_s=0.015,
            worker=number % 16 + 1,
            attempts=1,
        )
        for number in range(20_000)
    )
    path = tmp_path / "index.html"
    html_page.write(
        path, RunOutcome(mode="full", full_run_reason=None, tests=tests, workers=16), []
    )
    assert path.stat().st_size < 2_000_000
    browser.look()
    browser.open(path)
    assert browser.complaints() == []
    assert browser.run("performance.now()") < 5_000
    took = browser.run(
        "(() => { const b = performance.now(); history.replaceState(null, '', '#q=test_19999');"
        " dispatchEvent(new PopStateEvent('popstate')); return performance.now() - b })()"
    )
    assert names(browser) == ["test_19999"]
    # 200 modules and classes would be too many.
    assert browser.texts(".column h3") == ["Causes", "Tests, by module or package"]
    assert browser.texts(".column:nth-of-type(2) .name")[0] == "app0.tests"
    browser.run("document.querySelector('.column:nth-of-type(2) .node').click()")
    assert browser.run(RESULT) == "2,000 tests"
    assert took < 500
