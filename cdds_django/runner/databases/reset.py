"""Clean databases between tests, in place of Django's flush.

After a TransactionTestCase, Django empties all tables and sends `post_migrate`: rows that
migrations inserted are gone then, sequences go on, and it takes as long as there are many tables.
Here every test begins with what the template holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.test import SimpleTestCase, TestCase, TransactionTestCase

from cdds_django.impact.recording.patching import all_of, replace, wrap
from cdds_django.runner.databases.forks import ProcessForks
from cdds_django.runner.running.suites import WatchedSuite


def resetting(forks: ProcessForks) -> Callable[[], None]:
    """Have this process's tests begin with clean databases; return what ends it."""

    def tear_down(original: Any, test: Any) -> None:
        aliases = test._databases_names(include_mirrors=False)
        left = forks.reset(aliases)
        if not left:
            return
        # The others are flushed as ever.
        test._databases_names = lambda include_mirrors=True: left
        try:
            original(test)
        finally:
            del test._databases_names

    original_sequences: Any = vars(TransactionTestCase)["_reset_sequences"].__func__

    def reset_sequences(alias: str) -> None:
        if not forks.reset_sequences(alias):
            original_sequences(alias)

    classes: set[type] = set()

    def set_up_class(original: Any, suite: Any, test: Any, result: Any) -> None:
        classes.add(type(test))
        original(suite, test, result)

    def tear_down_module(original: Any, suite: Any, result: Any) -> None:
        original(suite, result)
        # Only now: classes of one module may share what its set-up wrote.
        if any(map(may_leave_rows, classes)):
            forks.reset_all()
        classes.clear()

    return all_of(
        [
            forks.close,
            wrap(WatchedSuite, "_handleClassSetUp", set_up_class),
            wrap(WatchedSuite, "_handleModuleTearDown", tear_down_module),
            wrap(TransactionTestCase, "_fixture_teardown", tear_down),
            replace(TransactionTestCase, "_reset_sequences", staticmethod(reset_sequences)),
        ]
    )


def may_leave_rows(cls: type) -> bool:
    """Whether a class's tests may leave a database in another state than they found it in.

    Nothing keeps unittest's own TestCase from writing, nor a test that may use databases and
    neither rolls back nor flushes. Those that flush are brought back one by one, but what sets
    their class up isn't.
    """
    if not issubclass(cls, SimpleTestCase):
        return True
    return bool(cls.databases) and not issubclass(cls, TestCase)


def leaves_databases_changed(tests: Iterable[Any]) -> bool:
    """Whether running these may leave other rows than they found, where nothing is brought back.

    TransactionTestCase flushes after each test, and with it rows that migrations had inserted
    (https://docs.djangoproject.com/en/stable/topics/testing/tools/#transactiontestcase).
    """
    return any(
        not isinstance(test, SimpleTestCase)
        or (isinstance(test, TransactionTestCase) and not isinstance(test, TestCase))
        for test in tests
    )
