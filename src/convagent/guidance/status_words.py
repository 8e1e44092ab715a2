"""Where an order, a parcel, a return and the like stand, in the language of the reply: words that can follow “is”."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["STATUS_WORDS", "status_in"]

STATUS_WORDS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "Order": {
        "de": {
            "pending": "ausstehend", "processing": "in Bearbeitung", "shipped": "unterwegs", "delivered": "zugestellt",
            "cancelled": "storniert", "returned": "zurückgesandt",
        },
        "fr": {
            "pending": "en attente", "processing": "en préparation", "shipped": "expédiée", "delivered": "livrée",
            "cancelled": "annulée", "returned": "retournée",
        },
    },
    "Shipment": {
        "de": {
            "label created": "angekündigt", "in transit": "unterwegs", "out for delivery": "in Zustellung",
            "delivered": "zugestellt", "delayed": "verspätet", "lost": "verloren gegangen",
            "returned to sender": "auf dem Weg zurück zum Absender",
        },
        "fr": {
            "label created": "annoncé", "in transit": "en route", "out for delivery": "en cours de livraison",
            "delivered": "livré", "delayed": "en retard", "lost": "perdu", "returned to sender": "renvoyé à l'expéditeur",
        },
    },
    "Return": {
        "de": {
            "requested": "angemeldet", "label sent": "angemeldet", "in transit": "unterwegs", "received": "eingegangen",
            "inspected": "geprüft", "refunded": "erstattet", "refused": "abgelehnt",
        },
        "fr": {
            "requested": "enregistré", "label sent": "enregistré", "in transit": "en route", "received": "reçu",
            "inspected": "contrôlé", "refunded": "remboursé", "refused": "refusé",
        },
    },
    "Refund": {
        "de": {"pending": "in Arbeit", "issued": "veranlasst", "failed": "fehlgeschlagen"},
        "fr": {"pending": "en cours", "issued": "effectué", "failed": "en échec"},
    },
    "Exchange": {
        "de": {
            "requested": "angemeldet", "in transit": "unterwegs", "shipped": "unterwegs", "completed": "abgeschlossen",
        },
        "fr": {"requested": "enregistré", "in transit": "en route", "shipped": "expédié", "completed": "terminé"},
    },
    "Subscription": {
        "de": {"active": "aktiv", "paused": "pausiert", "cancelled": "gekündigt"},
        "fr": {"active": "actif", "paused": "en pause", "cancelled": "résilié"},
    },
    "Discount": {
        "de": {"active": "gültig", "used": "eingelöst", "expired": "abgelaufen"},
        "fr": {"active": "valable", "used": "utilisé", "expired": "expiré"},
    },
}  # fmt: skip
"""By kind of record, language and status; one that is missing, or a shop's own, is said as the facts have it."""


def status_in(language: str, record: Any, status: str) -> str:
    """A record's status as a customer reads it.

    Args:
        language: ISO 639 code without a region.
        record: An order, a shipment, a return …; of any other the status is told as it is.
        status: As the facts have it.
    """
    return STATUS_WORDS.get(type(record).__name__, {}).get(language, {}).get(status, status)
