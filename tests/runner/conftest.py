"""Servers that some tests need. CI has them all; elsewhere their tests are skipped without."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

POSTGRES_URL = os.environ.get("CDDS_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("CDDS_TEST_REDIS", "redis://127.0.0.1:6379")


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
            full = name.replace("x", self.name)
            self.connection.execute(f'DROP DATABASE "{full}" WITH (FORCE)')


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    try:
        import psycopg

        connection = psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=5)
    except Exception as error:
        missing(f"PostgreSQL at {POSTGRES_URL}", error)
    server = Postgres(connection)
    yield server
    server.drop_all()
    connection.close()
