"""What guidance may name in a turn: what the caller knows, the conversation, the shop, its products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from convagent.facts import Facts, knows
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory
from convagent.shop import OpenShop
from convagent.turns.state import TurnWork

__all__ = ["WithCatalog", "roots_of"]

_CLAIMS = ("email", "first_name", "last_name", "phone")


def roots_of(work: TurnWork, facts: Facts, memory: Memory) -> Mapping[str, Any]:
    """The names that guidance begins from, with what stands behind each; all but `catalog`, see `WithCatalog`."""
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
        "conversation": {"customer": known, "channel": channel, "language": work.language, "id": work.conversation},
    }  # fmt: skip


class WithCatalog(Mapping[str, Any]):
    """The names with `catalog`, whose products are read when guidance comes to it: of a large catalog that takes a while.

    Args:
        given: What `roots_of` gave.
        shop: The shop.
    """

    def __init__(self, given: Mapping[str, Any], shop: OpenShop) -> None:
        self._given, self._shop = given, shop

    def __getitem__(self, name: str) -> Any:
        return self._shop.products_for_guidance if name == "catalog" else self._given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._given, "catalog")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name == "catalog" or name in self._given
