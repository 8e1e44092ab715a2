"""What a person needs to know of the customer, their orders and what was done, each on one line of a note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from convagent.conversation import ActionRecord
from convagent.facts import Cart, Customer, LineItem, Money, Order, Product, Subscription
from convagent.guidance.values import unwrap
from convagent.guidance.wording import Wording, label
from convagent.handover.contact import mail_in
from convagent.handover.redact import in_short, masked, one_line, shortened

__all__ = ["LOOKED_UP", "fitted", "known_facts", "orders_in_view", "worded_action", "worded_reason"]

LOOKED_UP: Final = "looked_up"
"""The name under which records that look-ups gave stand among what is known."""

_NOT_OF_THE_CASE: Final = frozenset({"catalog", "shop", "discounts", "conversation", LOOKED_UP})
"""Names of what belongs to the shop: its whole catalog is no fact about this customer. What was merely looked up isn't
in view either, but orders among it may be named by the customer."""

_MOST: Final = 3
_READ: Final = 4000
_ROOM: Final = 140
"""Characters of a fact, so that it fits a line together with its label."""

_MOST_LOOKED_AT: Final = 50
_SAID_NUMBER: Final = re.compile(
    r"(?<![\w&])(#[A-Za-z]{0,6}-?\d{3,10})(?![\w•])"
    r"|\b(?:order|bestellung|bestellnummer|auftrag|commande|number|nummer|num[ée]ro)[^\w#]{1,3}(#?\d{4,10})(?![\w•])",
    re.IGNORECASE,
)
_PLACE: Final = r"/\d[\w.]{0,20}"
_GUIDES_ADDRESS: Final = re.compile(rf"(?:^|(?<=; ))(?P<title>[^\n;]{{1,300}}?){_PLACE}(?: says so\b|(?=: ))")
"""Where in the guidance a hand-over was asked for: of use to whoever writes guides, who finds it in the turn's trace."""

_LEVELS: Final = ("anonymous", "claimed", "verified")
_ID_ARGUMENTS: Final = ("order", "subscription", "product", "variant", "sku", "return")
_PLAIN_ARGUMENTS: Final = ("amount", "quantity", "weeks", "months", "code", "percent")


def known_facts(
    known: Mapping[str, object], *, heard: Sequence[str], words: Mapping[str, str], wording: Wording
) -> dict[str, str]:
    """Lines about the case by name: customer, order, subscription, products; what isn't known has none, but the customer.

    Of personal data, name and e-mail address are told and nothing else.

    Args:
        known: Facts by name, as guidance sees them: records, lists of records, plain values the customer gave.
        heard: What the customer wrote; of many orders on record, those named in it are told, else the latest.
        words: Small words of the note's language.
        wording: The note's language.
    """
    found = list(_records(known))
    lines = {"customer": _customer(found, known, words, heard)}
    if orders := _orders(found, known, heard):
        lines["order"] = fitted([_order(order, words, wording) for order in orders], _ROOM, words=words)
    subscriptions = _distinct([item for item in found if isinstance(item, Subscription)])
    if subscriptions := subscriptions or _distinct([s for s in _looked_up(known) if isinstance(s, Subscription)]):
        lines["subscription"] = fitted(
            [_subscription(item, words, wording) for item in subscriptions], _ROOM, words=words
        )
    products = [item for item in found if isinstance(item, (Product, LineItem))]
    if titles := list(dict.fromkeys(title for item in products if (title := in_short(label(item), 60)))):
        lines["products"] = fitted(titles, _ROOM, words=words)
    return lines


def _records(value: object, name: str = "", depth: int = 0) -> Iterator[object]:
    """The records among what is known, at most three levels down."""
    value = unwrap(value)
    if name in _NOT_OF_THE_CASE or depth > 3:
        return
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _records(part, str(key), depth + 1)
    elif isinstance(value, (tuple, list)):
        for part in value[:_MOST_LOOKED_AT]:
            yield from _records(part, "", depth + 1)
    elif isinstance(value, Cart):
        yield from value.items
    else:
        yield value


def _customer(
    found: Sequence[object], known: Mapping[str, object], words: Mapping[str, str], heard: Sequence[str]
) -> str:
    customers = [item for item in found if isinstance(item, Customer)]
    if customers:
        customer = max(customers, key=lambda one: _LEVELS.index(one.verification))
        given, level = customer.model_dump(include={"first_name", "last_name", "email"}), customer.verification
    else:
        given = {name: known.get(name) for name in ("first_name", "last_name", "email")}
        level = "anonymous"
    said = next((mail for text in heard for mail in mail_in(text)), None)
    if not isinstance(given.get("email"), str) and level != "verified" and said is not None:
        given["email"] = said  # in the message itself: nobody has looked it up yet
    if level == "anonymous" and any(isinstance(value, str) and value.strip() for value in given.values()):
        level = "claimed"
    parts = {name: in_short(value, 60) for name, value in given.items() if isinstance(value, str)}
    name = f"{parts.get('first_name', '')} {parts.get('last_name', '')}".strip()
    return " · ".join(filter(None, (name, parts.get("email"), words[level])))


