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
        given = action.get("arguments") or {}
        if action["name"] == "find_user_id_by_email":
            ways.append(f"My e-mail address is {given.get('email')}.")
        elif action["name"] == "find_user_id_by_name_zip":
            ways.append(_by_name(*(str(given.get(key) or "") for key in ("first_name", "last_name", "zip"))))
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
        found, wanted = Counter(_ITEM.findall(confirmation)), Counter(self.all_items)
        if wanted and found != wanted:
            old = Counter(item for item, _ in self.replacements) or wanted
            return "replacement" if self.replacements and old <= found else "items"
        return None


def wish_for(action: str, given: Mapping[str, Any]) -> Wish | None:
    """The wish behind an expected action; None for a look-up that a customer has no words for."""
    order, method, reason = (str(given.get(key) or "") for key in ("order_id", "payment_method_id", "reason"))
    account, product = str(given.get("user_id") or ""), str(given.get("product_id") or "")
    items, new = (tuple(str(item) for item in given.get(key) or ()) for key in ("item_ids", "new_item_ids"))
    listed, address = ", ".join(items), _address(given)
    told = {"order": order, "method": method, "reason": reason, "items": listed, "address": address, "product": product}
    answers = {need: words for need, words in told.items() if words}
    shown = tuple((need, words) for need, words in (("order", order), ("method", method and f"({method})")) if words)
    match action:
        case "cancel_pending_order":
            request = f"Please cancel my order {order}, reason: {reason}."
            return Wish(action, request, answers, shown=(*shown, ("reason", f"({reason})")))
        case "modify_pending_order_address":
            request = f"Please send my order {order} to another address: {address}."
            return Wish(action, request, answers, shown=(*shown, *_parts(given)))
        case "modify_pending_order_payment":
            return Wish(action, f"I want to pay my order {order} another way: {method}.", answers, shown=shown)
        case "modify_user_address":
            request = f"Please change the default address of my account {account} to {address}."
            return Wish(action, request, answers, shown=(("account", account), *_parts(given)))
        case "return_delivered_order_items":
            request = f"I want to return items of my delivered order {order}: {listed}, refund to {method}."
            return Wish(action, request, answers, shown=shown, all_items=items)
        case "exchange_delivered_order_items" | "modify_pending_order_items":
            verb = "exchange items of my delivered" if action.startswith("exchange") else "change items in my pending"
            request = f"I want to {verb} order {order}: {listed}, with {method} for the difference."
            return Wish(action, request, answers, tuple(zip(items, new, strict=False)), shown, (*items, *new))
        case "transfer_to_human_agents":
            return Wish(action, "I need an exception to your rules.", {})
        case "get_order_details":
            return Wish(action, f"What is in my order {order}?", answers)
        case "get_user_details":
            return Wish(action, "What does my account say?", {})
        case "get_product_details":
            return Wish(action, f"Which options does the product {product} come in?", answers)
    return None


def _address(given: Mapping[str, Any]) -> str:
    """An address as it is written on a parcel, empty when the arguments hold none."""
    region = " ".join(str(given[key]) for key in ("state", "zip") if given.get(key))
    parts = [given.get("address1"), given.get("address2"), given.get("city"), region, given.get("country")]
    return ", ".join(str(part) for part in parts if part)


def _parts(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    keys = ("address1", "address2", "city", "state", "zip")
    return [("address", str(given[key])) for key in keys if given.get(key)]
