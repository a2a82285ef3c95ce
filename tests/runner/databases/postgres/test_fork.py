"""Bringing a fork back is exact, and looks only at what the server says was touched."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.utils import ProgrammingError

from cdds_django.runner.databases.comparing import differences, portrait
from cdds_django.runner.databases.names import fork_of, new_template
from cdds_django.runner.databases.postgres.content import describe
from cdds_django.runner.databases.postgres.counters import Reading
from cdds_django.runner.databases.postgres.fork import PostgresFork
from cdds_django.runner.databases.postgres.raw import RawConnection
from cdds_django.runner.databases.postgres.server import connected

SCHEMA = """
CREATE TABLE empty (id bigserial PRIMARY KEY, name text);
CREATE TABLE other (id bigserial PRIMARY KEY, empty_id bigint REFERENCES empty);
CREATE TABLE seeded (id bigserial PRIMARY KEY, name text);
INSERT INTO seeded (name) VALUES ('a'), ('b');
CREATE SEQUENCE alone START 5;
CREATE SCHEMA "Else";
CREATE TABLE "Else"."Odd" (id bigserial PRIMARY KEY);
"""
EDITS = {
    "nothing": "SELECT 1",
    "insert": "INSERT INTO empty (name) VALUES ('x')",
    "insert, related": "INSERT INTO empty (name) VALUES ('x'); INSERT INTO other VALUES (9, NULL)",
    "insert, other schema": 'INSERT INTO "Else"."Odd" DEFAULT VALUES',
    "insert, rolled back": "BEGIN; INSERT INTO empty (name) VALUES ('x'); ROLLBACK",
    "insert and delete": "INSERT INTO empty (name) VALUES ('x'); DELETE FROM empty",
    "copy": "INSERT INTO empty SELECT n, 'x' FROM generate_series(1, 500) AS n",
    "seeded: insert": "INSERT INTO seeded (name) VALUES ('c')",
    "seeded: update": "UPDATE seeded SET name = 'z' WHERE name = 'a'",
    "seeded: update, rolled back": "BEGIN; UPDATE seeded SET name = 'z'; ROLLBACK",
    "seeded: delete": "DELETE FROM seeded",
    "seeded: truncate": "TRUNCATE seeded RESTART IDENTITY",
    "truncate": "INSERT INTO empty (name) VALUES ('x'); TRUNCATE empty CASCADE",
    "sequence: next": "SELECT nextval('alone')",
    "sequence: next, rolled back": "BEGIN; SELECT nextval('alone'); ROLLBACK",
    "sequence: set": "SELECT setval('alone', 70)",
    "sequence: set, not called": "SELECT setval('alone', 70, false)",
    "sequence: set to what it is": "SELECT setval('alone', 5, false)",
    "sequence: restart": "ALTER SEQUENCE alone RESTART WITH 9",
    "table": "CREATE TABLE made (id int)",
    "column": "ALTER TABLE empty ADD COLUMN more int",
    "rename": "ALTER TABLE empty RENAME TO renamed; INSERT INTO renamed (name) VALUES ('x')",
    "drop": "DROP TABLE other",
    "function": "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "trigger": "CREATE TRIGGER t BEFORE UPDATE ON seeded EXECUTE FUNCTION "
    "suppress_redundant_updates_trigger()",
    "temporary table": "CREATE TEMP TABLE passing (id int); INSERT INTO passing VALUES (1)",
    "index": "CREATE INDEX made ON seeded (name)",
    "comment": "COMMENT ON TABLE empty IS 'told'",
    "vacuum": "VACUUM ANALYZE",
    "statistics reset": "INSERT INTO empty (name) VALUES ('x'); SELECT pg_stat_reset()",
    "one table's reset": "INSERT INTO empty (name) VALUES ('x'); "
    "SELECT pg_stat_reset_single_table_counters('empty'::regclass)",
}

# No app is loaded here, and none is needed.
pytestmark = pytest.mark.filterwarnings("ignore:Accessing the database during app init")


@pytest.fixture(scope="module", autouse=True)
def configured() -> None:
    if not settings.configured:
        settings.configure()


class Bench:
    """A fork, and a way to do something to it."""

    def __init__(self, server: dict[str, Any], name: str) -> None:
        self._server = server
        self.template = new_template(name, "0" * 8)
        with connected(self.wrapper("postgres")) as own:
            own.copy("template0", self.template)
        made = RawConnection.to(self.template, self.wrapper(self.template))
        made.run(SCHEMA)
        self.described = describe(made, [])
        made.close()
        self.fork = self.opened()
        self.clean = self.portrait()

    def wrapper(self, name: str) -> Any:
        empty = {"OPTIONS": {}, "TIME_ZONE": None, "CONN_MAX_AGE": 0, "AUTOCOMMIT": True}
        more = {"CONN_HEALTH_CHECKS": False, "TEST": {}, "ATOMIC_REQUESTS": False}
        return DatabaseWrapper({**self._server, **empty, **more, "NAME": name}, "default")

    def opened(self) -> PostgresFork:
        """Return the fork as another run opens it."""
        name = fork_of(self.template, 1)
        fork = PostgresFork(template=self.template, name=name, described=self.described)
        fork.open(self.wrapper(name))
        return fork

    def connect(self) -> RawConnection:
        return RawConnection.to(self.fork.name, self.wrapper(self.fork.name))

    def do(self, edit: str) -> None:
        """Do something in a connection of its own."""
        connection = self.connect()
        for statement in edit.split("; "):
            connection.run(statement)
        connection.close()

    def portrait(self) -> Any:
        wrapper = self.wrapper(self.fork.name)
        found = portrait(wrapper)
        with wrapper.cursor() as cursor:
            for name in ("alone", "empty_id_seq", "seeded_id_seq"):
                cursor.execute(f"SELECT last_value, is_called FROM {name}")
                found.schema[f"value of {name}"] = str(cursor.fetchone())
        wrapper.close()
        return found

    def require_clean(self) -> None:
        found = self.portrait()
        assert list(differences(self.clean, found, {})) == []
        assert found.schema == self.clean.schema


@pytest.fixture(scope="module")
def shared_bench(shared_postgres) -> Bench:
    return Bench(shared_postgres.database(), shared_postgres.name)


@pytest.fixture
def bench(shared_bench) -> Iterator[Bench]:
    shared_bench.fork = shared_bench.opened()
    shared_bench.require_clean()
    yield shared_bench
    shared_bench.fork.close()


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What was asked of a whole database, table by table."""
    found: list[str] = []
    original = RawConnection.repeated

    def repeated(self: RawConnection, sql: str) -> list[Any]:
        found.append(sql)
        return original(self, sql)

    monkeypatch.setattr(RawConnection, "repeated", repeated)
    return found


