"""The process that imports the project with the recorder on. Run as `python -m`.

It reads a request as JSON from standard input and writes an `ImportRecord` as JSON to the path
that the request names.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cdds_django.impact.code.tree import SourceTree, loaded_modules
from cdds_django.impact.imports.record import ImportRecord
from cdds_django.impact.recording.recorder import Recorder
from cdds_django.impact.records import STAND_INS, Dependency, merge_fills
from cdds_django.impact.sources.existence import Existence
from cdds_django.impact.sources.files import Files, Listings
from cdds_django.impact.sources.settings import Settings
from cdds_django.impact.sources.templates import Templates
from cdds_django.impact.sources.variables import Variables

# Processes started while modules are imported mostly ask for a version or a revision: the setting
# that is made of it is seen by its value.
WATCHED = (Files(), Listings(), Existence(), Variables(), Templates(), Settings())
"""The kinds of dependency that are noted while a project is imported."""


class ImportProbe:
    """The parent's handle on the process."""

    def __init__(self, tree: SourceTree, test_modules: Iterable[str], sys_path: list[str]) -> None:
        handle, name = tempfile.mkstemp(prefix="cdds-imports-", suffix=".json")
        os.close(handle)
        self._answer = Path(name)
        request = {
            "answer": name,
            "root": str(tree.root),
            "sources": [str(source) for source in tree.sources],
            "test_modules": list(test_modules),
            "sys_path": sys_path,
            # Settings may ask whether this is a test run.
            "arguments": sys.argv,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cdds_django.impact.imports.probe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=tree.root,
            start_new_session=True,  # Ctrl-C is for the run to handle.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys_path))},
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode())
        self._process.stdin.close()
        self._process.stdin = None

    def result(self) -> ImportRecord | str:
        """Wait for the end; return the record, or why there is none."""
        try:
            _, errors = self._process.communicate()
            if self._process.returncode:
                lines = errors.decode(errors="replace").strip().splitlines()
                return lines[-1] if lines else f"exit status {self._process.returncode}"
            return ImportRecord.from_json(self._answer.read_text())
        finally:
            self._answer.unlink(missing_ok=True)

    def abandon(self) -> None:
        """End the process where its answer isn't wanted any more."""
        self._process.kill()
        self._process.communicate()
        self._answer.unlink(missing_ok=True)


def main() -> None:
    request: Mapping[str, Any] = json.load(sys.stdin)
    sys.path[:] = request["sys_path"]
    sys.argv[:] = request["arguments"]
    tree = SourceTree(Path(request["root"]), tuple(map(Path, request["sources"])))
    recorder = Recorder(tree, WATCHED)
    recorder.start()
    recorder.take()

    import django
    from django.conf import settings

    django.setup()
    if root_urlconf := getattr(settings, "ROOT_URLCONF", None):
        importlib.import_module(root_urlconf)
    recorder.share()
    recorder.look()
    application = recorder.hand_over().shared
    application_files = frozenset(loaded_modules(tree))
    for name in request["test_modules"]:
        # A test module that can't be imported is the test run's to report.
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)
    recorder.take()
    handed = recorder.hand_over()
    recorder.stop()
    record = ImportRecord(
        application=frozenset(filter(_is_lasting, application)),
        application_files=application_files,
        fills={
            owner.key: frozenset(filter(_is_lasting, found))
            for owner, found in merge_fills((handed,)).items()
            if owner.kind == "import"
        },
        names=loaded_modules(tree),
    )
    Path(request["answer"]).write_text(record.to_json())


def _is_lasting(dependency: Dependency) -> bool:
    return dependency.kind not in STAND_INS


if __name__ == "__main__":
    main()
