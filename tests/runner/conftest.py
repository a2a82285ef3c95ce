"""Options as runs have them, and servers. CI has these all; elsewhere their tests are skipped."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import socketserver
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from cdds_django.conf import settings
from cdds_django.runner.arguments import add_arguments
from cdds_django.runner.options import Options

POSTGRES_URL = os.environ.get("CDDS_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("CDDS_TEST_REDIS", "redis://127.0.0.1:6379")


@pytest.fixture
def taken() -> Callable[..., Options]:
    """A function that returns what is made of a command line and settings, as `Options` are."""
    if not django_settings.configured:
        django_settings.configure()

    def taken(*arguments: str, cdds: dict[str, Any] | None = None, **others: Any) -> Options:
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        options = {**vars(parser.parse_args(arguments)), **others}
        with override_settings(CDDS=cdds or {}):
            return Options.take(options, settings)

    return taken


def missing(server: str, error: Exception) -> None:
    """Skip the test, or fail it where the server should be there."""
    message = f"{server} can't be used: {error}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def redis_client() -> Iterator[Any]:
    """A client of a Redis database that was empty, and is again at the end."""
    own = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    try:
        import redis

        # Databases in use are somebody else's; each pytest process has some for itself.
        for number in range(15 - own, 0, -processes):
            client = redis.Redis.from_url(f"{REDIS_URL}/{number}")
            if client.dbsize() == 0:
                break
        else:
            raise LookupError("none of its databases is empty")
    except Exception as error:
        missing(f"Redis at {REDIS_URL}", error)
    yield client
    client.flushdb()


@pytest.fixture
def redis_url(redis_client: Any) -> str:
    return f"{REDIS_URL}/{redis_client.get_connection_kwargs()['db']}"


@pytest.fixture
def memcached() -> Iterator[str]:
    """The address of a memcached server: one that is there, one started here, or a stand-in."""
    if address := os.environ.get("CDDS_TEST_MEMCACHED"):
        yield address
        return
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    program = shutil.which("memcached")
    if program is None:
        # Few machines have one. What it says to these few commands is simple.
        with StandIn(port) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"127.0.0.1:{port}"
            server.shutdown()
        return
    process = subprocess.Popen([program, "-u", "nobody", "-l", "127.0.0.1", "-p", str(port)])
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.02)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


class StandIn(socketserver.ThreadingTCPServer):
    """Answers as memcached does (its doc/protocol.txt), but never lets a value expire."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), StandInHandler)
        self.values: dict[bytes, tuple[bytes, bytes]] = {}


class StandInHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        values = self.server.values  # type: ignore[attr-defined]
        while line := self.rfile.readline():
            command, *words = line.split()
            answer = b""
            if command in (b"set", b"add"):
                key, flags, _, size = words[:4]
                data = self.rfile.read(int(size) + 2)[:-2]
                is_stored = command == b"set" or key not in values
                if is_stored:
                    values[key] = (flags, data)
                answer = b"STORED" if is_stored else b"NOT_STORED"
            elif command in (b"get", b"gets"):
                for key in words:
                    if key in values:
                        flags, data = values[key]
                        head = b" ".join([b"VALUE", key, flags, str(len(data)).encode()])
                        self.wfile.write(head + b"\r\n" + data + b"\r\n")
                answer = b"END"
            elif command == b"delete":
                answer = b"DELETED" if values.pop(words[0], None) else b"NOT_FOUND"
            elif command == b"incr":
                flags, data = values[words[0]]
                answer = str(int(data) + int(words[1])).encode()
                values[words[0]] = (flags, answer)
            if words[-1:] != [b"noreply"]:
                self.wfile.write(answer + b"\r\n")


class Postgres:
    """A name for databases on the server, which are dropped at the end."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.name = f"cdds_{uuid.uuid4().hex[:10]}"  # Without an "x", see names().
        url = urlsplit(POSTGRES_URL)
        self.server = {
            "ENGINE": "django.db.backends.postgresql",
            "USER": url.username or "",
            "PASSWORD": url.password or "",
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
        }

    def database(self, name: str = "", **more: Any) -> dict[str, Any]:
        """Return an entry of DATABASES."""
        return {**self.server, "NAME": name or self.name, **more}

    def names(self) -> list[str]:
        """Return the databases of this test that are there."""
        rows = self.connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY 1", [f"%{self.name}%"]
        )
        return [name.replace(self.name, "x") for (name,) in rows.fetchall()]

    def drop_all(self) -> None:
        for name in self.names():
            full = name.replace("x", self.name, 1)
            self.connection.execute(f'DROP DATABASE "{full}" WITH (FORCE)')


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    yield from _postgres()


@pytest.fixture(scope="module")
def shared_postgres() -> Iterator[Postgres]:
    """For the tests of a module that may share their databases."""
    yield from _postgres()


def _postgres() -> Iterator[Postgres]:
    try:
        import psycopg

        connection = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=5)
    except Exception as error:
        missing(f"PostgreSQL at {POSTGRES_URL}", error)
    server = Postgres(connection)
    yield server
    server.drop_all()
    connection.close()
