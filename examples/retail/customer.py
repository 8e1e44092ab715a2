"""A scripted customer: made from what a scenario says they know, and from the arguments of the actions it expects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Wish", "identities", "wish_for"]

IDENTITY = frozenset({"email", "first_name", "last_name", "postcode"})
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ACCOUNT = re.compile(r"\b([a-z]+)_([a-z]+)_\d+\b")
_NAME = re.compile(r"(?!You\b|Your\b)\b([A-Z][\w'-]+) ([A-Z][\w'-]+)")
_ZIP = re.compile(r"\b\d{5}\b")
_ITEM = re.compile(r"\bitem (\d+)")


def identities(known_info: str, expected: Sequence[Mapping[str, Any]]) -> list[str]:
    """How the customer identifies themselves, one way after the other when a way finds nobody.

    The ways are those of the expected look-ups; a sequence without any is preceded by one, from what the customer knows.
    """
    ways = []
    for action in expected:
        given = action["arguments"]
        if action["name"] == "find_user_id_by_email":
            ways.append(f"My e-mail address is {given['email']}.")
        elif action["name"] == "find_user_id_by_name_zip":
            ways.append(_by_name(given["first_name"], given["last_name"], given["zip"]))
    if ways:
        return ways
    ways = [f"My e-mail address is {email}." for email in _EMAIL.findall(known_info)]
    postcode = _ZIP.search(known_info)
    if account := _ACCOUNT.search(known_info):
        names = account.group(1).title(), account.group(2).title()
    elif name := _NAME.search(_EMAIL.sub("", known_info)):
        names = name.group(1), name.group(2)
    else:
        return ways
    return [*ways, _by_name(*names, postcode.group())] if postcode else ways


def _by_name(first: str, last: str, postcode: str) -> str:
    return f"My name is {first} {last}, ZIP code {postcode}."


@dataclass(frozen=True)
class Wish:
    """One thing that the customer wants.

    Attributes:
        action: The expected action's name.
        request: How they ask for it.
        answers: What they say to a Need, by its name.
        replacements: What each item becomes: pairs, an item that stands twice in two of them.
        shown: What the confirmation must show before they say yes, by the Need that it comes from.
        all_items: Whether the items in the confirmation must be these and no others.
    """

    action: str
    request: str
    answers: Mapping[str, str]
    replacements: tuple[tuple[str, str], ...] = ()
    shown: tuple[tuple[str, str], ...] = ()
    all_items: tuple[str, ...] = ()

    def answer(self, need: str, question: str, given: Counter[tuple[str, str]]) -> str | None:
        """What they say to a question; None when they have nothing to say.

        Args:
            need: The Need's name.
            question: The agent's words, which name the item that a replacement is for.
            given: Pairs that were answered before; counted up here.
        """
        if need != "replacement":
            return self.answers.get(need)
        named = _ITEM.findall(question)
        for pair in self.replacements:
            if named and pair[0] == named[0] and given[pair] < self.replacements.count(pair):
                given[pair] += 1
                return pair[1]
        return None

    def missing(self, confirmation: str) -> str | None:
        """The Need whose wish a confirmation doesn't show, None when it shows what they want and no other items."""
        for need, words in self.shown:
            if words not in confirmation:
                return need
        if self.all_items and Counter(_ITEM.findall(confirmation)) != Counter(self.all_items):
            return (
                "replacement"
                if self.replacements and set(_shown_first(self)) <= set(_ITEM.findall(confirmation))
                else "items"
            )
        return None


def _shown_first(wish: Wish) -> list[str]:
    return [old for old, _ in wish.replacements]


def wish_for(action: str, given: Mapping[str, Any]) -> Wish | None:
    """The wish behind an expected action; None for a look-up that a customer has no words for."""
    order, method = str(given.get("order_id", "")), str(given.get("payment_method_id", ""))
    answers = {"order": order, "method": method}
    shown: list[tuple[str, str]] = [("order", order)] if order else []
    shown += [("method", f"({method})")] if method else []
    match action:
        case "cancel_pending_order":
            reason = str(given["reason"])
            text = f"Please cancel my order {order}, reason: {reason}."
            return Wish(action, text, {**answers, "reason": reason}, shown=(*shown, ("reason", f"({reason})")))
        case "modify_pending_order_address":
            address = _address(given)
            text = f"Please send my order {order} to another address: {address}."
            return Wish(action, text, {**answers, "address": address}, shown=(*shown, *_parts(given)))
        case "modify_pending_order_payment":
            return Wish(action, f"I want to pay my order {order} another way: {method}.", answers, shown=tuple(shown))
        case "modify_user_address":
            address, account = _address(given), str(given["user_id"])
            text = f"Please change the default address of my account {account} to {address}."
            return Wish(action, text, {"address": address}, shown=(("account", account), *_parts(given)))
        case "return_delivered_order_items":
            items = [str(item) for item in given["item_ids"]]
            text = f"I want to return items of my delivered order {order}: {', '.join(items)}, refund to {method}."
            return Wish(
                action, text, {**answers, "items": ", ".join(items)}, shown=tuple(shown), all_items=tuple(items)
            )
        case "exchange_delivered_order_items" | "modify_pending_order_items":
            items, new = [str(item) for item in given["item_ids"]], [str(item) for item in given["new_item_ids"]]
            verb = "exchange items of my delivered" if action.startswith("exchange") else "change items in my pending"
            text = f"I want to {verb} order {order}: {', '.join(items)}, with {method} for the difference."
            return Wish(
                action, text, {**answers, "items": ", ".join(items)}, tuple(zip(items, new, strict=False)), tuple(shown),
                (*items, *new),
            )  # fmt: skip
        case "transfer_to_human_agents":
            return Wish(action, "I need an exception to your rules.", {})
        case "get_order_details":
            return Wish(action, f"What is in my order {order}?", answers)
        case "get_user_details":
            return Wish(action, "What does my account say?", {})
        case "get_product_details":
            product = str(given["product_id"])
            return Wish(action, f"Which options does the product {product} come in?", {"product": product})
    return None


def _address(given: Mapping[str, Any]) -> str:
    street = ", ".join(str(given[key]) for key in ("address1", "address2") if given.get(key))
    return f"{street}, {given['city']}, {given['state']} {given['zip']}, {given['country']}"


def _parts(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = ("address1", "address2", "city", "state", "zip")
    return [("address", str(given[key])) for key in keys if given.get(key)]
