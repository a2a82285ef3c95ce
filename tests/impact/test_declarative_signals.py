"""The promise for signal receivers and `ready()`."""

from __future__ import annotations

from typing import Any

import pytest

# Each: the edits, the tests that it breaks or may change, and what else can't be told apart.
CASES = [
    pytest.param(
        [("store/signals.py", "changed += 1", "changed += 2")],
        "Signals.test_counted",
        "Admin Books Factories Models",
        id="receiver-body",
    ),
    pytest.param(
        [("store/signals.py", "@receiver(pre_save, sender=Book)\n", "")],
        "Signals.test_counted",
        "Admin Books Factories Models",
        id="receiver-removed",
    ),
    pytest.param(
        [
            (
                "store/signals.py",
                "@receiver(sold)",
                """@receiver(pre_save, sender=Book)
def rename(sender, instance, **kwargs):
    instance.title = "x"


@receiver(sold)""",
            )
        ],
        (
            "Books.test_brief Books.test_list Books.test_retrieve Factories.test_book "
            "Models.test_order Models.test_str Models.test_validator"
        ),
        "Admin Books Models Signals",
        id="receiver-added",
    ),
    pytest.param(
        [("store/signals.py", "sender=Book)", "sender=Author)")],
        ("Admin Authors.test_list Books Factories Models Signals.test_counted Signals.test_named"),
        "",
        id="receiver-of-another-sender",
    ),
    pytest.param(
        [("store/signals.py", "post_save.connect(name_author, sender=Author)\n", "")],
        "Factories.test_author Signals.test_named",
        "Admin Authors Books Factories Models Signals",
        id="connect-removed",
    ),
    pytest.param(
        [("store/signals.py", "post_save.connect", "pre_save.connect")],
        "Authors.test_list",
        "Admin Books Factories Models Signals",
        id="connect-another-signal",
    ),
    pytest.param(
        [("store/signals.py", "@receiver(sold)\n", "")],
        "Signals.test_sold",
        "",
        id="own-signal-receiver-removed",
    ),
    pytest.param(
        [("store/signals.py", "(pre_save, sender=Book)", "(pre_save)")],
        "",
        (
            "Admin Authors Books Commands Factories Fixtures Members Migrated Models Signals "
            "Suppliers"
        ),
        id="any-sender",
    ),
    pytest.param(
        [
            (
                "store/apps.py",
                """        from store import signals

        self.receivers = signals.__name__""",
                '        self.receivers = ""',
            )
        ],
        "",
        "*",
        id="ready",
    ),
]


@pytest.mark.parametrize(("edits", "must", "within"), CASES)
def test_edit(expect: Any, edits: Any, must: str, within: str) -> None:
    expect(edits, must, within)
