"""Proof by an order number with the e-mail address or postcode that belongs to it."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from convagent.actions.identity.proof import Proven, plain
from convagent.actions.identity.settings import OrderSettings
from convagent.actions.identity.tries import Bound, hashed, spend
from convagent.facts import Address, Customer

if TYPE_CHECKING:
    from convagent.storage import Storage

__all__ = ["Found", "OrderProof"]

_log = logging.getLogger("convagent")

Found = Callable[[str], Any]
"""The shop's own records by a number or an address; a customer, or None."""


class OrderProof:
    """Proves the customer who placed an order, to whoever also knows its e-mail address or postcode.

    Nobody learns whether there is such an order: a wrong number, a wrong address and too many tries all prove nobody, and
    all of them are counted before anything is looked up.

    Args:
        settings: The section `[identity.order]`.
        owner: Gives the customer who placed an order, with e-mail address and address; None when there is none.
    """

    evidence = ("order_number", "email", "postcode")

    def __init__(self, settings: OrderSettings, owner: Found) -> None:
        self._settings, self._owner = settings, owner

    def prove(
        self, evidence: Mapping[str, Any], *, conversation: str, now: datetime, storage: Storage | None
    ) -> Proven:
        """Who placed the order, when what goes with it is right."""
        number, email, postcode = (plain(evidence.get(name)) for name in self.evidence)
        number = "".join(char for char in number if char.isalnum())
        if storage is None or not number or not (email or postcode):
            return Proven(None, "order-incomplete")
        settings, day = self._settings, timedelta(hours=self._settings.within_hours)
        bounds = [
            Bound(hashed("conversation", conversation), settings.tries_per_conversation, day),
            Bound(hashed("order", number), settings.tries_per_order, day),
        ]
        if email:
            bounds.append(Bound(hashed("email", email), settings.tries_per_order, day))
        if not spend(storage, bounds, hashed("tried", number, email, postcode), now):
            _log.warning("identity: the tries for an order number are used up")
            return Proven(None, "order-tries")
        owner = self._owner(str(evidence.get("order_number")))
        if not isinstance(owner, Customer) or owner.id is None:
            return Proven(None, "order-not-proven")
        address = owner.address if isinstance(owner.address, Address) else None
        known = plain(owner.email), plain(address.postcode if address is not None else None)
        # Whatever was said must be right: a second guess doesn't ride on a first one that was.
        said = [(given, held) for given, held in zip((email, postcode), known, strict=True) if given]
        right = [bool(held) and hmac.compare_digest(given.encode(), held.encode()) for given, held in said]
        if not all(right):
            return Proven(None, "order-not-proven")
        return Proven(owner.model_copy(update={"verification": "verified"}))
