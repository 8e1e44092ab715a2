"""What happens by the clock, in a SQL database: deadlines of conversations, and which guides ran for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from convagent.storage.port import Due, GuideRun, Runs
from convagent.storage.tables import deadlines, guide_runs, id_from, key_from

__all__ = ["read_due", "read_runs", "write_deadline", "write_runs"]


def write_deadline(connection: Connection, key: str, at: datetime | None) -> None:
    """Keeps when something is due in a conversation; only those that wait have a row."""
    if at is None:
        connection.execute(delete(deadlines).where(deadlines.c.conversation_id == key))
        return
    moved = update(deadlines).where(deadlines.c.conversation_id == key).values(at=at)
    if connection.execute(moved).rowcount == 0:
        connection.execute(insert(deadlines).values(conversation_id=key, at=at))


def read_due(connection: Connection, *, until: datetime, limit: int, after: Due | None) -> list[Due]:
    """A page of what is due, by the index on the moment."""
    page = select(deadlines.c.at, deadlines.c.conversation_id).where(deadlines.c.at <= until)
    if after is not None:
        behind = (deadlines.c.at > after.at) | (
            (deadlines.c.at == after.at) & (deadlines.c.conversation_id > key_from(after.conversation))
        )
        page = page.where(deadlines.c.at >= after.at, behind)
    rows = connection.execute(page.order_by(deadlines.c.at, deadlines.c.conversation_id).limit(limit))
    return [Due(at, id_from(key)) for at, key in rows]


def write_runs(connection: Connection, runs: Runs) -> None:
    """Keeps runs that aren't kept yet, and forgets what is too old to count for anybody."""
    connection.execute(delete(guide_runs).where(guide_runs.c.at < runs.forget_before))
    wanted = {
        (subject, key_from(run.conversation), run.run): run
        for subject in runs.subjects
        for run in runs.runs
        if run.at >= runs.forget_before
    }
    if not wanted:
        return
    identity = tuple_(guide_runs.c.subject, guide_runs.c.conversation, guide_runs.c.run)
    kept = {tuple(row) for row in connection.execute(select(*identity.clauses).where(identity.in_(list(wanted))))}
    rows = [
        {"subject": subject, "conversation": conversation, "run": run, "guide": one.guide, "at": one.at}
        for (subject, conversation, run), one in wanted.items()
        if (subject, conversation, run) not in kept
    ]
    if rows:
        connection.execute(insert(guide_runs), rows)


def read_runs(connection: Connection, subjects: Collection[str], *, since: datetime) -> list[GuideRun]:
    """The runs for any of the subjects, each once, oldest first."""
    columns = guide_runs.c
    rows = connection.execute(
        select(columns.guide, columns.at, columns.conversation, columns.run)
        .where(columns.subject.in_(sorted(subjects)), columns.at >= since)
        .distinct()
        .order_by(columns.at, columns.conversation, columns.run)
    )
    return [GuideRun(guide, at, id_from(key), run) for guide, at, key, run in rows]
