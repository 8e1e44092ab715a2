"""What is due, taken up page by page: for whoever looks every few minutes at what waited long enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from convagent.conversation import Turn
from convagent.errors import ConvagentError
from convagent.storage.arguments import checked_limit
from convagent.storage.port import Due, Storage

__all__ = ["aware", "end_due"]


def end_due(
    storage: Storage, end: Callable[[str], Turn | None], *, until: datetime, limit: int
) -> list[Turn]:  # fmt: skip
    """Ends what is due, the longest overdue first; only conversations that are due are read.

    Args:
        storage: Where they are kept.
        end: Ends what waits in the conversation of this id; None where there is nothing to end, or not now.
        until: What is due by then.
        limit: How many are ended at most, 1 or more.

    Raises:
        StorageError: `storage-argument`: a limit below 1. The storage can't be asked what is due.
    """
    limit, turns = checked_limit(limit), list[Turn]()
    after: Due | None = None
    while len(turns) < limit:
        page = storage.due(until=until, limit=limit, after=after)
        for due in page:
            if len(turns) < limit and (turn := end(due.conversation)) is not None:
                turns.append(turn)
        if len(page) < limit:
            break
        after = page[-1]
    return turns


def aware(moment: datetime) -> datetime:
    """The moment itself.

    Raises:
        ConvagentError: `moment-zone`: it has no time zone.
    """
    if moment.tzinfo is None:
        raise ConvagentError(
            f"{moment.isoformat()} has no time zone", code="moment-zone", remedy="Hand in an aware datetime."
        )
    return moment
