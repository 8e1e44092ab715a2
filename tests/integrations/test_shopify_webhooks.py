"""Webhooks: signed over the bytes as they came, once, and of this shop."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import convagent
from convagent.actions import ActionRegistry
from convagent.errors import ActionError
from convagent.integrations.shopify import OPERATIONS, DeliveryIds, read_webhook
from convagent.storage import open_storage

BODY = '{"id": 1, "note": "café", "total": 12.50}'.encode()


def _headers(body: bytes = BODY, secret: str = "hush", changes: dict[str, str] | None = None) -> dict[str, str]:
    digest = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    found = {"X-Shopify-Hmac-SHA256": digest, "X-Shopify-Webhook-Id": "w-1", "X-Shopify-Topic": "orders/cancelled",
             "X-Shopify-Shop-Domain": "wren.myshopify.com"}  # fmt: skip
    return {**found, **(changes or {})}


def test_a_delivery_is_read_once() -> None:
    seen = DeliveryIds()
    webhook = read_webhook(BODY, _headers(), secret="hush", seen=seen, shop="wren.myshopify.com")
    assert webhook is not None
    assert (webhook.topic, webhook.data["note"], str(webhook.data["total"])) == ("orders/cancelled", "café", "12.50")
    lower = {name.lower(): value for name, value in _headers().items()}
    assert read_webhook(BODY, lower, secret="hush", seen=seen) is None
    assert read_webhook(BODY, _headers(changes={"X-Shopify-Webhook-Id": "w-2"}), secret="hush", seen=seen) is not None


@pytest.mark.parametrize("signature", ["", "x", "é", "AAAA", "0" * 64, "====", base64.b64encode(b"0" * 32).decode()])
def test_what_is_not_signed_is_not_read(signature: str) -> None:
    with pytest.raises(ActionError, match="not signed"):
        read_webhook(BODY, _headers(changes={"X-Shopify-Hmac-SHA256": signature}), secret="hush", seen=DeliveryIds())


def test_one_changed_byte_or_another_secret_breaks_the_signature() -> None:
    for body, secret in ((BODY + b" ", "hush"), (BODY, "hush2"), (BODY.replace(b"1", b"2", 1), "hush")):
        with pytest.raises(ActionError):
            read_webhook(body, _headers(), secret=secret, seen=DeliveryIds())
    with pytest.raises(ActionError, match="no secret"):
        read_webhook(BODY, _headers(secret=""), secret="", seen=DeliveryIds())


def test_a_refused_delivery_is_not_remembered() -> None:
    seen = DeliveryIds()
    with pytest.raises(ActionError):
        read_webhook(BODY, _headers(secret="other"), secret="hush", seen=seen)
    assert read_webhook(BODY, _headers(), secret="hush", seen=seen) is not None


def test_another_shops_delivery_and_one_without_an_id_are_none_of_ours() -> None:
    for changes in (
        {"X-Shopify-Shop-Domain": "other.myshopify.com"},
        {"X-Shopify-Webhook-Id": ""},
        {"X-Shopify-Topic": ""},
    ):
        with pytest.raises(ActionError, match="no delivery"):
            read_webhook(BODY, _headers(changes=changes), secret="hush", seen=DeliveryIds(), shop="wren.myshopify.com")
    with pytest.raises(ActionError):
        read_webhook(b"{", _headers(b"{"), secret="hush", seen=DeliveryIds())


def test_an_id_is_forgotten_after_its_days() -> None:
    days = iter((0, 0, 7, 7, 8, 8))
    seen = DeliveryIds(days=7, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=next(days)))
    heard = [seen.is_new("wren.myshopify.com", each) for each in ("a", "b", "a", "c", "a", "c")]
    assert heard == [True, True, False, True, True, False]


def test_a_delivery_that_could_not_be_handled_is_let_in_again() -> None:
    seen = DeliveryIds()
    webhook = read_webhook(BODY, _headers(), secret="hush", seen=seen)
    assert webhook is not None
    assert read_webhook(BODY, _headers(), secret="hush", seen=seen) is None
    seen.forget(webhook)
    assert read_webhook(BODY, _headers(), secret="hush", seen=seen) == webhook


OTHER_PROCESS = """
import sys
from convagent.integrations.shopify import DeliveryIds, read_webhook
from convagent.storage import open_storage

body, headers = sys.stdin.buffer.read(), dict(pair.split("=", 1) for pair in sys.argv[2:])
with open_storage(sys.argv[1]) as storage:
    print(read_webhook(body, headers, secret="hush", seen=DeliveryIds(storage)) is not None)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_delivery_that_comes_to_another_process_is_dropped(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    environment = {**os.environ, "PYTHONPATH": str(Path(convagent.__file__).parents[1])}

    def elsewhere(identifier: str) -> str:
        pairs = [f"{name}={value}" for name, value in _headers(changes={"X-Shopify-Webhook-Id": identifier}).items()]
        command = [sys.executable, "-c", OTHER_PROCESS, url, *pairs]
        return subprocess.run(command, input=BODY, capture_output=True, check=True, env=environment).stdout.decode()

    with open_storage(url) as storage:
        assert read_webhook(BODY, _headers(), secret="hush", seen=DeliveryIds(storage)) is not None
        assert elsewhere("w-1").strip() == "False"
        assert elsewhere("w-2").strip() == "True"
        changes = {"X-Shopify-Webhook-Id": "w-2"}
        assert read_webhook(BODY, _headers(changes=changes), secret="hush", seen=DeliveryIds(storage)) is None


def test_what_the_page_shows_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs" / "shopify.md").read_text(encoding="utf-8")
    shop_file, receiver = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.setenv("SHOPIFY_DOMAIN", "my-shop.myshopify.com")
    monkeypatch.setenv("SHOPIFY_ACCESS_TOKEN", "shpat_0123456789")
    names: dict[str, Any] = {}
    exec(shop_file, names)
    registry = ActionRegistry()
    registry.add_from(names["actions"](shop_folder=None))
    assert all(f"`{spec.name}`" in page for spec in registry)
    assert all(operation.documentation.rsplit("/", 1)[1] in page for operation in OPERATIONS.values())
    exec(receiver, names)
    domain = {"X-Shopify-Shop-Domain": "my-shop.myshopify.com"}
    headers = _headers(secret="the app's client secret", changes=domain)
    assert [names["receive"](BODY, headers) for _ in range(2)] == [202, 200]
