"""The first layout: conversations with messages and turns, and leases. Databases of that layout were made without Alembic."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: a database without tables is given those of the latest revision at once."""
