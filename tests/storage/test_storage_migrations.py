"""A database of an older layout is taken up to this one; one of a newer layout is left alone."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect

from convagent.actions import Ledger
from convagent.errors import StorageError
from convagent.storage import open_storage
from convagent.storage.opening import stored_schema
from convagent.storage.tables import REVISION, lease_queue, leases, ledger, messages, metadata, turns

EFFECTS = (
    '{"memory":{},"effects":{"abc":{"status":"done","value":null,"error":"","reason":""},'
    '"def":{"status":"uncertain","value":null,"error":"it broke","reason":"action_failed"}}}'
)


def first_layout(engine: Engine) -> None:
    """The tables as they were before there were migrations, with a conversation in them."""
    with engine.begin() as connection:
        tables = [metadata.tables["conversations"], messages, turns, leases, lease_queue]
        metadata.create_all(connection, tables=tables)
        connection.exec_driver_sql(
            "CREATE TABLE schema_version (name VARCHAR(50) PRIMARY KEY, version INTEGER NOT NULL)"
        )
        connection.exec_driver_sql("INSERT INTO schema_version VALUES ('convagent', 1)")
        row = {"id": "c-1", "version": 3, "json": '{"id":"c-1"}', "state": EFFECTS}
        connection.execute(metadata.tables["conversations"].insert().values(**row))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'x.db'}"
        return url, create_engine(url)
    url = request.getfixturevalue("postgresql_url")
    return url, create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def layout(engine: Engine) -> dict[str, Any]:
    """Tables, columns, indexes and constraints as the database tells them."""
    found = inspect(engine)
    told: dict[str, Any] = {}
    for table in sorted(found.get_table_names()):
        columns = {column["name"]: (str(column["type"]), column["nullable"]) for column in found.get_columns(table)}
        indexes = sorted(
            (str(index["name"]), tuple(index["column_names"]))
            for index in found.get_indexes(table)
            if not index.get("duplicates_constraint")
        )
        unique = sorted(tuple(each["column_names"]) for each in found.get_unique_constraints(table))
        told[table] = (columns, indexes, unique, found.get_pk_constraint(table)["constrained_columns"])
    return told


def test_migrations_lead_to_the_same_tables_as_a_new_database_has(database: tuple[str, Engine], tmp_path: Path) -> None:
    url, engine = database
    open_storage(url).close()
    made = layout(engine)
    with engine.begin() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP TABLE {name}" + (" CASCADE" if "postgres" in url else ""))
    first_layout(engine)
    open_storage(url).close()
    assert layout(engine) == made
    engine.dispose()


def test_an_older_database_keeps_its_conversations_and_effects(database: tuple[str, Engine]) -> None:
    url, engine = database
    first_layout(engine)
    assert stored_schema(url).state == "older"
    with open_storage(url) as storage:
        stored = storage.load("c-1")
        assert stored is not None
        assert stored.version == 3
        assert "effects" not in stored.state
    with Ledger.open(url) as kept:
        entries = kept.entries(conversation="c-1")
    assert [(entry.effect, entry.status, entry.error) for entry in entries] == [
        ("abc", "done", None),
        ("def", "uncertain", "it broke"),
    ]
    assert stored.state["told"] == [entries[0].key]
    assert stored_schema(url).state == "current"
    engine.dispose()


def test_many_may_open_an_older_database_at_once(database: tuple[str, Engine]) -> None:
    url, engine = database
    first_layout(engine)
    errors: list[Exception] = []

    def open_it() -> None:
        try:
            open_storage(url).close()
        except StorageError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 2
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(database: tuple[str, Engine]) -> None:
    url, engine = database
    open_storage(url).close()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE convagent_schema SET version_num = '0099'")
    before = layout(engine)
    assert stored_schema(url).state == "newer"
    with pytest.raises(StorageError, match="0099") as caught:
        open_storage(url)
    assert caught.value.code == "storage-schema"
    assert layout(engine) == before
    engine.dispose()


def test_an_upgrade_that_breaks_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    engine = create_engine(f"sqlite:///{file}")
    first_layout(engine)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE VIEW convagent_schema_view AS SELECT 1")
        connection.execute("CREATE TABLE elsewhere (x)")
        connection.execute("CREATE INDEX ix_ledger_status ON elsewhere (x)")  # in the way of the migration
    before = layout(engine)
    with pytest.raises(StorageError):
        open_storage(str(file))
    assert layout(engine) == before
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP INDEX ix_ledger_status")
    open_storage(str(file)).close()
    assert stored_schema(str(file)).found == REVISION
    assert ledger.name in layout(engine)
    engine.dispose()
