"""`impact.additions`: files whose mere presence changes what names mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdds_django.impact.choice.additions import out_of_the_ordinary
from cdds_django.impact.code.state import CodeChanges, CodeState
from cdds_django.impact.code.tree import SourceTree


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ("shop/views.py", None),
        ("new/__init__.py", None),
        ("shop/__init__.py", "another kind of package of shop"),
        ("json.py", "a module of that name is there already"),
        ("colorsys.py", "a module of that name is there already"),
        ("shop/fast.so", "shop/fast.so was added"),
        ("pytest.py", "a module of that name is there already"),
    ],
)
def test_added_file(tmp_path: Path, added: str, reason: str | None) -> None:
    for name in ("shop/models.py", added):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    code = CodeState(SourceTree(tmp_path, (tmp_path,)), None)
    nothing: frozenset[str] = frozenset()
    code.changes = CodeChanges(changed=nothing, added=frozenset({added}), removed=nothing)

    found = out_of_the_ordinary(code)

    assert found is None if reason is None else reason in str(found)
