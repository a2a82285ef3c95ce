"""Django's own test runner, which also writes each test's outcome to a file as JSON.

The benchmark copies this file beside `manage.py`.
"""

import json
import os
import unittest
from pathlib import Path

from django.test.runner import DiscoverRunner


class _Result(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = {}

    def addSuccess(self, test):
        super().addSuccess(test)
        self.outcomes.setdefault(test.id(), "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.outcomes[test.id()] = "failed"

    def addError(self, test, err):
        super().addError(test, err)
        self.outcomes[test.id()] = "error"

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcomes[test.id()] = "skipped"

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.outcomes[test.id()] = "expected_failure"

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.outcomes[test.id()] = "unexpected_success"

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self.outcomes[test.id()] = "failed" if failed else "error"

    def stopTestRun(self):
        super().stopTestRun()
        Path(os.environ["OUTCOMES"]).write_text(json.dumps(self.outcomes), encoding="utf-8")


class OutcomeRunner(DiscoverRunner):
    def get_resultclass(self):
        return _Result
