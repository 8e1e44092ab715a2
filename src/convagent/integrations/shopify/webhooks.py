"""Webhooks of Shopify: whether one came from Shopify, and whether it came before.

From https://shopify.dev/docs/apps/build/webhooks/verify-deliveries; not verified against the live service.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from convagent.actions.http.mapping import read_json
from convagent.errors import ActionError
from convagent.storage import MemoryStorage, Storage

__all__ = ["DeliveryIds", "Webhook", "read_webhook"]

MAX_BODY = 5_000_000


@dataclass(frozen=True, slots=True)
class Webhook:
    """One delivery.

    Attributes:
        id: Of the delivery; the same when it is sent again.
        topic: Such as `orders/cancelled`.
        shop: Domain of the shop.
        data: What it tells.
    """

    id: str
    topic: str
    shop: str
    data: Any


class DeliveryIds:
    """The deliveries that came before, so that one that comes again is known, also to another process.

    Threads may share it, and so may all processes that open the same storage.

    Args:
        storage: Where they are remembered: the agent's, `agent.storage`. Without one, within this object alone.
        days: For how long; Shopify sends again for some hours
            (https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks).
        clock: Gives the moment, with a time zone; the machine's by default.
    """

    def __init__(
        self, storage: Storage | None = None, *, days: float = 7.0, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._storage: Storage = MemoryStorage() if storage is None else storage
        self._kept = timedelta(days=days)
        self._clock = clock or partial(datetime.now, UTC)

    def is_new(self, shop: str, identifier: str) -> bool:
        """Whether a delivery of a shop comes for the first time; from now on it doesn't.

        Raises:
            StorageError: The storage can't be asked. Answer with an error then: Shopify sends it again.
        """
        now = self._clock()
        return self._storage.claim(_name(shop, identifier), at=now, forget_before=now - self._kept)

    def forget(self, webhook: Webhook) -> None:
        """What a delivery asks for could not be done: when it is sent again, it is new.

        Raises:
            StorageError: The storage can't be written.
        """
        self._storage.drop_claim(_name(webhook.shop, webhook.id))


def _name(shop: str, identifier: str) -> str:
    return f"shopify {shop} {identifier}"


def read_webhook(
    body: bytes, headers: Mapping[str, str], *, secret: str, seen: DeliveryIds, shop: str | None = None
) -> Webhook | None:
    """A delivery, after its signature was checked over the bytes as they came.

    Args:
        body: Exactly as received.
        headers: In any case.
        secret: The app's client secret. While it is being changed, try the new one and then the old one.
        seen: What came before.
        shop: The domain that it must be of; any when None.

    Returns:
        None when this delivery came before.

    Raises:
        ActionError: `webhook-signature` when it isn't signed with the secret, `webhook-shape` when it is no delivery of
            this shop.
        StorageError: What came before can't be looked up.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if not secret:
        raise ActionError("there is no secret to check a webhook with", code="webhook-signature", remedy="Set it.")
    try:
        signature = base64.b64decode(given.get("x-shopify-hmac-sha256", ""), validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    if not hmac.compare_digest(signature, wanted):
        raise ActionError("a webhook is not signed with this shop's secret", code="webhook-signature")
    identifier, topic, domain = (given.get(f"x-shopify-{name}", "") for name in ("webhook-id", "topic", "shop-domain"))
    if not (identifier and topic and domain) or len(body) > MAX_BODY or (shop is not None and domain != shop):
        raise ActionError("a webhook is no delivery of this shop", code="webhook-shape")
    data = read_json(body)
    return Webhook(identifier, topic, domain, data) if seen.is_new(domain, identifier) else None
