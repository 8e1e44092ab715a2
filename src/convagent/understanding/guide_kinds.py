"""What kind of guides there are for understanding: those about the customer's own records, those that do something."""

from __future__ import annotations

from typing import NamedTuple

from convagent.guidance.interpreter.kernel import BUILT_IN_ACTIONS, Do, Guide, Kernel, Need, statements_within
from convagent.guidance.language.expressions import Literal_
from convagent.guidance.language.unparse import unparse

__all__ = ["GuideKinds", "about_own", "guide_kinds", "takes_one_order", "that_act"]


class GuideKinds(NamedTuple):
    """Titles of guides by what they are about.

    Attributes:
        about_own: Those that deal with the customer's own account, orders or subscriptions.
        that_act: Those that do something outside of the conversation.
    """

    about_own: frozenset[str]
    that_act: frozenset[str]


def guide_kinds(kernel: Kernel) -> GuideKinds:
    """The kinds of a shop's guides. Reads every statement of all of them."""
    return GuideKinds(frozenset(about_own(kernel)), frozenset(that_act(kernel)))


def about_own(kernel: Kernel) -> set[str]:
    """Titles of the guides that deal with the customer's own account, orders or subscriptions."""
    return {
        guide.title
        for guide in kernel.guides
        for statement in statements_within(guide.body)
        if isinstance(statement, Need) and statement.name in {"customer", "order", "subscription"}
    }


def that_act(kernel: Kernel) -> set[str]:
    """Titles of the guides that do something outside of the conversation."""
    return {
        guide.title
        for guide in kernel.guides
        for statement in statements_within(guide.body)
        if isinstance(statement, Do) and statement.action not in BUILT_IN_ACTIONS
    }


def advising_guides(kernel: Kernel) -> dict[str, str]:
    """The guides that leave their request to the shopping assistant with `do advise`, by their titles.

    Each with what the first such statement says that it is about; empty where it doesn't say.
    """
    found: dict[str, str] = {}
    for guide in kernel.guides:
        for part in statements_within(guide.body):
            if isinstance(part, Do) and part.action == "advise" and not any(a.name == "words" for a in part.arguments):
                about = next((a.value for a in part.arguments if a.name == "about"), None)
                found.setdefault(guide.title, str(about.value) if isinstance(about, Literal_) else "")
    return found


def takes_one_order(guide: Guide) -> bool:
    """Whether a guide needs one of the customer's orders, never several at once, and no words that may hold figures too."""
    needs = [part for part in statements_within(guide.body) if isinstance(part, Need)]
    orders = [need for need in needs if _is_of_orders(need)]
    is_free = any(need.kind == "value" and need.type_name == "text" for need in needs)  # "engrave 1985 and 1990"
    return bool(orders) and not is_free and all(need.kind in {"one", "value"} for need in orders)


def _is_of_orders(need: Need) -> bool:
    if need.kind == "value":
        return (need.type_name or need.name) == "order_number"
    return need.name in {"order", "orders"} or (need.source is not None and "orders" in unparse(need.source))
