"""Histories of migrations, made by a seeded generator, and whether any leaves a stale database.

    python -m benchmarks.database_histories [--number 200] [--steps 5] [--seed 1]

A history is a small project that goes from state to state: migrations are added, removed, edited
and squashed, what they call changes, branches are switched, the app is renamed, a third party's
package comes in another version. After each step the project's test database is taken as a run
takes it, from a template where there is one, and compared with one that Django makes from nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.test.runner import DiscoverRunner

from cdds_django.conf import settings as our_settings
from cdds_django.impact.code.tree import SourceTree

# Each state is looked at in a fork of this process; what it needs is imported once.
from cdds_django.runner.databases import kept_digests, seen_inputs, sqlite, watching  # noqa: F401
from cdds_django.runner.databases.comparing import differences, portrait
from cdds_django.runner.databases.preparing import prepared_databases
from cdds_django.runner.databases.wanted import Wanted

Files = dict[str, str]
Step = Callable[["History"], bool]

MODEL = """
from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=50)
"""
HEAD = "from django.db import migrations, models\n\nfrom {app}.seeds import seed_{number}\n"
CREATE = """migrations.CreateModel(
    "Item",
    [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=50))],
)"""
ADD = 'migrations.AddField("item", "f{number}", models.CharField(max_length={length}, default=""))'
RUN = "migrations.RunPython(seed_{number}, migrations.RunPython.noop)"
SEED = """
def seed_{number}(apps, schema_editor):
    apps.get_model("{app}", "Item").objects.create(name=text("{word}"))
"""
SEEDS_HEAD = """
PREFIX = "{prefix}"


def text(word):
    return PREFIX + {call}


def unused():
    return {unused}

"""
APPS = """
from django.apps import AppConfig
from django.db.models.signals import post_migrate


def received(sender, using, **kwargs):
    sender.get_model("Item").objects.using(using).create(name="{word}")


class Config(AppConfig):
    name = "{app}"

    def ready(self):
        {connect}
"""
THIRD_MODELS = """
from django.db import models


class Thing(models.Model):
    size = models.{field}()
"""
THIRD_MIGRATION = """
from django.db import migrations, models

from third.words import word


def add(apps, schema_editor):
    apps.get_model("third", "Thing").objects.create(size=len(word()))


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            "Thing",
            [("id", models.BigAutoField(primary_key=True)), ("size", models.{field}())],
        ),
        migrations.RunPython(add),
    ]
