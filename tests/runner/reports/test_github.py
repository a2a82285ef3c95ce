"""Annotations and the step summary, as GitHub Actions reads them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

from cdds_django.impact.choice.selection import Reason
from cdds_django.runner.drift.changes import ContractChange
from cdds_django.runner.outcomes.outcome import ChangeRow, RunOutcome, TestRow
from cdds_django.runner.reports import github, step_summary
from cdds_django.runner.reports.places import Places

ACTIONS = {"GITHUB_ACTIONS": "true"}
LIMIT = 1024 * 1024
COMMAND = re.compile(r"^::(error|warning|notice)(?: ([^:]*))?::(.*)$")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Return an annotation as GitHub's runner reads it (src/Runner.Common/ActionCommand.cs)."""
    found = COMMAND.match(line)
    assert found, line
    level, properties, message = found.groups()
    pairs = (pair.partition("=") for pair in properties.split(",")) if properties else ()
    return level, {name: unquote(value) for name, _, value in pairs}, unquote(message)


def run(*rows, **more):
    return RunOutcome(**{"mode": "delta", "full_run_reason": None, "tests": rows, **more})


def row(number, outcome, **more):
    return TestRow(id=f"shop.tests.T.test_{number:02}", outcome=outcome, **more)


def annotated(outcome, environment=ACTIONS):
    return list(github.annotation_lines(outcome, environment, Places(Path("/nowhere"))))


def html(text):
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


def test_annotations_of_a_real_run(told):
    lines = [line for line in told.run.output.splitlines() if line.startswith("::")]
    found = {properties["title"]: rest for rest in map(read, lines) for properties in rest[1:2]}
    assert found.keys() == {
        "PriceTests.test_fails failed",
        "PriceTests.test_breaks failed",
        "PriceTests.test_unexpected failed",
        "LateTests.test_inside failed",
        "shop.test_broken failed",
        "PriceTests.test_flaky is flaky",
    }
    level, properties, message = found["PriceTests.test_breaks failed"]
    assert level == "error"
    # The line that raised, not that of the definition.
    source = (told.checkout / "backend/shop/tests.py").read_text().splitlines()
    assert properties["file"] == "backend/shop/tests.py"
    assert source[int(properties["line"]) - 1].strip().startswith("raise ValueError")
    assert message.startswith("ValueError: 100% wrong:\n\nTraceback (most recent")
    assert message.endswith("ValueError: 100% wrong:\nsecond line")
    assert found["PriceTests.test_flaky is flaky"][0] == "warning"
    assert found["PriceTests.test_flaky is flaky"][2] == "AssertionError: not yet"
    # Scripts read the last line.
    assert told.run.last_line == "3 passed, 5 failed, 1 skipped"


def test_summary_of_a_real_run(told):
    text = told.text("summary.md")
    page = html(text)
    assert "<h3>❌ 5 tests failed</h3>" in page
    assert "Everything was selected: <code>there is no impact map yet" in page
    assert page.count("<details>") == page.count("</details>") == 5
    assert "<code>ValueError: 100% wrong:</code></summary>" in page
    # The text of the failure, in a block of its own.
    assert "ValueError: 100% wrong:\nsecond line\n</code></pre>" in page
    assert "a &lt;b&gt; &amp; " in page
    assert "<td><code>shop.tests.PriceTests.test_flaky</code></td>\n<td>2</td>" in page
    assert "<a " not in page


def test_nothing_is_said_elsewhere(told, tmp_path):
    failed = run(row(1, "failed", detail="no"))
    assert annotated(failed, {}) == []
    assert list(github.write_summary(failed, {})) == []


def test_ten_annotations_are_enough():
    rows = [row(number, "failed", detail="no") for number in range(9)]
    flaky = [row(number, "passed", is_flaky=True) for number in range(20, 35)]
    broken = {"shop.tests.U": "Traceback\nOSError: no", "shop.tests.V": "no"}
    lines = annotated(run(*rows, *flaky, fixture_failures=broken))
    levels = [read(line)[0] for line in lines if line.startswith("::")]
    assert (levels.count("error"), levels.count("warning")) == (10, 10)
    assert "… and 1 more failure, which GitHub would not show here." in lines
    titles = [read(line)[1]["title"] for line in lines if line.startswith("::")]
    assert "tests.U: a fixture failed" in titles


def test_long_messages_keep_their_end():
    text = "\n".join(f"line {number}, 100%" for number in range(2000))
    (line,) = annotated(run(row(1, "error", detail=text)))
    assert "\n" not in line
    _, _, message = read(line)
    assert message.startswith("line 0, 100%\n\n…\nline 1")
    assert message.endswith("line 1999, 100%")
    assert len(message) < 4096


def test_what_is_left_out_and_why():
    change = Reason(kind="code", key="shop/a|b.py::`c`", change="changed")
    new = Reason(kind="test", key="x", change="new")
    page = html(
        step_summary.rendered(
            run(
                row(1, "not_selected"),
                row(2, "passed", reasons=(change,), duration_s=1.234),
                row(3, "passed", reasons=(new,)),
                changes=(
                    ChangeRow(kind="code", key="shop/a|b.py::`c`", change="changed", tests=1),
                ),
            ),
            LIMIT,
        )
    )
    assert "<h3>✅ 2 tests passed</h3>" in page
    assert "2 of 3 tests selected, <strong>33.3% skipped</strong>" in page
    assert "<td><code>shop/a|b.py::`c` changed</code></td>\n<td>1</td>" in page
    assert "<td><code>new or not passed last time</code></td>\n<td>1</td>" in page
    assert "<td><code>shop.tests.T.test_02</code></td>\n<td>1.23</td>" in page
    assert "✅ Nothing is affected" in step_summary.rendered(run(row(1, "not_selected")), LIMIT)
    assert "2 tests would run" in step_summary.rendered(
        run(row(1, "selected"), row(2, "selected")), LIMIT
    )


def test_contract():
    fields = {"id": "rule", "operation_id": "orders_create", "cause": ""}
    one = ("POST /orders/",)
    changes = (
        ContractChange(
            **fields, level="error", operation=one[0], operations=one, text="The | `x` went."
        ),
        ContractChange(
            **fields, level="info", operation="", operations=(*one, "GET /orders/"), text="New."
        ),
    )
    page = html(step_summary.rendered(run(contract_changes=changes), LIMIT))
    assert "Against the committed snapshot: 2 changes, 1 of them breaking." in page
    assert "<td><code>POST /orders/</code></td>\n<td><code>The | `x` went.</code></td>" in page
    assert "<td>2 operations</td>\n<td><code>New.</code></td>" in page
    assert "could not be compared: <code>no</code>" in html(
        step_summary.rendered(run(contract_problem="no"), LIMIT)
    )


def test_a_summary_that_would_be_too_long(tmp_path):
    detail = "é```\n" * 4000
    rows = [row(number, "failed", detail=detail) for number in range(300)]
    path = tmp_path / "summary.md"
    path.write_text("An earlier command.\n")
    environment = {"GITHUB_STEP_SUMMARY": str(path)}
    for _ in range(3):
        assert list(github.write_summary(run(*rows), environment)) == []
    text = path.read_text()
    assert text.startswith("An earlier command.\n### ❌ 300 tests failed")
    assert 0.9 * LIMIT < path.stat().st_size <= LIMIT
    page = html(text)
    assert page.count("<details>") == page.count("</details>") > 50
    assert "More was left out" in page


def test_a_summary_that_cannot_be_written(tmp_path):
    (line,) = github.write_summary(run(), {"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert read(line)[0] == "warning"
    assert "Is a directory" in line
