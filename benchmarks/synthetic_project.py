"""A synthetic Django project of any size, and which functions each of its tests runs.

Tests share most of what they run, as in real projects: functions belong to features of twenty that
are called together, a core that all apps use and a set of each app's own. The tests of a class use
the same features but for a few. On average a test runs some 2,000 functions.

The project is real: its tests can be run. What they depend on is known without running them too,
which is how maps of more tests than one would care to run are made.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FEATURE_FUNCTIONS = 20
CORE_FEATURES = 100
APP_FEATURES = 50
FEATURES_PER_MODULE = 2
CORE_FEATURES_PER_TEST, APP_FEATURES_PER_TEST = 59, 36
TESTS_PER_CLASS, CLASSES_PER_MODULE, TEST_MODULES_PER_APP = 10, 2, 15
TESTS_PER_APP = TESTS_PER_CLASS * CLASSES_PER_MODULE * TEST_MODULES_PER_APP

SETTINGS = """
SECRET_KEY = "synthetic"
INSTALLED_APPS = [{apps}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
USE_TZ = True
"""
MANAGE = """
import os, sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
"""
FEATURE = """
def feature_{number}(value):
    return {calls}
"""
FUNCTION = """
def function_{number}(value):
    if value > LIMIT:
        return Limits.lowest
    return value + {number}
"""


class Feature(NamedTuple):
    """Functions that are called together."""

    package: str
    number: int

    @property
    def module(self) -> str:
        return f"{self.package}.part_{self.number // FEATURES_PER_MODULE}"

    def functions(self) -> Iterator[str]:
        """Yield the keys of what runs when it is used."""
        path = self.module.replace(".", "/") + ".py"
        yield f"{path}::feature_{self.number}"
        first = self.number * FEATURE_FUNCTIONS
        yield from (f"{path}::function_{first + i}" for i in range(FEATURE_FUNCTIONS))


@dataclass(frozen=True)
class Test:
    """One test, and what it uses."""

    module: str
    cls: str
    name: str
    features: tuple[Feature, ...]

    @property
    def id(self) -> str:
        return f"{self.module}.{self.cls}.{self.name}"

    def functions(self) -> Iterator[str]:
        """Yield the keys of all functions that it runs."""
        path = self.module.replace(".", "/") + ".py"
        yield f"{path}::{self.cls}.{self.name}"
        yield f"{path}::{self.cls}.setUp"
        for feature in self.features:
            yield from feature.functions()


class SyntheticProject:
    """The plan of a project with this many tests, always the same for the same number."""

    def __init__(self, tests: int) -> None:
        self.size = tests
        self.apps = [f"app_{n}" for n in range(-(-tests // TESTS_PER_APP))]
        self.tests = list(self._tests())[:tests]

    def _tests(self) -> Iterator[Test]:
        chance = random.Random(self.size)
        core = [Feature("core", n) for n in range(CORE_FEATURES)]
        for app in self.apps:
            own = [Feature(app, n) for n in range(APP_FEATURES)]
            for number in range(TEST_MODULES_PER_APP * CLASSES_PER_MODULE):
                used = {
                    *chance.sample(core, CORE_FEATURES_PER_TEST),
                    *chance.sample(own, APP_FEATURES_PER_TEST),
                }
                module = f"{app}.tests.test_{number // CLASSES_PER_MODULE}"
                for index in range(TESTS_PER_CLASS):
                    changed = {chance.choice(core), chance.choice(own)}
                    features = tuple(sorted(used ^ changed))
                    yield Test(module, f"Case{number}", f"test_{index}", features)

    def write(self, root: Path) -> None:
        """Write its files below a directory that is there."""
        settings = SETTINGS.format(apps=", ".join(f'"{app}"' for app in self.apps))
        (root / "settings.py").write_text(settings, encoding="utf-8")
        (root / "manage.py").write_text(MANAGE, encoding="utf-8")
        for package, features in [("core", CORE_FEATURES)] + [(a, APP_FEATURES) for a in self.apps]:
            (root / package / "tests").mkdir(parents=True)
            (root / package / "__init__.py").touch()
            (root / package / "tests" / "__init__.py").touch()
            for first in range(0, features, FEATURES_PER_MODULE):
                feature = Feature(package, first)
                _path(root, feature.module).write_text(_module(feature), encoding="utf-8")
        for app in self.apps:
            parts = range(APP_FEATURES // FEATURES_PER_MODULE)
            imports = "".join(f"from {app} import part_{part}\n" for part in parts)
            (root / app / "models.py").write_text(imports, encoding="utf-8")
        by_module: dict[str, list[Test]] = {}
        for test in self.tests:
            by_module.setdefault(test.module, []).append(test)
        for module, tests in by_module.items():
            _path(root, module).write_text(_test_module(tests), encoding="utf-8")


def _path(root: Path, module: str) -> Path:
    return root / f"{module.replace('.', '/')}.py"


def _module(first: Feature) -> str:
    """Return the source of the module that begins with a feature."""
    parts = ["LIMIT = 1_000_000\n\nclass Limits:\n    lowest = 1\n"]
    for number in range(first.number, first.number + FEATURES_PER_MODULE):
        functions = range(number * FEATURE_FUNCTIONS, (number + 1) * FEATURE_FUNCTIONS)
        parts += [FUNCTION.format(number=n) for n in functions]
        calls = " + ".join(f"function_{n}(value)" for n in functions)
        parts.append(FEATURE.format(number=number, calls=calls))
    return "\n".join(parts)


def _test_module(tests: list[Test]) -> str:
    used = sorted({feature.module for test in tests for feature in test.features})
    lines = ["from django.test import SimpleTestCase"]
    lines += [f"import {module}" for module in used]
    by_class: dict[str, list[Test]] = {}
    for test in tests:
        by_class.setdefault(test.cls, []).append(test)
    for cls, members in by_class.items():
        usual = members[0].features
        lines += ["", f"class {cls}(SimpleTestCase):", f"    features = ({_written(usual)})"]
        lines += ["", "    def setUp(self):", "        self.total = 0"]
        for test in members:
            left_out = [feature for feature in usual if feature not in test.features]
            added = [feature for feature in test.features if feature not in usual]
            lines += ["", f"    def {test.name}(self):"]
            lines += [f"        used = {{*self.features}} - {{*({_written(left_out)})}}"]
            lines += [f"        for feature in {{*used, {_written(added)}}}:"]
            lines += ["            self.total += feature(1)"]
            lines += ["        self.assertGreater(self.total, 0)"]
    return "\n".join(lines) + "\n"


def _written(features: Iterable[Feature]) -> str:
    return "".join(f"{f.module}.feature_{f.number}, " for f in features)
