"""Who asks, and in which situation: what an advice may rest on besides the shopper's words and the catalog."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from convagent.facts import Cart, Customer, Discount, Product, Session
from convagent.shopping.wording import Sentences

__all__ = ["Asker"]


@dataclass(frozen=True, slots=True)
class Asker:
    """The shopper as the turn knows them.

    Attributes:
        sentences: Words in their language.
        now: The turn's moment.
        mood: 0 calm to 3 furious; nothing is sold to somebody upset.
        customer: Who it is, where that is known.
        cart: What lies in their cart.
        session: Their visit: what they looked at.
        product: The product whose page they are on.
        discounts: Those that they have or had; None where nobody said.
        busy: Whether a request for support is answered in the same turn.
        bought: Ids of products that they bought before.
        market: The market whose prices hold, with its currency; None for the usual ones.
    """

    sentences: Sentences
    now: datetime
    mood: int = 0
    customer: Customer | None = None
    cart: Cart | None = None
    session: Session | None = None
    product: Product | None = None
    discounts: tuple[Discount, ...] | None = None
    busy: bool = False
    bought: Collection[str] = field(default=frozenset())
    market: tuple[str, str | None] | None = None
