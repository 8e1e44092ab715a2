"""What a turn's reading knows of the customer's own records, as a chat model may be told it: fields that guides read alone.

A guide that asks whether `order.status` is "shipped" has read that field of that order. Of what was read so, only fields are
told that say how something of the customer's stands: where an order or a parcel is, when, by whom, how much comes back. Never
people, addresses, ways of paying, notes, marks of a shop's own; never a record that is another customer's; nothing where the
rules refused what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from convagent.facts import Customer, Exchange, Order, Refund, Return, Shipment, Subscription
from convagent.guidance.interpreter.decision import Decision
from convagent.guidance.values import UNKNOWN, attribute, unwrap
from convagent.guidance.wording import Wording
from convagent.search import base_language
from convagent.turns.state import TurnWork

__all__ = ["TOLD_FIELDS", "records_told"]

TOLD_FIELDS: Mapping[type[BaseModel], frozenset[str]] = {
    Order: frozenset({"status", "placed_at", "delivered_at", "cancelled_at", "shipping_method"}),
    Shipment: frozenset({"status", "carrier", "shipped_at", "expected_on", "delivered_at"}),
    Refund: frozenset({"status", "amount", "issued_at"}),
    Return: frozenset({"status", "requested_at", "received_at"}),
    Exchange: frozenset({"status", "requested_at"}),
    Subscription: frozenset({"status", "next_charge_on", "paused_until"}),
}
"""The fields that may be told, by the kind of record."""

_KINDS: Mapping[type[BaseModel], tuple[str, str, str]] = {
    Order: ("Your order", "Ihre Bestellung", "Votre commande"),
    Shipment: ("Your parcel", "Ihr Paket", "Votre colis"),
    Refund: ("Your refund", "Ihre Erstattung", "Votre remboursement"),
    Return: ("Your return", "Ihre Rücksendung", "Votre retour"),
    Exchange: ("Your exchange", "Ihr Umtausch", "Votre échange"),
    Subscription: ("Your subscription", "Ihr Abo", "Votre abonnement"),
}
_FAMILIAR_KINDS: Mapping[type[BaseModel], tuple[str, str, str]] = {
    Order: ("Your order", "Deine Bestellung", "Ta commande"),
    Shipment: ("Your parcel", "Dein Paket", "Ton colis"),
    Refund: ("Your refund", "Deine Erstattung", "Ton remboursement"),
    Return: ("Your return", "Deine Rücksendung", "Ton retour"),
    Exchange: ("Your exchange", "Dein Umtausch", "Ton échange"),
    Subscription: ("Your subscription", "Dein Abo", "Ton abonnement"),
}
_FIELDS: Mapping[str, tuple[str, str, str]] = {
    "status": ("status", "Status", "statut"),
    "placed_at": ("placed on", "bestellt am", "commandé le"),
    "delivered_at": ("delivered on", "zugestellt am", "livré le"),
    "cancelled_at": ("cancelled on", "storniert am", "annulé le"),
    "shipping_method": ("way of delivery", "Versandart", "mode de livraison"),
    "carrier": ("carrier", "Paketdienst", "transporteur"),
    "shipped_at": ("sent on", "versandt am", "expédié le"),
    "expected_on": ("expected on", "erwartet am", "attendu le"),
    "amount": ("amount", "Betrag", "montant"),
    "issued_at": ("issued on", "erstattet am", "remboursé le"),
    "requested_at": ("requested on", "angefragt am", "demandé le"),
    "received_at": ("received on", "eingegangen am", "reçu le"),
    "next_charge_on": ("next charge on", "nächste Abbuchung am", "prochain prélèvement le"),
    "paused_until": ("paused until", "pausiert bis", "en pause jusqu'au"),
}
_LANGUAGES = ("en", "de", "fr")


def records_told(work: TurnWork, decision: Decision) -> tuple[str, ...]:
    """What the reading knows of the customer's records, a line a record, in the reply's language.

    Args:
        work: The turn.
        decision: What it came to.
    """
    if decision.refused:
        return ()
    known = {**work.given, **decision.known}
    customer = unwrap(known.get("customer"))
    lines: dict[tuple[str, str], list[str]] = {}
    wording = work.wording
    for path in _paths(decision):
        *above, field = path.split(".")
        way = _followed(known, above)
        record = way[-1]
        if field not in TOLD_FIELDS.get(type(record), ()) or any(_is_anothers(each, customer) for each in way):
            continue
        value = attribute(record, field)
        if value is UNKNOWN or value is None:
            continue
        named = (".".join(above), _named(record, wording))
        lines.setdefault(named, []).append(_worded(record, field, value, wording))
    return tuple(f"{name}: {', '.join(dict.fromkeys(told))}." for (_, name), told in lines.items())


def _paths(decision: Decision) -> Iterator[str]:
    """The fields that conditions read on the way, in order, each once."""
    seen = (path for note in decision.trace if note.kind == "condition" for path in note.data.get("seen", ()))
    return iter(dict.fromkeys(path for path in seen if "." in path and " " not in path))


def _followed(known: Mapping[str, Any], path: list[str]) -> list[Any]:
    """The records on the way that a path goes, the last one at its end."""
    way = [unwrap(known.get(path[0], UNKNOWN))]
    for part in path[1:]:
        way.append(unwrap(attribute(way[-1], part)))
    return way


def _is_anothers(record: Any, customer: Any) -> bool:
    """Whether a record names a customer who isn't the one that the turn knows."""
    owner = getattr(record, "customer_id", None)
    mine = customer.id if isinstance(customer, Customer) else None
    return owner is not None and owner != mine


def _named(record: Any, wording: Wording) -> str:
    kinds = _FAMILIAR_KINDS if wording.familiar else _KINDS
    name = _in_language(kinds[type(record)], wording.language)
    return f"{name} {record.id}" if isinstance(record, Order) else name


def _worded(record: Any, field: str, value: Any, wording: Wording) -> str:
    if field == "status":
        text = wording.status(record, str(value))
    elif isinstance(unwrap(value), (date, datetime)):
        text = wording.date(value)
    else:
        text = wording.text(value)
    return f"{_in_language(_FIELDS[field], wording.language)} {text}"


def _in_language(words: tuple[str, str, str], language: str) -> str:
    base = base_language(language)
    return words[_LANGUAGES.index(base) if base in _LANGUAGES else 0]