"""


class History:
    """A project in its present state, and the states that it was in."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.app = "shop"
        self.migrations: list[dict[str, Any]] = [{"number": 1, "length": 0, "word": "first"}]
        self.prefix, self.call, self.unused = "p", "word", 0
        self.word: str | None = None
        self.third = {"version": "1.0", "field": "IntegerField", "word": "abc"}
        self.is_migrated = True
        self.earlier: list[dict[str, Any]] = []

    def step(self) -> str:
        """Go on to another state; return what was done."""
        while True:
            step = self.rng.choice(STEPS)
            before = self._state()
            if step(self):
                self.earlier.append(before)
                return step.__name__

    def _state(self) -> dict[str, Any]:
        names = ("app", "prefix", "call", "unused", "word", "is_migrated")
        state: dict[str, Any] = {name: getattr(self, name) for name in names}
        state["migrations"] = [dict(one) for one in self.migrations]
        state["third"] = dict(self.third)
        return state

    def files(self) -> Files:
        """Return the project's files as they are now."""
        app = self.app
        seeds = SEEDS_HEAD.format(prefix=self.prefix, call=self.call, unused=self.unused)
        found = {f"{app}/__init__.py": "", f"{app}/migrations/__init__.py": ""}
        for place, one in enumerate(self.migrations):
            values = {**one, "app": app}
            seeds += SEED.format(**values)
            operations = [CREATE] if place == 0 else [ADD.format(**values)]
            operations += [ADD.format(**more) for more in one.get("squashed", ())]
            operations.append(RUN.format(**values))
            before = f'[("{app}", "{_name(self.migrations[place - 1])}")]' if place else "[]"
            body = ",\n".join(operations)
            found[f"{app}/migrations/{_name(one)}.py"] = (
                f"{HEAD.format(**values)}\n\nclass Migration(migrations.Migration):\n"
                f"    dependencies = {before}\n    operations = [\n{body},\n]\n"
            )
        found[f"{app}/seeds.py"] = seeds
        fields = [more for one in self.migrations for more in (*one.get("squashed", ()), one)]
        found[f"{app}/models.py"] = MODEL + "".join(
            f'    f{f["number"]} = models.CharField(max_length={f["length"]}, default="")\n'
            for f in fields
            if f["length"]
        )
        connect = "post_migrate.connect(received, sender=self)" if self.word else "pass"
        found[f"{app}/apps.py"] = APPS.format(app=app, word=self.word, connect=connect)
        third = "lib/site-packages"
        found[f"{third}/third/__init__.py"] = ""
        found[f"{third}/third/models.py"] = THIRD_MODELS.format(**self.third)
        found[f"{third}/third/words.py"] = f"def word():\n    return {self.third['word']!r}\n"
        found[f"{third}/third/migrations/__init__.py"] = ""
        found[f"{third}/third/migrations/0001_initial.py"] = THIRD_MIGRATION.format(**self.third)
        info = f"{third}/third-{self.third['version']}.dist-info"
        version = self.third["version"]
        found[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: third\nVersion: {version}\n"
        found[f"{info}/top_level.txt"] = "third\n"
        return found


def _name(migration: Mapping[str, Any]) -> str:
    return f"{migration['number']:04}_{migration.get('title', 'change')}"


# Steps. Each returns whether it could be done.


def add(history: History) -> bool:
    number = history.migrations[-1]["number"] + 1
    word = history.rng.choice(["one", "two", "three"])
    history.migrations.append(
        {"number": number, "length": history.rng.choice([10, 20, 30]), "word": word}
    )
    return True


def remove(history: History) -> bool:
    if len(history.migrations) > 1:
        history.migrations.pop()
        return True
    return False


def edit(history: History) -> bool:
    one = history.rng.choice(history.migrations)
    if one["length"]:
        one["length"] += 1
    else:
        one["title"] = history.rng.choice(["initial", "begin", "make"])
    return True


def edit_what_is_called(history: History) -> bool:
    history.rng.choice(history.migrations)["word"] += "x"
    return True


def edit_constant(history: History) -> bool:
    history.prefix += history.rng.choice("abc")
    return True


def edit_what_that_calls(history: History) -> bool:
    history.call = history.rng.choice(["word", "word.upper()", "word[::-1]", "word.title()"])
    return True


def edit_beside(history: History) -> bool:
    history.unused += 1
    return True


def squash(history: History) -> bool:
    first, *rest = history.migrations
    if not rest:
        return False
    squashed = [*first.get("squashed", ())]
    squashed += [more for one in rest for more in (*one.get("squashed", ()), one)]
    plain = [{"number": one["number"], "length": one["length"]} for one in squashed]
    history.migrations = [{**first, "title": "squashed", "squashed": plain}]
    return True


def switch_branch(history: History) -> bool:
    if not history.earlier:
        return False
    state = history.rng.choice(history.earlier)
    for name, value in state.items():
        copied = [dict(one) for one in value] if name == "migrations" else value
        setattr(history, name, dict(copied) if name == "third" else copied)
    return True


def rename_app(history: History) -> bool:
    history.app = "store" if history.app == "shop" else "shop"
    return True


def listen(history: History) -> bool:
    history.word = history.rng.choice(
        [word for word in (None, "heard", "got") if word != history.word]
    )
    return True


def change_third_version(history: History) -> bool:
    major, _, minor = history.third["version"].partition(".")
    history.third["version"] = f"{major}.{int(minor) + 1}"
    if history.rng.random() < 0.5:
        history.third["field"] = history.rng.choice(["IntegerField", "BigIntegerField"])
    else:
        history.third["word"] += "d"
    return True


def change_third_files(history: History) -> bool:
    history.third["field"] = history.rng.choice(["IntegerField", "TextField"])
    return True


def migrate_or_not(history: History) -> bool:
    history.is_migrated = not history.is_migrated
    return True


STEPS: tuple[Step, ...] = (
    add,
    add,
    remove,
    edit,
    edit_what_is_called,
    edit_constant,
    edit_what_that_calls,
    edit_beside,
    squash,
    switch_branch,
    switch_branch,
    rename_app,
    listen,
    change_third_version,
    change_third_files,
    migrate_or_not,
)


# Looking at one state, in a process of its own.


def write(files: Files, root: Path) -> None:
    """Have exactly these files below `root`, besides hidden ones."""
    for path in [*root.rglob("*")]:
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith(".") and name not in files:
            path.unlink()
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, text in files.items():
        path = root / name
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def judge(root: Path, app: str, is_migrated: bool) -> tuple[bool, list[str]]:
    """Return whether a template was made, and how its fork differs from what Django makes now."""
    os.chdir(root)
    sys.path[:0] = [str(root), str(root / "lib/site-packages")]
    settings.configure(
        INSTALLED_APPS=[app, "third"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MIGRATION_MODULES={} if is_migrated else {app: None},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        CDDS={"MAX_TEMPLATES": 50},
    )
    django.setup()
    with prepared_databases(
        {"default": False},
        runner=DiscoverRunner(verbosity=0, interactive=False),
        wanted=Wanted.of(our_settings, keep=True, anew=False, workers=0),
        tree=SourceTree.of(root, [root]),
        recorder=None,
    ) as prepared:
        kept = portrait(connection)
        is_made = not prepared.reused
    connection.connection.close()
    connection.connection = None
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    return is_made, list(differences(kept, portrait(connection), {}))


def _judged(root: Path, app: str, is_migrated: bool, answer: Any) -> None:
    try:
        answer.send(judge(root, app, is_migrated))
    except BaseException:
        answer.send(traceback.format_exc())


def run(number: int, steps: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Go through histories; return what was counted, and every stale database."""
    context = multiprocessing.get_context("fork")
    # Else nothing would be old enough for its digest to be kept: people's steps take longer.
    kept_digests._RACY_NS = 0
    counts: Counter[str] = Counter()
    stale: list[str] = []
    sys.dont_write_bytecode = True
    for which in range(number):
        print(f"{which} histories: {dict(counts)}, {len(stale)} stale", end="\r", file=sys.stderr)
        history = History(random.Random(f"{seed} {which}"))
        root = Path(tempfile.mkdtemp(prefix="history-")).resolve()
        done = "begin"
        try:
            for _ in range(steps + 1):
                write(history.files(), root)
                receive, send = context.Pipe(duplex=False)
                process = context.Process(
                    target=_judged, args=(root, history.app, history.is_migrated, send)
                )
                process.start()
                found = receive.recv()
                process.join()
                if isinstance(found, str):
                    raise RuntimeError(f"history {which}, {done}:\n{found}")
                is_made, lines = found
                counts["states"] += 1
                counts["made" if is_made else "found"] += 1
                stale += [f"history {which}, {done}: {line}" for line in lines]
                done = history.step()
        finally:
            shutil.rmtree(root)
    return counts, stale


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts, stale = run(options.number, options.steps, options.seed)
    print(
        f"{options.number} histories, {counts['states']} states: {counts['made']} databases made, "
        f"{counts['found']} found, {len(stale)} differences."
    )
    print("\n".join(stale))
    sys.exit(bool(stale))


if __name__ == "__main__":
    main()
