"""Loading tests without importing the modules that need not run.

The rules of discovery stay unittest's: this loader only hands it a stand-in for a module whose
tests are all known and all left out. What unittest looks up by other ways is imported as ever.
"""

from __future__ import annotations

import os
import sys
import types
import unittest
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from cdds_django.impact.choice.selection import KnownModule
from cdds_django.impact.code.tree import SourceTree


class LeftOutTest(unittest.TestCase):
    """Stands for a test that is known and not to run."""

    def __init__(self, name: str, tags: frozenset[str], module: str) -> None:
        super().__init__("runTest")
        self._name = name
        self.tags = tags
        self.module = module
        """The dotted name of the module that isn't imported."""

    def runTest(self) -> None:
        raise AssertionError(f"{self._name} was left out and must not run.")

    def id(self) -> str:
        return self._name


class _LeftOutModule(types.ModuleType):
    """Stands for a module that is not imported."""

    def __init__(self, name: str, known: KnownModule) -> None:
        super().__init__(name)
        self.known = known
        # Discovery compares it with the path where it found the module.
        self.__file__ = os.path.abspath(known.path)


class DeltaLoader(unittest.TestLoader):
    """Remembers which module gave which tests, and imports no module in `left_out`."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out: Mapping[str, KnownModule] = {}
        self.members: dict[str, list[str]] = {}
        """The ids that each loaded module gave."""
        self.complete: set[str] = set()
        """The modules that were loaded as a whole."""

    def loadTestsFromModule(
        self, module: types.ModuleType, *, pattern: str | None = None
    ) -> unittest.TestSuite:
        if isinstance(module, _LeftOutModule):
            return self._left_out_suite(module)
        suite = super().loadTestsFromModule(module, pattern=pattern)
        tests = [test.id() for test in cases(suite)]
        self.members[module.__name__] = tests
        # What `load_tests` gives may depend on anything, so such a module is always asked again.
        if not self.testNamePatterns and not hasattr(module, "load_tests"):
            self.complete.add(module.__name__)
        return suite

    def loadTestsFromName(
        self, name: str, module: types.ModuleType | None = None
    ) -> unittest.TestSuite:
        """Serve a label that names a module that is left out, or a class or test in one."""
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            holder = ".".join(parts[:end])
            if module is None and holder in self.left_out and holder not in sys.modules:
                suite = self._left_out_suite(_LeftOutModule(holder, self.left_out[holder]))
                tests = [test for test in cases(suite) if _is_below(test.id(), name)]
                if tests or end == len(parts):
                    return self.suiteClass(tests)
        return super().loadTestsFromName(name, module)

    def loaded_files(self, tree: SourceTree) -> dict[str, str]:
        """Return the keys of the first-party modules that gave tests, by dotted name."""
        files = {
            name: getattr(sys.modules.get(name), "__file__", None) or "" for name in self.members
        }
        return {name: key for name, file in files.items() if (key := tree.key(file))}

    def _get_module_from_name(self, name: str) -> types.ModuleType:
        """Discovery imports a module here (CPython's Lib/unittest/loader.py)."""
        if name in self.left_out and name not in sys.modules:
            return _LeftOutModule(name, self.left_out[name])
        imported: types.ModuleType = super()._get_module_from_name(name)  # type: ignore[misc]
        return imported

    def _left_out_suite(self, module: _LeftOutModule) -> unittest.TestSuite:
        return self.suiteClass(
            [
                LeftOutTest(test.id, test.tags, module.__name__)
                for test in module.known.tests
                if self._is_asked_for(test.id)
            ]
        )

    def _is_asked_for(self, test: str) -> bool:
        """Apply `-k` as `TestLoader.getTestCaseNames` does."""
        patterns: Any = self.testNamePatterns
        return not patterns or any(fnmatchcase(test, pattern) for pattern in patterns)


def _is_below(test: str, name: str) -> bool:
    return test == name or test.startswith(f"{name}.")


def cases(suite: unittest.TestSuite) -> list[unittest.TestCase]:
    """Return the tests of a suite and all suites within, in order."""
    found: list[unittest.TestCase] = []
    for item in suite:
        found += cases(item) if isinstance(item, unittest.TestSuite) else [item]
    return found
