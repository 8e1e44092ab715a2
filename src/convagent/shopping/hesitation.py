"""What holds a shopper back: heard in their words, or seen in what they do in the storefront."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from convagent.shopping.events import StorefrontEvent
from convagent.shopping.moment_rules import MomentRules
from convagent.shopping.plain_words import phrase_table
from convagent.shopping.stages import since_purchase, still_in_cart

__all__ = ["HESITATIONS", "VIEWS", "Hesitation", "HesitationKind", "read_browsing", "read_hesitation"]

HesitationKind = Literal["price", "shipping", "elsewhere", "doubt", "later", "cart_left", "lingering", "repeated_views"]
"""The price, the cost of delivery, a better offer elsewhere, doubt about fit or quality, putting it off; and, seen rather than
said, a cart left behind, a page looked at for long, a product looked at again and again."""

HESITATIONS: Final[tuple[HesitationKind, ...]] = ("shipping", "elsewhere", "price", "doubt", "later")
"""What words can say, the one that tells most first: "delivery is too expensive" is about delivery, "too expensive, I'll think
about it" about the price."""


@dataclass(frozen=True, slots=True)
class Hesitation:
    """What holds a shopper back.

    Attributes:
        kind: What it is.
        source: Whether they said so, or it was seen in what they did.
        evidence: The words, in lower case without accents, or what was seen.
        also: What else they said.
        product: Id of the product that was looked at; empty for words.
    """

    kind: HesitationKind
    source: Literal["words", "events"] = "words"
    evidence: str = ""
    also: tuple[HesitationKind, ...] = ()
    product: str = ""


def read_hesitation(text: str, language: str = "en") -> Hesitation | None:
    """What a message says holds the shopper back, None for nothing.

    Lists of expressions in English, German and French decide (`hesitation.toml`); a slip of the keyboard in the word that
    matters is put right. What is wished for is no hesitation ("nothing too expensive"), nor is a question ("how expensive is
    it?"), nor is asking for a discount by itself. Expressions of the language come first; messages mix them, so the others
    follow. The first 2,000 characters are read.

    Args:
        text: The message, which speaks of products; what orders and parcels are about isn't told apart here.
        language: ISO 639-1, the conversation's.

    Returns:
        Never raises for any text.
    """
    table = phrase_table("hesitation")
    found = [heard for kind in HESITATIONS if (heard := table.first(text, kind, language=language)) is not None]
    if not found:
        return None
    kinds: list[HesitationKind] = [kind for kind in HESITATIONS if any(heard.kind == kind for heard in found)]
    return Hesitation(kinds[0], "words", found[0].words, tuple(kinds[1:]))


VIEWS: Final = 3
"""So many views of a product that isn't put into the cart are one too many for indifference."""

_APART: Final = timedelta(seconds=30)
_DEFAULT: Final = MomentRules()


def read_browsing(
    events: Sequence[StorefrontEvent], now: datetime, *, rules: MomentRules = _DEFAULT
) -> Hesitation | None:
    """What a visit says about what holds the shopper back, None for nothing.

    A cart that nobody touched for `abandoned_after_minutes` comes first, then a product that was looked at three times and
    isn't in the cart (a page loaded again within 30 seconds is the same look), then the page of a product open for
    `linger_seconds`; after `present_minutes` the shopper has gone, and lingers no more.

    Args:
        events: What they did, the first first; what comes before a finished purchase doesn't count.
        now: The present moment, with its time zone. Events after it are left out.
        rules: The section `[moments]`, where these times stand.
    """
    recent = [event for event in since_purchase(events) if event.at <= now]
    if not recent:
        return None
    last = recent[-1]
    idle = now - max(event.at for event in recent)
    held = still_in_cart(recent)
    if held and idle >= timedelta(minutes=rules.abandoned_after_minutes):
        return Hesitation("cart_left", "events", f"nothing for {_told(idle)}", product=held[-1])
    viewed = (p for event in reversed(recent) if event.name == "product_viewed" for p in event.product_ids)
    for product in dict.fromkeys(viewed):
        if product not in held and (views := _views(recent, product)) >= VIEWS:
            return Hesitation("repeated_views", "events", f"viewed {views} times", product=product)
    product = last.product_ids[0] if last.name == "product_viewed" and last.product_ids else ""
    lingers = timedelta(seconds=rules.linger_seconds) <= idle < timedelta(minutes=rules.present_minutes)
    if product and product not in held and lingers:
        return Hesitation("lingering", "events", f"open for {_told(idle)}", product=product)
    return None


def _views(events: Sequence[StorefrontEvent], product: str) -> int:
    """How often a product was looked at; a view soon after the one before, with nothing between, is the same one."""
    count, before = 0, None
    for event in events:
        view = event.name == "product_viewed" and product in event.product_ids
        count += view and (before is None or event.at - before >= _APART)
        before = event.at if view else None
    return count


def _told(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    return f"{seconds // 60} min" if seconds >= 120 else f"{seconds} s"
