"""The log of sales as far as the engine's own storage tells it: conversations that began, recommendations, codes."""

from __future__ import annotations

from collections.abc import Iterator

from convagent.insights.past import names_in
from convagent.shopping.selling_events import SellingEvent, of_turn
from convagent.storage import Storage

__all__ = ["kept_selling_events"]


def kept_selling_events(storage: Storage) -> Iterator[SellingEvent]:
    """What the kept turns did for a sale, conversation by conversation, the newest first.

    Whose a conversation is, clicks and orders come from the storefront; a `conversation_started` of its own that names the
    conversation and the customer or the visit joins both.

    Args:
        storage: Where the agent keeps conversations.
    """
    for name in names_in(storage):
        begun = False
        for turn in storage.turns(name):
            yield from of_turn(turn, first=not begun and turn.message.author == "customer")
            begun = begun or turn.message.author == "customer"
