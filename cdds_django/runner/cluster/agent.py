"""What runs in the processes of Dask's workers: each place there has a host, and talks to it.

A host is a process of ours beside Dask's. It has Django, the project and the databases, and forks a
child of its own that runs tests. So Dask's process stays clean for other work, and lives on when a
test doesn't.

This module is sent to Dask's workers as it is. So it needs nothing but the standard library and
what Dask brings.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
import weakref
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from distributed import get_worker

from cdds_django.runner.cluster import HOST_VARIABLE
from cdds_django.runner.cluster.facts import differences, project_directory

_KEPT = "_cdds_hosts_"
"""How the attribute of Dask's worker begins that lists a run's hosts."""
_POLL_S = 1.0
_END_S = 20.0
"""How long a host may take to end its tests and to put its databases back."""
_SHOWN = 4000
"""Of what a host wrote before it died, the last bytes."""


def look(theirs: dict[str, Any], root: str, script: str, sources: Sequence[str]) -> dict[str, Any]:
    """Return how this machine differs from the client's, and where the project is here."""
    place = project_directory(root, script)
    found = differences(theirs, sources, place) if place is not None else []
    return {
        "root": place,
        "differences": found,
        "cwd": os.getcwd(),
        "machine": f"{socket.gethostname()}:{place}",
        "process": _process_id(),
    }


def start(
    process: str,
    root: str,
    run: str,
    options: Sequence[str],
    command: Sequence[str],
    environment: dict[str, str],
    plan: bytes,
) -> Host:
    """Start a host. Its `plan` is a message to it.

    `process` is what `look` said: where Dask runs this once more in a new process, nobody wants it.
    """
    if process != _process_id():
        raise RuntimeError("The Dask worker was started anew.")
    host = Host(root, options, command, environment)
    host.send(plan)
    vars(get_worker()).setdefault(_KEPT + run, weakref.WeakSet()).add(host)
    return host


def ask(host: Host, message: bytes | None) -> tuple[str, bytes]:
    """Send a host what it is to do, if anything, and return its next answer."""
    return host.ask(message)


def tell_all(run: str, message: bytes, dask_worker: Any = None) -> None:
    """Send a message to all hosts of a run here."""
    for host in list(vars(dask_worker).get(_KEPT + run, ())):
        host.send(message)


def end_all(run: str, dask_worker: Any = None) -> None:
    """End all hosts of a run here, in the middle of their tests."""
    for host in list(vars(dask_worker).pop(_KEPT + run, ())):
        host.close()


def _process_id() -> str:
    """Return what tells this process apart from the one that Dask starts in its place."""
    found: str = vars(get_worker()).setdefault("_cdds_process", uuid.uuid4().hex)
    return found


class Host:
    """A process that runs tests; it ends with this object.

    Dask keeps this object for as long as the client wants it, so a host ends with its client too.
    """

    def __init__(
        self,
        root: str,
        options: Sequence[str],
        command: Sequence[str],
        environment: dict[str, str],
    ) -> None:
        """`options` are for Python itself. `{directory}` in them is the host's own directory."""
        self._is_closed = False
        self._lock = threading.Lock()
        self._directory = tempfile.mkdtemp(prefix="cdds-host-")
        options = [option.replace("{directory}", self._directory) for option in options]
        self._socket, theirs = socket.socketpair()
        # What a host writes before it can talk is only shown where it dies then.
        self._written = Path(self._directory, "output")
        said = os.dup(2)
        try:
            descriptors = (theirs.fileno(), said)
            with self._written.open("wb") as output:
                self._process = subprocess.Popen(
                    [sys.executable, *options, *command],
                    cwd=root,
                    env={
                        **os.environ,
                        **environment,
                        HOST_VARIABLE: ":".join([*map(str, descriptors), self._directory]),
                    },
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=descriptors,
                    start_new_session=True,
                )
        finally:
            os.close(said)
            theirs.close()
        self._connection = Connection(os.dup(self._socket.fileno()))

    def send(self, message: bytes) -> None:
        # Where it has died, `ask` says so.
        with self._lock, contextlib.suppress(OSError):
            self._connection.send_bytes(message)

    def ask(self, message: bytes | None) -> tuple[str, bytes]:
        """Send a message, if there is one, and return "answer" and what comes back.

        Returns "dead" and what is known of its death where nothing will.
        """
        if message is not None:
            self.send(message)
        try:
            while not self._connection.poll(_POLL_S):
                if not _is_wanted():
                    self.close()
            return "answer", self._connection.recv_bytes()
        except (EOFError, OSError):
            return "dead", self._obituary()

    def close(self) -> None:
        """Have it end whatever it does. Does not wait for that."""
        if self._is_closed:
            return
        self._is_closed = True
        # It sees the end of what it reads, ends its tests and puts its databases back.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        threading.Thread(
            target=_bury, args=(self._process, self._directory), name="cdds-end", daemon=True
        ).start()

    def __del__(self) -> None:
        if hasattr(self, "_process"):
            self.close()

    def __reduce__(self) -> Any:
        # Dask moves values away from workers that it retires. A process stays where it is.
        return (_Moved, ())

    def _obituary(self) -> bytes:
        try:
            code = self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        try:
            written = self._written.read_bytes()[-_SHOWN:]
        except OSError:
            written = b""
        return b"exit status %d\n%s" % (code, written)


class _Moved:
    """What is left of a host that Dask moved elsewhere."""

    def ask(self, message: bytes | None) -> tuple[str, bytes]:
        return "dead", b"Dask retired its worker\n"


def _is_wanted() -> bool:
    """Whether the client still waits for the task that this thread carries out."""
    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    return task is not None and task.state != "cancelled"


def _bury(process: subprocess.Popen[bytes], directory: str) -> None:
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    shutil.rmtree(directory, ignore_errors=True)
