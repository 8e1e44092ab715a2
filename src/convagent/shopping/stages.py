"""How far a shopper is: looking around, interested in something, or about to buy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from convagent.shopping.events import CHECKOUT_EVENTS, StorefrontEvent
from convagent.shopping.plain_words import phrase_table
from convagent.shopping.rules import Stage

__all__ = [
    "ASKED",
    "STAGES",
    "Asked",
    "StageSignals",
    "read_asked",
    "since_purchase",
    "stage_of",
    "still_in_cart",
]

STAGES: tuple[Stage, ...] = get_args(Stage)
"""From the first on."""

Asked = Literal["size", "stock", "delivery", "price", "buy"]
"""What shoppers ask for: which size, whether it is there, when and how it comes, what it costs; or to buy it."""

ASKED: tuple[Asked, ...] = get_args(Asked)

_ABOUT_BUYING = frozenset({"size", "stock", "delivery"})
_BOUGHT = "checkout_completed"
_VIEWS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSignals:
    """What tells how far a shopper is.

    Attributes:
        events: What they did in the storefront, the first first.
        asked: What they asked for in the conversation, by `read_asked`, all messages together.
        named: Whether they named a product, or chose one of those shown.
        cart_items: Pieces in the cart, as far as the facts tell.
    """

    events: tuple[StorefrontEvent, ...] = ()
    asked: frozenset[Asked] = frozenset()
    named: bool = False
    cart_items: int = 0


def stage_of(signals: StageSignals) -> Stage:
    """How far a shopper is.

    - `ready`: something lies in the cart, by the facts or by what was added and not taken out again; the checkout was begun;
      they ask to buy or how to pay; or they named a product and ask for two of its size, its stock and its delivery.
    - `interested`: they named a product, ask for a size, stock, delivery or a price, or looked at the same product twice.
    - `discovering`: anything else, such as pages, collections and searches.

    A finished purchase is the end of it: what was done before counts no more. Another signal never takes a shopper back, but
    for taking something out of the cart and for that purchase.

    Args:
        signals: Words and events.
    """
    events = since_purchase(signals.events)
    if (
        signals.cart_items > 0
        or still_in_cart(events)
        or any(event.name in CHECKOUT_EVENTS for event in events)
        or "buy" in signals.asked
        or (signals.named and len(signals.asked & _ABOUT_BUYING) >= 2)
    ):
        return "ready"
    views = Counter(product for event in events if event.name == "product_viewed" for product in event.product_ids)
    if signals.named or signals.asked or any(count >= _VIEWS for count in views.values()):
        return "interested"
    return "discovering"


def since_purchase(events: Sequence[StorefrontEvent]) -> tuple[StorefrontEvent, ...]:
    """What was done after the last finished purchase."""
    last = max((place for place, event in enumerate(events) if event.name == _BOUGHT), default=-1)
    return tuple(events[last + 1 :])


def still_in_cart(events: Iterable[StorefrontEvent]) -> tuple[str, ...]:
    """Products that were added and not taken out as often, in the order in which they were added first.

    Taking out what was never seen to be added changes nothing.
    """
    held: dict[str, int] = {}
    for event in events:
        for product in event.product_ids:
            if event.name == "product_added_to_cart":
                held[product] = held.get(product, 0) + 1
            elif event.name == "product_removed_from_cart":
                held[product] = max(0, held.get(product, 0) - 1)
    return tuple(product for product, count in held.items() if count)


def read_asked(text: str, *, language: str = "en") -> frozenset[Asked]:
    """What a message asks for, in English, German and French.

    Args:
        text: The message.
        language: The conversation's.
    """
    table = phrase_table("asked")
    return frozenset(name for name in ASKED if table.first(text, name, language=language) is not None)
