"""Running a door until somebody ends it."""

from __future__ import annotations

import contextlib
import gc
import ipaddress
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdds_django.errors import ConfigurationError
from cdds_django.mock.core import MockCore
from cdds_django.mock.server.asgi import MockApplication
from cdds_django.mock.server.door import Door

if TYPE_CHECKING:
    import uvicorn

_IDLE_S = 75.0
_DRAIN_S = 10


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a server listens, and who may administer it there."""

    host: str = "127.0.0.1"
    port: int = 8081
    """0 for a free one."""
    token: str | None = None
    """Asked of admin calls. Without one, it is made up where others can reach the server."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(address: Address) -> socket.socket:
    """Return a socket that listens at `address`. Raises ConfigurationError."""
    if not 0 <= address.port <= 65535:
        raise ConfigurationError(f"{address.port} is no port; it must be from 0 to 65535.")
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigurationError(
            f"Can't listen at {address.host}:{address.port}: {error.strerror}. Choose another with "
            "--port (0 for any that is free) and --host."
        ) from error


def url_of(listener: socket.socket) -> str:
    """Return the address of a listening socket as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    core: MockCore, address: Address, announce: Callable[[str], object], fd: int | None = None
) -> None:
    """Serve `core` until SIGTERM or SIGINT, then answer what was asked and return.

    `announce` gets a line for people. `fd` is a socket that listens already, if there is one.
    Raises ConfigurationError.
    """
    listener = socket.socket(fileno=fd) if fd is not None else listening(address)
    token = address.token
    if token is None and not is_loopback(address.host):
        token = secrets.token_urlsafe(16)
        announce(f"Others can reach {address.host}: admin calls need the token {token}")
    server = server_of(Door(core, token=token))
    count = len(core.operation_ids)
    # What was compiled stays: it need not be looked at by each collection.
    gc.collect()
    gc.freeze()
    with _quietly_ended(server):
        # Who reads this may send a signal at once.
        announce(
            f"{core.title or 'The contract'}: {count} operations, mocked at {url_of(listener)}/"
        )
        server.run(sockets=[listener])


def server_of(door: Door) -> uvicorn.Server:
    """Return a server that is yet to be run. Raises ConfigurationError without uvicorn."""
    try:
        import uvicorn
    except ImportError:
        raise ConfigurationError(
            "Serving needs uvicorn. Install the extra: pip install 'cdds-django[mock]'"
        ) from None
    server: uvicorn.Server
    config = uvicorn.Config(
        MockApplication(door),
        http=_protocol(door, lambda: server.should_exit) or "auto",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=int(_IDLE_S),
        timeout_graceful_shutdown=_DRAIN_S,
    )
    server = uvicorn.Server(config)
    return server


def _protocol(door: Door, is_ending: Callable[[], bool]) -> Any:
    """Return what makes a protocol for uvicorn, None without httptools."""
    try:
        from cdds_django.mock.server.protocol import MockProtocol
    except ImportError:
        return None

    def make(*, server_state: Any, **_: Any) -> MockProtocol:
        return MockProtocol(door, server_state, idle_s=_IDLE_S, is_ending=is_ending)

    return make


@contextlib.contextmanager
def _quietly_ended(server: uvicorn.Server) -> Iterator[None]:
    """Take signals before uvicorn does, and those that it raises once more after it has drained."""

    def end(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def port_of_environment(default: int = 8081) -> int:
    """Return the port that `MOCK_PORT` names. Raises ConfigurationError."""
    value = os.environ.get("MOCK_PORT") or str(default)
    if not value.isdigit() or int(value) > 65535:
        raise ConfigurationError(f"MOCK_PORT is {value!r}; it must be a port, from 0 to 65535.")
    return int(value)


def say(line: str) -> None:
    """Print a line at once, for whoever waits for it."""
    print(line, flush=True, file=sys.stdout)
