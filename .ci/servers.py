"""Whether the servers of a CI run answer, and removing what the run left there.

Usage: servers.py check|drop POSTGRES_URL REDIS_URL
"""

import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql


def check(postgres_url: str, redis_url: str) -> str | None:
    """Return what is wrong, or None."""
    try:
        connect(postgres_url).close()
    except psycopg.Error as error:
        return f"PostgreSQL at {place(postgres_url)} can't be used (DATABASE_URL): {error}"
    try:
        redis.Redis.from_url(redis_url).ping()
    except redis.RedisError as error:
        return f"Redis at {place(redis_url)} can't be used (REDIS_URL): {error}"
    return None


def drop(postgres_url: str, redis_url: str) -> None:
    """Drop the test databases made for this URL's database. Redis keeps nothing of ours."""
    name = urlsplit(postgres_url).path.lstrip("/")
    with connect(postgres_url) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s",
            [f"^test_{name}(_[0-9]+|_cdds_[0-9a-f_]+)?$"],  # Django's, and templates with forks.
        ).fetchall()
        for (database,) in found:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))


def connect(url: str) -> psycopg.Connection:
    """Connect to the server's maintenance database."""
    maintenance = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    return psycopg.connect(maintenance, autocommit=True, connect_timeout=5)


def place(url: str) -> str:
    """Return host and port, without the password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def main() -> int:
    action, postgres_url, redis_url = sys.argv[1:]
    if action == "drop":
        drop(postgres_url, redis_url)
        return 0
    problem = check(postgres_url, redis_url)
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
