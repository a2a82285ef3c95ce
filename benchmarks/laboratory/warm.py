"""Commands run in forks of a process that has Django imported already: less time for each."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

STARTER = "warm_start.py"


class Warm:
    """One process of an interpreter that is forked for each command, begun when first needed."""

    def __init__(self, python: str, starter: Path, *modules: str) -> None:
        """`modules` are imported before, besides Django's; without, what many projects use."""
        self._command = [python, str(starter), *modules]
        self._process: subprocess.Popen[str] | None = None

    def run(
        self,
        arguments: Sequence[str],
        *,
        path: Path,
        environment: Mapping[str, str],
        output: Path,
        limit_s: float,
        errors: Path | None = None,
    ) -> int | None:
        """Run a script of the directory `path`, its output going to a file.

        What it writes to standard error goes there too, or to the file `errors`. Return the exit
        status; None where it had to be ended after so many seconds.
        """
        process = self._started(environment)
        assert process.stdin is not None
        request = {
            "path": str(path),
            "arguments": list(arguments),
            "environment": dict(environment),
            "output": str(output),
            "errors": str(errors) if errors is not None else None,
        }
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        child = int(self._answer(process))
        late = threading.Event()

        def end() -> None:
            late.set()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)

        timer = threading.Timer(limit_s, end)
        timer.start()
        try:
            status = int(self._answer(process))
        finally:
            timer.cancel()
        return None if late.is_set() else status

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait()
            self._process = None

    def _started(self, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=1,
                text=True,
            )
        return self._process

    def _answer(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise ChildProcessError(f"{self._command} ended with status {process.wait()}.")
        return line