def _orders(found: Sequence[object], known: Mapping[str, object], heard: Sequence[str]) -> list[Order | str]:
    orders = _distinct([item for item in found if isinstance(item, Order)])
    if orders:
        return list(orders)
    own = [order for item in found if isinstance(item, Customer) for order in item.orders or ()]
    own = _distinct([*own, *(item for item in _looked_up(known) if isinstance(item, Order))])
    said = [masked(text[:_READ]) for text in heard]
    numbers = list(dict.fromkeys(found[1] or found[2] for text in said for found in _SAID_NUMBER.finditer(text)))
    number = known.get("order_number")
    if own:
        named = [order for order in own if any(_names(text, order.id) for text in heard)]
        if not named and numbers:
            return list(numbers[:_MOST])
        return list(
            named or [max(own, key=lambda order: (order.placed_at is not None, order.placed_at or 0, order.id))]
        )
    if isinstance(number, str) and number.strip():
        return [number]
    return list(numbers[:_MOST])


def orders_in_view(known: Mapping[str, object], *, heard: Sequence[str]) -> tuple[Order, ...]:
    """The orders that a case is about, as `known_facts` would tell them: for what they are worth."""
    return tuple(item for item in _orders(list(_records(known)), known, heard) if isinstance(item, Order))


def _looked_up(known: Mapping[str, object]) -> list[object]:
    return list(_records(known.get(LOOKED_UP, ())))


def _names(text: str, number: str) -> bool:
    """Whether a text names an order, with or without its sign."""
    bare = number.lstrip("#").casefold()
    characters = "".join(char if char.isalnum() or char == "-" else " " for char in text.casefold())
    return bool(bare) and bare in characters.split()


def _order(order: Order | str, words: Mapping[str, str], wording: Wording) -> str:
    if isinstance(order, str):
        return f"{in_short(order, 40)} · {words['said']}"
    pieces = [item.quantity for item in order.items if item.quantity is not None]
    count = sum(pieces) if len(pieces) == len(order.items) else 0  # better no figure than a wrong one
    items = "" if not count else words["item"] if count == 1 else words["items"].format(count=count)
    total = wording.money(order.total) if order.total is not None else ""
    return " · ".join(
        filter(None, (in_short(order.id, 40), in_short(wording.order_status(order.status), 30), total, items))
    )


def _subscription(subscription: Subscription, words: Mapping[str, str], wording: Wording) -> str:
    charge = ""
    if subscription.next_charge_on is not None:
        charge = words["next_charge"].format(date=wording.date(subscription.next_charge_on))
    name = ", ".join(label(item) for item in subscription.items) or subscription.id
    return " · ".join(filter(None, (in_short(name, 60), in_short(subscription.status, 30), charge)))


def worded_reason(why: str, *, guide: str = "") -> str:
    """What was said of a hand-over; of a guide that asked for it, the title without the place in it.

    Args:
        why: As the engine told it.
        guide: Title of the guide that asked for it, where that is known.
    """
    told = one_line(why)
    if guide and (title := one_line(guide)) in told:
        told = re.sub(rf"{re.escape(title)}{_PLACE}(?: says so\b)?", lambda _place: f"\0{in_short(guide, 80)}\1", told)
    told = _GUIDES_ADDRESS.sub(lambda found: f"\0{shortened(found['title'], 80)}\1", told)
    return shortened(told, 320).replace("\0", "“").replace("\1", "”")


def worded_action(record: ActionRecord, words: Mapping[str, str]) -> str:
    """An action with what it was about and what came of it: `return items (#1042): failed, the carrier is silent`."""
    about = ", ".join(filter(None, (_argument(*pair) for pair in record.arguments.items())))
    told = words[record.status]
    if record.status == "done" and record.kind == "lookup":
        told = _result(record.result, words)
    error = in_short(record.error or "", 80) if record.status in {"failed", "refused", "uncertain"} else ""
    name = in_short(record.action, 60).replace("_", " ")
    return f"{name}{f' ({in_short(about, 60)})' if about else ''}: {told}{f', {error}' if error else ''}"


def _argument(name: str, value: Any) -> str:
    """Numbers of orders and the like, and amounts; what may be an address or a name is left out."""
    if isinstance(value, Mapping) and set(value) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    parts = name.casefold().split("_")
    if parts[0] in _ID_ARGUMENTS and parts[-1] in {*_ID_ARGUMENTS, "id", "number"}:
        return str(value)
    return f"{name.replace('_', ' ')} {value}" if parts[-1] in _PLAIN_ARGUMENTS else ""


def _result(result: Any, words: Mapping[str, str]) -> str:
    if result == "nothing found" or result is None or result in ([], ()):
        return words["nothing"]
    if isinstance(result, Mapping) and isinstance(result.get("id"), str):
        return in_short(result["id"], 40)
    if isinstance(result, str) and result != "found":
        return in_short(result, 40) or words["found"]
    return words["found"]


def fitted(entries: Sequence[str], limit: int, *, words: Mapping[str, str]) -> str:
    """As many entries as fit, separated by semicolons, and how many more there are."""
    shown = list(entries[:_MOST])
    while True:
        rest = len(entries) - len(shown)
        more = [words["more"].format(count=rest)] if rest else []
        text = "; ".join([*shown, *more])
        if len(text) <= limit or len(shown) <= 1:
            return shortened(text, limit)
        shown.pop()


def _distinct(items: Sequence[Any]) -> list[Any]:
    """Each record once, by its id; the later a record became known, the fresher it is."""
    return list({item.id: item for item in items}.values())
