"""Whole files that come or go: modules, templates, commands, tag libraries, migrations."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from benchmarks.laboratory.mutants import Mutant

ADDED = "files added"
REMOVED = "files removed"

_COMMAND = """\
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    def handle(self, *args, **options):
        raise CommandError("mutant")
"""
_LIBRARY = "from django import template\n\nregister = template.Library()\n"
_MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("{app}", "{last}")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER mutant BEFORE INSERT ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'mutant'); END"
        )
    ]
"""
_MODEL = re.compile(r'CreateModel\(\s*name="(\w+)"')


def find(texts: Mapping[str, str], apps: list[str]) -> Iterator[Mutant]:
    """Yield mutants of a tree, given its files' texts by path and its apps' directories."""
    for path, text in texts.items():
        pure = PurePosixPath(path)
        if re.search(r"/(migrations|settings)/|__init__|manage\.py|/tests?/", f"/{path}"):
            pass
        elif pure.suffix == ".py" or "/templates/" in path:
            yield _removed(path, text)
        yield from _shadows(path, texts, apps)
    for app in apps:
        yield from _migration(app, texts)


def _removed(path: str, text: str) -> Mutant:
    return Mutant(
        kind=REMOVED, operator="file removed", path=path, line=1, start=0, old=text, new="",
        effect="remove",
    )  # fmt: skip


def _added(operator: str, path: str, text: str) -> Mutant:
    return Mutant(
        kind=ADDED, operator=operator, path=path, line=1, start=0, old="", new=text,
        effect="create",
    )  # fmt: skip


def _shadows(path: str, texts: Mapping[str, str], apps: list[str]) -> Iterator[Mutant]:
    """Yield files that another app's file of the same name may give way to."""
    for part, text in (
        ("templates/", "mutant\n"),
        ("management/commands/", _COMMAND),
        ("templatetags/", _LIBRARY),
    ):
        _, found, inner = f"/{path}".partition(f"/{part}")
        if found and not inner.startswith("_"):
            roots = [f"{app}/" for app in apps]
            if part == "templates/":
                roots += {known[: known.index(part)] for known in texts if known.startswith(part)}
            for root in roots:
                new = f"{root}{part}{inner}"
                if new not in texts and (
                    part == "templates/" or f"{root}{part}__init__.py" in texts
                ):
                    yield _added(f"another {part[:-1]} file of the name", new, text)


def _migration(app: str, texts: Mapping[str, str]) -> Iterator[Mutant]:
    directory = f"{app}/migrations/"
    numbered = sorted(path for path in texts if re.match(re.escape(directory) + r"\d+_", path))
    if not numbered:
        return
    label = app.rpartition("/")[2]
    last = PurePosixPath(numbered[-1]).stem
    for path in numbered:
        for model in _MODEL.findall(texts[path]):
            table = f"{label}_{model.lower()}"
            text = _MIGRATION.format(app=label, last=last, table=table)
            yield _added(f"migration on {table}", f"{directory}9999_mutant.py", text)
