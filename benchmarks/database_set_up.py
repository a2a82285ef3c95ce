"""Set up a project's test databases once, in its own environment, and print what that took.

Run by `benchmarks.databases`, in the project's directory, with `DJANGO_SETTINGS_MODULE` set.
Counted is everything from the end of `django.setup()` to a connection that can be used. Garbage of
the imports is collected before that: whoever comes next would pay for it, whatever is done then.
"""

import gc
import json
import resource
import sys
import time
from pathlib import Path


def stock(keepdb: bool) -> None:
    from django.db import connection
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False, keepdb=keepdb)
    runner.setup_databases(aliases={"default"}, serialized_aliases=set())
    connection.ensure_connection()


def ours() -> None:
    from django.db import connection
    from django.test.runner import DiscoverRunner

    from cdds_django.conf import settings
    from cdds_django.runner.databases.preparing import prepared_databases
    from cdds_django.runner.databases.wanted import Wanted

    seconds.update(imports_cpu_s=cpu() - began_cpu)
    prepared = prepared_databases(
        {"default": False},
        runner=DiscoverRunner(verbosity=0, interactive=False),
        wanted=Wanted.of(settings, keep=True, anew=False, workers=0),
        tree=tree,
        recorder=None,
    )
    reused = prepared.__enter__().reused
    connection.ensure_connection()
    seconds.update(reused=reused)
    stopped.update(wall_s=time.perf_counter() - began, cpu_s=cpu() - began_cpu)
    prepared.__exit__(None, None, None)


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


import django  # noqa: E402

django.setup()
# Whoever runs tests has these.
import django.test.runner  # noqa: E402

import cdds_django.runner.runner  # noqa: E402, F401
from cdds_django.impact.code.tree import SourceTree  # noqa: E402

# The selection of tests needs it anyway.
tree = SourceTree.of(Path.cwd(), [Path.cwd()])
seconds: dict[str, object] = {}
stopped: dict[str, float] = {}
gc.collect()
began, began_cpu = time.perf_counter(), cpu()
{"keepdb": lambda: stock(True), "fresh": lambda: stock(False), "ours": ours}[sys.argv[1]]()
taken = stopped or {"wall_s": time.perf_counter() - began, "cpu_s": cpu() - began_cpu}
from django.db import connection  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402

if not stopped:
    seconds["migrations"] = len(MigrationRecorder(connection).applied_migrations())
print(json.dumps({**seconds, **taken}))
