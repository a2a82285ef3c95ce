"""Running a function in several threads of a TransactionTestCase."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from django.db import connections


def run_in_threads(functions: list[Callable[[], object]]) -> list[object]:
    """Call each function in its own thread; return results, or the exceptions raised, in order.

    Where the database lets threads have connections of their own they start together and race.
    An in-memory SQLite database lives in one connection, which the threads then share, one after
    the other; what a thread read before its turn is still out of date when it acts.
    """
    own = connections["default"]
    is_sqlite = own.vendor == "sqlite"
    shared = own if is_sqlite and own.is_in_memory_db() else None
    turn = threading.Lock() if is_sqlite else nullcontext()
    start = threading.Barrier(len(functions))

    def call(function: Callable[[], object]) -> object:
        if shared is not None:
            connections["default"] = shared
        start.wait(timeout=30)
        try:
            with turn:
                return function()
        except Exception as error:
            return error
        finally:
            if shared is None:
                connections.close_all()

    if shared is not None:
        shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(call, functions))
    finally:
        if shared is not None:
            shared.dec_thread_sharing()
