"""Webhooks of Shopify: whether one came from Shopify, and whether it came before.

From https://shopify.dev/docs/apps/build/webhooks/verify-deliveries; not verified against the live service.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from convagent.actions.http.mapping import read_json
from convagent.errors import ActionError

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
    """The ids of the last deliveries, so that one that comes again is known. Threads may share it.

    Args:
        size: How many are remembered; Shopify sends again for some hours.
    """

    def __init__(self, size: int = 100_000) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._size = size
        self._lock = Lock()

    def is_new(self, identifier: str) -> bool:
        """Whether an id comes for the first time; from now on it doesn't."""
        with self._lock:
            if identifier in self._seen:
                return False
            self._seen[identifier] = None
            while len(self._seen) > self._size:
                self._seen.popitem(last=False)
            return True


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
    return Webhook(identifier, topic, domain, data) if seen.is_new(f"{domain} {identifier}") else None
