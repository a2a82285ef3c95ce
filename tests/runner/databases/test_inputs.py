"""What counts as a change of what databases are made from, and what doesn't.

Histories of migrations go through more of it (`benchmarks/database_histories.py`).
"""

from __future__ import annotations

from .conftest import SHOP, made, passed


def test_what_counts(make_project, memory):
    settings = memory.settings.replace('["shop"]', '["django.contrib.contenttypes", "shop"]')
    project = make_project(SHOP, settings)

    def run(names="seeded"):
        return made(passed(project.test("--parallel", "1", NAMES=names), 2))

    assert run()
    # What was read isn't read again while `stat` says the same of it.
    digests = (project.path / ".cdds/databases/digests.json").read_text()
    assert "contenttypes/migrations" in digests
    # A function that a migration calls through another, and a file that this asks for.
    project.edit("shop/seeds.py", "read_text().split()", "read_text().upper().split()")
    project.write({"more.txt": "read"})
    assert run("READ seeded")
    # Beside what ran, in the same file; and a file that nobody has named yet.
    project.edit("shop/seeds.py", "return 1", "return 2")
    project.edit("shop/seeds.py", "import pathlib", "import pathlib  # A comment.")
    project.write({"extra.sql": "1"})
    assert not run("READ seeded")
    project.edit("settings.py", '"RECORD": False', '"RECORD": False, "DATABASE_INPUTS": ["*.sql"]')
    assert run("READ seeded")
    # All the way back.
    (project.path / "more.txt").unlink()
    project.write({"shop/seeds.py": SHOP["shop/seeds.py"]})
    project.edit("settings.py", ', "DATABASE_INPUTS": ["*.sql"]', "")
    assert not run()
