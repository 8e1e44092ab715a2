"""The small shop that the catalogue's examples speak of: its actions, facts, articles and teams."""

from __future__ import annotations

from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

__all__ = ["EXAMPLE_ARTICLES", "EXAMPLE_TEAMS", "example_vocabulary"]

EXAMPLE_ARTICLES = ("How to choose a size", "Returns and refunds")
EXAMPLE_TEAMS = ("care", "returns")

_ORDER = Parameter("order", t.TEXT, description="The order's number")


def example_vocabulary() -> Vocabulary:
    """The standard vocabulary with a few actions, a level of membership and two events."""
    reasons = t.OneOf(("no longer needed", "ordered by mistake"), closed=True)
    return (
        Vocabulary.standard()
        .with_facts({"customer": {"level": 'one of "bronze", "silver", "gold"'}})
        .with_events(("product_viewed", "cart_left"))
        .with_actions(
            (
                ActionSignature("cancel_order", "write", (_ORDER, Parameter("reason", reasons, required=False)),
                                requires="verified", description="Cancels an order that was not sent yet"),
                ActionSignature("refund_order", "write", (_ORDER, Parameter("amount", t.MONEY)), t.Record("Refund"),
                                requires="verified", description="Pays money back"),
                ActionSignature("send_receipt", "write", (Parameter("refund", t.TEXT),), requires="verified",
                                description="Sends a receipt by e-mail"),
                ActionSignature("exchange_items", "write", (_ORDER, Parameter("items", t.ListOf(t.TEXT)),
                                Parameter("replacements", t.ListOf(t.TEXT))), requires="verified",
                                description="Swaps items for others"),
                ActionSignature("send_link", "write", (Parameter("link", t.TEXT),), confirm=False,
                                description="Sends a link into the chat"),
                ActionSignature("find_order", "lookup", (Parameter("order_number", t.TEXT),), t.Record("Order"),
                                may_find_nothing=True, description="The order with this number"),
                ActionSignature("find_parcel", "lookup", (_ORDER,), t.Record("Shipment"),
                                description="Where an order's parcel is"),
                ActionSignature("find_customer", "lookup", (Parameter("email", t.TEXT),), t.Record("Customer"),
                                may_find_nothing=True, description="The customer with this address"),
            )
        )
    )  # fmt: skip
