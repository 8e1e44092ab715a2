"""The tables' coming into being, and whether a database has those of this version."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from convagent.errors import StorageError
from convagent.storage.tables import SCHEMA_NAME, SCHEMA_VERSION, metadata, schema_version

__all__ = ["prepare_schema"]


def prepare_schema(connection: Connection, *, place: str) -> None:
    """Make the tables in a database that has none of them; leave those of this version as they are.

    Args:
        connection: In a transaction that no other writer can be in at the same time.
        place: What an error names as its place.

    Raises:
        StorageError: `storage-foreign` when tables of these names belong to something else, `storage-schema` when they
            are of another version of convagent. Neither is touched.
    """
    present = set(inspect(connection).get_table_names())
    if not present & set(metadata.tables):
        metadata.create_all(connection, checkfirst=False)
        connection.execute(insert(schema_version).values(name=SCHEMA_NAME, version=SCHEMA_VERSION))
        return
    version = _version(connection) if schema_version.name in present else None
    if version is None:
        raise StorageError(
            "the database belongs to something else: " + ", ".join(sorted(present & set(metadata.tables))),
            code="storage-foreign",
            place=place,
            remedy="Give convagent a database of its own.",
        )
    if version != SCHEMA_VERSION:
        newer = version > SCHEMA_VERSION
        raise StorageError(
            f"the tables are of version {version}, this convagent knows version {SCHEMA_VERSION}",
            code="storage-schema",
            place=place,
            remedy="Install the convagent that wrote it, or a newer one." if newer else "Start with a new database.",
        )


def _version(connection: Connection) -> int | None:
    columns = {column["name"] for column in inspect(connection).get_columns(schema_version.name)}
    if not columns >= {"name", "version"}:
        return None
    version = connection.scalar(select(schema_version.c.version).where(schema_version.c.name == SCHEMA_NAME))
    return version if isinstance(version, int) else None
