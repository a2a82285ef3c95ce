"""`impact.words`: where a name stands, and who may read what describes a field."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdds_django.impact.code.state import CodeState
from cdds_django.impact.code.tree import SourceTree
from cdds_django.impact.code.words import who_describes

SOURCES = {
    "helpers.py": "def check(thing):\n    thing.full_clean()\n",
    "labels.py": "class Row:\n    def text(self):\n        self.it.get_status_display()\n",
    "factories.py": "def make(model):\n    return modelform_factory(model)\n",
    "filters.py": 'class Loans:\n    class Meta:\n        fields = ["book__status__in"]\n',
    "tables.py": 'class Rows:\n    state = Column(accessor="book.status")\n',
    "nested.py": "class Deep:\n    class Meta:\n        depth = 1\n",
    "settings.py": 'APPS = ["shop.status"]\nFILTERS = ["book__status"]\n',
    "other.py": 'class Other:\n    status = Field(choices=[])\n\ndef read():\n    "status"\n',
    "shop/migrations/0001_initial.py": "def forward(apps):\n    apps.full_clean()\n",
}


@pytest.fixture
def code(tmp_path: Path) -> CodeState:
    for name, source in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    return CodeState(SourceTree(tmp_path, (tmp_path,)), None)


def test_descriptions_are_read_without_mention_of_the_model(code: CodeState) -> None:
    assert set(who_describes({"status"}, code, {"settings.py"})) == {
        ("helpers.py", "check", True),
        ("labels.py", "Row.text", True),
        ("factories.py", "make", True),
        ("filters.py", "Loans.Meta", False),
        ("tables.py", "Rows", False),
        ("nested.py", "Deep.Meta", False),
        ("settings.py", "FILTERS", False),
    }
