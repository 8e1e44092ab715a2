"""Alembic's migrations of the tables; `convagent.storage.schema` runs them when a database is opened."""
