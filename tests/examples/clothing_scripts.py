"""One scripted customer for each of the 55 procedures of `agent-guidelines`: which guide, and what they answer when asked.

The keys are those of `kb.json`. A procedure whose steps exclude one another has several customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from convagent.facts import Address, Money
from convagent.guidance.values import Duration

__all__ = ["BUTTONS", "DEVIATIONS", "SCRIPTS", "Script"]


class Script(NamedTuple):
    """What a customer asks for and answers.

    Attributes:
        guide: The title of the guide.
        answers: By the name of what is asked for.
        without: Steps of `kb.json` that this customer can't come to; see `DEVIATIONS`.
    """

    guide: str
    answers: Mapping[str, Any]
    without: tuple[str, ...] = ()


BUTTONS: Mapping[str, frozenset[str]] = {
    "pull-up-account": frozenset({"pull_up_account"}),
    "verify-identity": frozenset({"verify_identity"}),
    "validate-purchase": frozenset({"validate_purchase"}),
    "membership": frozenset({"membership_level"}),
    "ask-the-oracle": frozenset(
        {"is_our_error", "changed_by_our_mistake", "ships_abroad_free", "missing_credit", "code_should_work", "bill_is_too_high"}
    ),
    "shipping-status": frozenset({"shipping_status"}),
    "subscription-status": frozenset({"subscription_status"}),
    "record-reason": frozenset({"set: case.reason", "current_detail_fits"}),
    "enter-details": frozenset({"enter_details", "username_fits", "email_fits", "note_attempt: check details"}),
    "make-password": frozenset({"make_password"}),
    "send-link": frozenset({"send_link"}),
    "notify-team": frozenset({"notify_team"}),
    "promo-code": frozenset({"promo_code"}),
    "offer-refund": frozenset({"offer_refund", "refund_subscription"}),
    "make-purchase": frozenset({"make_purchase"}),
    "update-account": frozenset(
        {"change_address", "change_name", "change_phone", "change_payment_method", "remove_service", "add_service",
         "renew_subscription", "extend_subscription"}
    ),
    "update-order": frozenset(
        {"waive_fee", "waive_shipping", "change_delivery_time", "change_order_payment", "speed_up", "slow_down", "give_credit",
         "change_refund_method", "change_item", "change_shipping_address", "correct_shipment", "send_again", "book_return"}
    ),
    "try-again": frozenset({"note_attempt: try again"}),
    "log-out-in": frozenset({"note_attempt: log out and in"}),
    "instructions": frozenset({"note_attempt: instructions"}),
    "search-faq": frozenset({"search_faq"}),
    "search-boots": frozenset({"search_faq"}),
    "search-shirt": frozenset({"search_faq"}),
    "search-jeans": frozenset({"search_faq"}),
    "search-jacket": frozenset({"search_faq"}),
    "search-pricing": frozenset({"search_faq"}),
    "search-membership": frozenset({"search_faq"}),
    "search-timing": frozenset({"search_faq"}),
    "search-policy": frozenset({"search_faq"}),
    "select-faq": frozenset({"select_faq"}),
}  # fmt: skip
"""The buttons of the original with the look-ups and writes of the example that stand for them. A reason is set on the case; where it
is what an account has now, it is compared with what is on file."""

DEVIATIONS: Mapping[str, str] = {
    "manage_extension": "either the subscription is extended or a number for a call back is taken, never both",
    "cost": "the fee is waived before the parcel is on the van, a refund is given afterwards: never both",
}
"""Procedures whose steps in `kb.json` no single customer comes to, and why; they have a customer for each side."""

NORA = {
    "name_or_number": "Nora Whitfield", "email": "nora.whitfield@post.example", "order_number": "#310115", "secret": "4417",
}  # fmt: skip
EMIL = {"name_or_number": "A-10498", "postcode": "02210", "phone": "617 555 0177", "secret": "Marlow"}
PRIYA = {"name_or_number": "it is Priya Ramanathan", "email": "priya.r@inbox.example", "postcode": "01060"}
TOMAS = {"name_or_number": "Tomas Okafor", "phone": "+1 (508) 555-0162", "order_number": "#340401"}
ELM_STREET = Address(line1="5 Elm Street", postcode="02139", city="Cambridge", region="MA", country="US")
NEVER_HELPS = {
    "typed_again": False,
    "signed_in": False,
    "reloaded": False,
    "searched": False,
    "cleared": False,
    "closed": False,
}


def _usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def _one(guide: str, *answers: Mapping[str, Any], **more: Any) -> tuple[Script, ...]:
    together: dict[str, Any] = {}
    for part in (*answers, more):
        together |= part
    return (Script(guide, together),)


SCRIPTS: Mapping[str, tuple[Script, ...]] = {
    # account access
    "recover_username": _one("Recover the username", PRIYA),
    "recover_password": _one("Get a new password", NORA, knows_username=True, username="noraw"),
    "reset_2fa": _one("Reset the second factor", NORA, knows_address=True, known_email="nora.whitfield@post.example"),
    # manage account
    "status_service_added": _one("A service I never ordered", NORA, service="gift wrapping plan", source="e-mail"),
    "status_service_removed": _one("A service has gone missing", NORA, service="style advice", source="family", seen=True),
    "status_shipping_question": _one("Free delivery to other countries", NORA),
    "status_credit_missing": _one("Credit is missing", NORA, origin="previous purchase"),
    "manage_change_address": _one(
        "Change the address on the account", NORA, old_street="14 Juniper Street", new_address=ELM_STREET
    ),
    "manage_change_name": _one("Change the name on the account", NORA, old_name="Nora Whitfield", new_name="Nora Lindqvist"),
    "manage_change_phone": _one(
        "Change the phone number on the account", NORA, old_phone="+16175550134", new_phone="+16175550199"
    ),
    "manage_payment_method": _one("Change how the account pays", NORA, old_method="credit card", method="PayPal"),
    # order issue
    "status_mystery_fee": _one("A fee I don't recognise", EMIL, order="#320201"),
    "status_delivery_time": _one("Delivery at the wrong time of day", PRIYA, order="#330310", time="evening"),
    "status_payment_method": _one("Pay an order another way", NORA, order="#310121", method="PayPal"),
    "status_quantity": _one("Charged for more than I ordered", NORA, order="#310115", item="Brook shirt"),
    "manage_upgrade": _one("Send an order overnight", PRIYA, order="#330310"),
    "manage_downgrade": _one("Send an order next week", PRIYA, order="#330316"),
    "manage_create": _one("Add something to an order", EMIL, order="#320204", product="Alder jeans"),
    "manage_cancel": _one("Ordered one too many", PRIYA, order="#330316", item="Cove jeans"),
    # product defect
    "refund_initiate": _one(
        "Get a refund", NORA, order="#310127", items=("Dune shirt", "Dune jeans"), reason="the seams came apart", target="paper check",
        address=ELM_STREET,
    ),
    "refund_update": _one("Add a piece to a refund", NORA, order="#310087", item="Alder jacket"),
    "refund_status": _one(
        "Where is my refund", NORA, order="#310087", soon_enough=False, right_place=False, method="PayPal"
    ),
    "return_stain": _one(
        "Return a stained piece", NORA, order="#310087", items="Alder jacket", way="by mail", address=ELM_STREET
    ),
    "return_color": _one(
        "Return it because of its colour", EMIL, order="#320213", items="Dune jacket", way="at a drop-off center",
        address=ELM_STREET,
    ),
    "return_size": _one(
        "Return a piece that doesn't fit", PRIYA, order="#330322", items="Brook shirt", receipt=False, packaging=True,
        way="by mail", address=ELM_STREET,
    ),
    # purchase dispute
    "bad_price_competitor": _one("Cheaper somewhere else", TOMAS, order="#340408", content=False),
    "bad_price_yesterday": _one("Cheaper yesterday", PRIYA, order="#330316", content=False),
    "out_of_stock_general": _one("Everything is sold out", TOMAS, content=False),
    "out_of_stock_one_item": _one("One piece is sold out", EMIL, product="Dune jacket", wants_it=True),
    "promo_code_invalid": _one("My promotion code is refused", NORA, promotion="SPRING20"),
    "promo_code_out_of_date": _one("My promotion code has expired", EMIL, promotion="SPRING20"),
    "mistimed_billing_already_returned": _one("Sent back, and still no credit", NORA, order="#310092"),
    "mistimed_billing_never_bought": _one("Billed for something I never bought", NORA, order="#310127"),
    # shipping issue
    "status": _one("The shipping e-mail looks wrong", NORA, order="#310121", change="address"),
    "manage": _one("Change a shipment", NORA, order="#310115", change="item", item="Alder jeans", product="Cove jeans"),
    "missing": _one(
        "Something never arrived", PRIYA, order="#330316", waiting=Duration(Decimal(9), "days"), item="Cove jeans",
        address=ELM_STREET,
    ),
    "cost": (
        Script("Shipping costs too much", {**PRIYA, "order": "#330316"}, ("offer-refund",)),
        Script("Shipping costs too much", {**NORA, "order": "#310127"}, ("update-order",)),
    ),
    # single item query, storewide query
    "boots": _one("Questions about boots", question="whether they are waterproof"),
    "shirt": _one("Questions about shirts", question="how to wash it"),
    "jeans": _one("Questions about jeans", question="what tailoring costs"),
    "jacket": _one("Questions about jackets", question="taking the hood off"),
    "pricing": _one("What things cost", question="gift wrapping"),
    "membership": _one("How membership works", question="the benefits"),
    "timing": _one("When things happen", question="the annual sale"),
    "policy": _one("How our rules work", question="returns"),
    # subscription inquiry
    "status_active": _one("Is my subscription active", EMIL, pay_now=True, method="debit card ending in 1881"),
    "status_due_amount": _one("What do I owe for my subscription", PRIYA, pay_now=True, method="PayPal"),
    "status_due_date": _one("When is my subscription due", TOMAS, pay_now=True),
    "manage_pay_bill": _one("Pay the subscription", EMIL, method="credit card ending in 9007"),
    "manage_extension": (
        Script("More time for the subscription", EMIL, ("enter-details",)),
        Script("More time for the subscription", {**TOMAS, "callback_number": "+15085550162"}, ("update-account",)),
    ),
    "manage_dispute_bill": _one("My subscription bill is too high", PRIYA, amount=_usd("20.00")),
    # troubleshoot site
    "credit_card": _one("My card is declined", NORA, NEVER_HELPS, valid=True, order_it=True, product="Alder jeans"),
    "shopping_cart": _one("The cart doesn't update", NORA, NEVER_HELPS, sold_out=False, order_it=True, product="Alder boots"),
    "search_results": _one("The search finds nothing", NORA, NEVER_HELPS, order_it=True, product="Cove shirt"),
    "slow_speed": _one("The website is slow", NORA, NEVER_HELPS, slow_everywhere=False, order_it=True, product="Cove shirt"),
}  # fmt: skip