def test_every_edit_is_taken_back(bench):
    for name, edit in EDITS.items():
        bench.do(edit)
        bench.fork.reset()
        try:
            bench.require_clean()
        except AssertionError as error:
            raise AssertionError(name) from error


def test_any_order_of_edits_is_taken_back(bench):
    chance = random.Random(26)
    rows = [name for name in EDITS if "insert" in name or "sequence" in name or "reset" in name]
    for _ in range(8):
        for name in chance.sample(rows, k=3):
            bench.do(EDITS[name])
        bench.fork.reset()
        bench.require_clean()


def test_only_what_was_touched_is_looked_at(bench, asked):
    for edit in ("insert", "insert, rolled back", "sequence: next", "temporary table"):
        bench.do(EDITS[edit])
        bench.fork.reset()
    assert asked == []
    bench.require_clean()


def test_another_run_begins_where_the_last_one_was_clean(bench, asked):
    bench.do(EDITS["insert"])
    bench.fork.reset()
    bench.do(EDITS["insert, rolled back"])
    bench.fork.close()
    bench.fork = bench.opened()
    assert asked == []
    bench.require_clean()


def test_a_clean_fork_is_taken_over_with_the_connection_that_tests_use(bench, monkeypatch):
    # To look at sequences, as the fixture does, is counted as well.
    bench.fork.reset()
    bench.fork.close()

    def refuse(cls: type, name: str, connection: object) -> None:
        raise AssertionError(f"another connection to {name}")

    monkeypatch.setattr(RawConnection, "to", classmethod(refuse))
    bench.fork = bench.opened()


def test_what_a_project_does_with_a_connection_may_fail_as_itself(bench):
    def receiver(connection: Any, **_: Any) -> None:
        connection.cursor().execute("SELECT none")

    bench.fork.close()
    connection_created.connect(receiver)
    try:
        with pytest.raises(ProgrammingError, match='"none"'):
            bench.opened()
    finally:
        connection_created.disconnect(receiver)
    bench.fork = bench.opened()
    bench.require_clean()


@pytest.mark.parametrize("changed", [{"AUTOCOMMIT": False}, {"OPTIONS": {"pool": True}}])
def test_a_connection_that_serves_django_alone_is_left_to_it(bench, changed):
    wrapper = bench.wrapper(bench.fork.name)
    wrapper.settings_dict.update(changed)
    assert RawConnection.below(wrapper) is None
    assert wrapper.connection is None


def test_a_run_that_left_rows_is_found_out(bench, asked):
    bench.fork.close()
    bench.do(EDITS["insert"])
    bench.do(EDITS["seeded: update"])
    bench.fork = bench.opened()
    assert asked == []
    bench.require_clean()


def test_rows_put_back_are_not_taken_for_a_copys(bench):
    for _ in range(2):  # The first time, the database is copied anew.
        bench.do(EDITS["seeded: update"])
        bench.fork.reset()
    bench.fork.close()
    bench.fork = bench.opened()
    bench.require_clean()


def test_whoever_else_is_connected_may_not_have_told_all(bench, asked):
    other = bench.connect()
    other.run("INSERT INTO empty (name) VALUES ('first')")
    bench.fork.reset()
    other.run("INSERT INTO empty (name) VALUES ('second')")
    bench.fork.reset()
    assert asked
    bench.require_clean()
    other.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "somebody's own",
        lambda text: text[:-3],
        lambda text: text.replace('"since":"', '"since":"1'),
        lambda text: text.replace('"counts"', '"others"'),
        lambda text: text.partition('"counts"')[0] + '"counts":[]}',
    ],
    ids=["another comment", "cut", "another time", "another version", "no counts"],
)
def test_a_note_that_does_not_fit_is_not_trusted(bench, asked, spoil: Callable[[str], str]):
    bench.do(EDITS["insert"])
    bench.fork.reset()
    bench.fork.close()
    connection = bench.connect()
    sql = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = current_database()"
    )
    told = connection.rows(sql)[0][0]
    assert Reading.from_text(told)
    connection.run(f"COMMENT ON DATABASE {bench.fork.name} IS $told${spoil(told)}$told$")
    connection.close()
    bench.do(EDITS["insert"])
    bench.fork = bench.opened()
    assert asked
    bench.require_clean()


def test_servers_that_count_otherwise_are_asked_table_by_table(bench, asked, monkeypatch):
    monkeypatch.setattr(RawConnection, "version", 140000)
    bench.do(EDITS["insert"])
    bench.fork.reset()
    bench.do(EDITS["seeded: insert"])
    bench.fork.reset()
    assert asked
    bench.require_clean()
