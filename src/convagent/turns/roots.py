"""What guidance may name in a turn: what the caller knows, the conversation, the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convagent.facts import Facts, knows
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory
from convagent.turns.state import TurnWork

__all__ = ["roots_of"]

_CLAIMS = ("email", "first_name", "last_name", "phone")


def roots_of(work: TurnWork, facts: Facts, memory: Memory) -> Mapping[str, Any]:
    """The names that guidance begins from, with what stands behind each."""
    shop = work.parts.shop
    given = {name: getattr(facts, name) for name in type(facts).model_fields if knows(facts, name)}
    customer = facts.customer
    known = from_json(memory.known["customer"]) if "customer" in memory.known else None
    channel = facts.channel or (work.stored.conversation.channel if work.stored is not None else "chat")
    claims: dict[str, Any] = {}
    if customer is not None and not customer.verified and shop.settings.identity.claims_count_as_said:
        claims = {name: value for name in _CLAIMS if (value := getattr(customer, name)) is not None}
    if facts.order is not None:
        claims["order_number"] = facts.order.id
    return {
        **claims, **given, **facts.extra, "channel": channel, "shop": shop.facts,
        "catalog": shop.products_for_guidance,
        "conversation": {"customer": known, "channel": channel, "language": work.language, "id": work.conversation},
    }  # fmt: skip
