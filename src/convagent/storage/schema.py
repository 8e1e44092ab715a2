"""The tables' coming into being, and their way from an older layout to this one, by Alembic's migrations.

A new database is given the tables as `tables` says and marked with their revision. An older one is taken up by the
migrations in `migrations/versions`, in one transaction: after a crash in the middle it is as it was. Alembic is imported
only for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, inspect, select

from convagent.errors import StorageError
from convagent.storage.tables import REVISION, metadata, revision

__all__ = ["SchemaState", "prepare_schema", "schema_state"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_FIRST_VERSION = Table(
    "schema_version", MetaData(), Column("name", String(50), primary_key=True), Column("version", Integer)
)
"""Where the first layout kept its version, before there were migrations."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """What a database holds of ours.

    Attributes:
        state: `empty`, `current`, `older` (opening it takes it up), `newer` or `foreign` (it is refused).
        found: The revision that was found, or the names of foreign tables; empty where there is nothing.
        wanted: The revision that this convagent works with.
    """

    state: Literal["empty", "current", "older", "newer", "foreign"]
    found: str
    wanted: str = REVISION


def schema_state(connection: Connection) -> SchemaState:
    """What the database holds of ours; nothing is changed."""
    present = set(inspect(connection).get_table_names())
    ours = present & (set(metadata.tables) | {_FIRST_VERSION.name})
    if not ours:
        return SchemaState("empty", "")
    found = _revision(connection, present)
    if found is None:
        return SchemaState("foreign", ", ".join(sorted(ours)))
    if found == REVISION:
        return SchemaState("current", found)
    return SchemaState("older" if found in _known() else "newer", found)


def prepare_schema(connection: Connection, *, place: str) -> SchemaState:
    """Make the tables in a database that has none of them, and take older ones up to this version.

    Args:
        connection: In a transaction that no other preparation can be in at the same time.
        place: What an error names as its place.

    Returns:
        What was found.

    Raises:
        StorageError: `storage-foreign` when tables of these names belong to something else, `storage-schema` when they
            are of a newer version of convagent. Neither is touched.
    """
    found = schema_state(connection)
    if found.state == "empty":
        metadata.create_all(connection, checkfirst=False)
        connection.execute(insert(revision).values(version_num=REVISION))
    elif found.state == "older":
        _upgrade(connection, found.found)
    elif found.state == "foreign":
        raise StorageError(
            f"the database belongs to something else: {found.found}",
            code="storage-foreign",
            place=place,
            remedy="Give convagent a database of its own.",
        )
    elif found.state == "newer":
        raise StorageError(
            f"the tables are of version {found.found}, this convagent knows versions up to {REVISION}",
            code="storage-schema",
            place=place,
            remedy="Install the convagent that wrote it, or a newer one.",
        )
    return found


def _known() -> tuple[str, ...]:
    """Revisions that there are migrations from."""
    files = (_MIGRATIONS / "versions").glob("v*.py")
    return tuple(sorted(file.name[1:5] for file in files))


def _revision(connection: Connection, present: set[str]) -> str | None:
    """The revision of the tables, None when they aren't ours."""
    for table, columns in ((revision, {"version_num"}), (_FIRST_VERSION, {"name", "version"})):
        if table.name not in present:
            continue
        if not {column["name"] for column in inspect(connection).get_columns(table.name)} >= columns:
            return None
        if table is revision:
            return connection.scalar(select(revision.c.version_num).limit(1))
        version = connection.scalar(select(_FIRST_VERSION.c.version).where(_FIRST_VERSION.c.name == "convagent"))
        return f"{version:04}" if isinstance(version, int) else None
    return None


def _upgrade(connection: Connection, found: str) -> None:
    """Runs the migrations behind `found`, within the transaction of `connection`."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(_MIGRATIONS))

    def steps(at: Any, _context: Any) -> Any:
        return scripts._upgrade_revs(REVISION, at)  # noqa: SLF001 - what Alembic's own commands call

    options: dict[str, Any] = {"fn": steps, "version_table": revision.name, "transactional_ddl": True}
    context = MigrationContext.configure(connection, opts=options)
    if revision.name not in inspect(connection).get_table_names():
        context.stamp(scripts, found)
    with Operations.context(context):
        context.run_migrations()
