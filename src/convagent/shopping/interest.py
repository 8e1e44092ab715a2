"""How plainly a message looks for a product: what the catalog understands of it, and how it is put."""

from __future__ import annotations

import re

from convagent.catalog.wishes.model import Wish

__all__ = ["interest_in"]

_HOW = re.compile(
    r"^\W*(?:how|why|when|where|can (?:i|you|we)|could (?:i|you|we)|may i|does|do (?:i|they|the)|is (?:it|the|there)|"
    r"are (?:they|the|you)|"
    r"what (?:is|are|does|happens)|did|was|will|"
    r"wie|warum|weshalb|wieso|womit|wann|wo|kann ich|können sie|darf ich|ist|sind|was (?:ist|sind|passiert)|"
    r"comment|pourquoi|avec quoi|quand|où|puis-je|est-ce que (?:je|c')|peut-on)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:my|our|this|mein\w*|unser\w*|dies\w*|mon|ma|mes|notre|nos|ce|cette)\b", re.IGNORECASE)


def interest_in(text: str, wish: Wish, *, says_so: bool, of_a_brand: bool = False) -> float:
    """How plainly a message looks for a product, 0 to 1.

    A weighted count, its weights set by hand on the demo shop's messages: words that look for something 0.4, a kind of product
    that the shop sells 0.35, each demand 0.15 and each quality, use or recipient 0.1, at most 0.3 of each; less 0.35 for a
    question about how, when or whether, and 0.15 for what somebody has already.

    Args:
        text: The message.
        wish: What the catalog understands of it.
        says_so: Whether its words look for something: "I need", "do you have".
        of_a_brand: Whether it names a brand of the shop's, which says as much as a kind.
    """
    found = 0.4 * says_so + 0.35 * (bool(wish.kinds or wish.own_kinds) or of_a_brand)
    found += min(0.3, 0.15 * len(wish.demands))
    found += min(0.3, 0.1 * (len(wish.qualities) + len(wish.uses) + bool(wish.audience or wish.recipient)))
    if not says_so and _HOW.search(text):
        found -= 0.35
    if not says_so and _OWN.search(text):
        found -= 0.15
    return max(0.0, min(1.0, found))
