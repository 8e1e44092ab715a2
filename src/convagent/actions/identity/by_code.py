"""Proof by a one-time code that is sent to the address that the shop knows."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from convagent.actions.identity.by_order import Found
from convagent.actions.identity.proof import Proven, plain
from convagent.actions.identity.settings import CodeSettings
from convagent.actions.identity.tries import Bound, changed, hashed, spend
from convagent.facts import Customer

if TYPE_CHECKING:
    from convagent.storage import Storage

__all__ = ["CodeProof"]

_log = logging.getLogger("convagent")

STAYS_PROVEN = timedelta(hours=12)
"""For how long the same code proves the same customer again within the conversation that it was used in."""


class CodeProof:
    """Sends codes and proves the customer who can read them.

    A code counts for minutes, in the conversation that asked for it, until it was used once or guessed wrong a few times;
    a new one replaces it. Only a keyed hash is kept. Whether an address belongs to anybody is never told.

    Args:
        settings: The section `[identity.code]`.
        secret: The key that codes are hashed with, 16 bytes or more.
        find: Gives the customer with an e-mail address; None when there is none.
        send: Sends a code to an address. Returns whether it was sent.
    """

    evidence = ("email", "code")

    def __init__(self, settings: CodeSettings, secret: str, find: Found, send: Callable[[str, str], bool]) -> None:
        self._settings, self._secret, self._find, self._send = settings, secret, find, send

    def begin(self, email: str, *, conversation: str, now: datetime, storage: Storage) -> None:
        """Sends a code, when somebody has this address and not too many were sent. Nothing tells which.

        Raises:
            StorageError: It can't be kept; nothing is sent then.
        """
        address, hour = plain(email), timedelta(hours=1)
        bounds = [
            Bound(self._hash("codes to", address), self._settings.codes_per_hour, hour),
            Bound(self._hash("codes in", conversation), self._settings.codes_per_hour, hour),
        ]
        if not address or not spend(storage, bounds, self._hash("sent", secrets.token_hex(16)), now):
            _log.warning("identity: no more codes for now")
            return
        code = "".join(secrets.choice("0123456789") for _ in range(self._settings.digits))
        found = self._find(email)
        known = isinstance(found, Customer) and found.id is not None and plain(found.email) == address
        kept = {
            "hash": self._hash("code", address, conversation, code), "issued": now.timestamp(), "left": self._settings.tries,
            "used": False, "real": known,
        }  # fmt: skip
        changed(storage, self._hash("code of", address, conversation), lambda _state: ({"code": kept}, True))
        if known and isinstance(found, Customer) and found.email is not None and not self._send(found.email, code):
            _log.error("identity: a code could not be sent")

    def prove(
        self, evidence: Mapping[str, Any], *, conversation: str, now: datetime, storage: Storage | None
    ) -> Proven:
        """Who has the address, when the code is right."""
        address = plain(evidence.get("email"))
        code = "".join(char for char in str(evidence.get("code") or "")[:40] if char in "0123456789")
        if storage is None or not address or not code:
            return Proven(None, "code-incomplete")

        def take(state: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
            kept = dict(state.get("code") or {})
            if not kept:
                return dict(state), False
            right = hmac.compare_digest(self._hash("code", address, conversation, code), str(kept["hash"]))
            age = timedelta(seconds=now.timestamp() - float(kept["issued"]))
            if kept["used"]:
                return dict(state), right and timedelta(0) <= age <= STAYS_PROVEN and bool(kept["real"])
            fresh = timedelta(0) <= age <= timedelta(minutes=self._settings.minutes)
            if not fresh or kept["left"] <= 0 or not kept["real"]:
                return dict(state), False
            changes = {"used": True} if right else {"left": kept["left"] - 1}
            return {**state, "code": {**kept, **changes}}, right

        if not changed(storage, self._hash("code of", address, conversation), take):
            return Proven(None, "code-not-proven")
        found = self._find(str(evidence.get("email")))
        if not isinstance(found, Customer) or found.id is None or plain(found.email) != address:
            return Proven(None, "code-not-proven")
        return Proven(found.model_copy(update={"verification": "verified"}))

    def _hash(self, kind: str, *words: str) -> str:
        return hashed(kind, *words, key=self._secret)
