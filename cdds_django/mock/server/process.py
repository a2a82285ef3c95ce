"""Starting the mock server in a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cdds_django.errors import ConfigurationError
from cdds_django.files import require_writable, write_text
from cdds_django.mock.clients.remote import RemoteMock
from cdds_django.mock.server.in_use import hold
from cdds_django.mock.server.serving import url_of

_START_S = 60.0


class ServerProcess:
    """A server that ends when nobody needs it any more; several processes may share it."""

    def __init__(
        self, url: str, handle: int, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.url = url
        self._handle = handle
        self._process = process
        """Where it is for this process alone."""

    def release(self) -> None:
        """Say that this process needs it no more."""
        os.close(self._handle)
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def start(spec: str, arguments: Sequence[str] = ()) -> ServerProcess:
    """Start a server of the document at `spec`. Raises ConfigurationError when it can't."""
    with tempfile.TemporaryDirectory(prefix="cdds-mock-") as directory:
        handle = hold(Path(directory, "in-use"))
        return ServerProcess(*_started(spec, arguments, Path(directory, "in-use"), handle))


def share(spec: str, arguments: Sequence[str], *, directory: Path, group: str) -> ServerProcess:
    """Return the server of the document at `spec` that all processes of a `group` use.

    The first to ask starts it; they meet through files in `directory`. Raises ConfigurationError
    when it can't start, StateFileError when the directory can't be written to.
    """
    key = sha256("\0".join([spec, *arguments]).encode()).hexdigest()[:20]
    require_writable(directory / key)
    with _turn(directory / f"{key}.lock"):
        handle = hold(directory / f"{key}.in-use")
        urls = _living(directory / f"{key}.json")
        if group not in urls:
            # Those of other groups may serve what the document was before.
            urls[group], _, process = _started(spec, arguments, directory / f"{key}.in-use", handle)
            _kept.append(process)
            write_text(directory / f"{key}.json", json.dumps(urls))
        return ServerProcess(urls[group], handle)


_kept: list[subprocess.Popen[bytes]] = []
"""Those that others use too: they end by themselves."""


def _started(
    spec: str, arguments: Sequence[str], in_use: Path, handle: int
) -> tuple[str, int, subprocess.Popen[bytes]]:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=2048) as listener,
        tempfile.TemporaryFile() as log,
    ):
        url, fd = url_of(listener), listener.fileno()
        command = [sys.executable, "-m", "cdds_django.mock", spec, "--fd", str(fd)]
        process = subprocess.Popen(
            [*command, "--while-in-use", str(in_use), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=[fd],
            start_new_session=True,  # Ctrl-C is for the test run to handle.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        # From here on, whoever connects is refused as soon as the process is gone.
        listener.close()
        if _is_up(url, process):
            return url, handle, process
        os.close(handle)
        log.seek(0)
        said = log.read().decode(errors="replace").strip().splitlines()
        raise ConfigurationError(
            f"The mock server of {spec} didn't start: {said[-1] if said else 'it said nothing'}"
        )


def _is_up(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the process answers; end it if it doesn't."""
    server, ends = RemoteMock(url), time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < ends:
        if server.is_healthy(timeout_s=1):
            return True
        time.sleep(0.01)
    process.kill()
    process.wait()
    return False


def _living(path: Path) -> dict[str, str]:
    """Return the URLs of the servers that answer, by group."""
    try:
        known: dict[str, str] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return {group: url for group, url in known.items() if RemoteMock(url).is_healthy(timeout_s=5)}


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
