"""Packs of HTTP actions: each is without fault, says where it is from, and sends what the documentation says."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import convagent
from convagent.actions import ActionCall, CallContext, call_action
from convagent.actions.http import FileModel, Surroundings, load_texts
from convagent.cli.app import app
from convagent.facts import Customer, Money, Order, Subscription
from convagent.shop import open_shop

FOLDER = Path(convagent.__file__).parent / "integrations" / "packs"
PACKS = ("aftership", "loop", "recharge")
SECRETS = {"AFTERSHIP_API_KEY": "after-key", "LOOP_API_KEY": "loop-key", "RECHARGE_ACCESS_TOKEN": "recharge-key"}
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
ADA = Customer(
    id="7", verification="verified", orders=(Order(id="#1042", status="shipped"),),
    subscriptions=(Subscription(id="555", status="active"),),
)  # fmt: skip


class Service:
    """Answers every request with the same, and remembers them."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any] = (200, {})
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.port = 0

    def call(self, name: str, **arguments: Any) -> ActionCall:
        """Calls an action of a pack against this service."""
        for pack in PACKS:
            text = (FOLDER / f"{pack}.toml").read_text(encoding="utf-8")
            host = FileModel.model_validate(tomllib.loads(text)).service.url.split("/")[2]
            local = text.replace(f"https://{host}", f"http://127.0.0.1:{self.port}").replace(
                "verified = false", 'verified = false\nprivate_networks = ["127.0.0.1/32"]', 1
            )
            found = load_texts({f"{pack}.toml": local}, surroundings=Surroundings(SECRETS, sleep=lambda _seconds: None))
            assert found.faults == ()
            for spec in found.specs:
                if spec.name == name:
                    context = CallContext("c-1", ADA, NOW, confirmed=True, idempotency_key="key-1")
                    return call_action(spec, arguments, context)
        raise AssertionError(name)


@pytest.fixture
def service() -> Iterator[Service]:
    it = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            it.asked.append((self.command, self.path, headers, json.loads(body) if body else None))
            self.close_connection = True
            status, data = it.answer
            out = json.dumps(data).encode()
            self.send_response_only(status)
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 - the server's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield it
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_without_fault_and_says_where_it_is_from(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    found = load_texts({name: text}, surroundings=Surroundings(SECRETS))
    assert found.faults == ()
    model = FileModel.model_validate(tomllib.loads(text))
    assert "Not verified against the live service" in text
    assert not model.service.verified
    assert model.service.api_version
    assert len(found.specs) == len(model.actions)
    for action in model.actions.values():
        assert action.documentation.startswith(
            ("https://developer.rechargepayments.com/", "https://docs.loopreturns.com/", "https://www.aftership.com/")
        )


def test_a_parcel_is_tracked(service: Service) -> None:
    tracking = {
        "id": "bff5", "tracking_number": "9405", "slug": "usps", "tag": "OutForDelivery", "courier_tracking_link": "https://usps.example/9405",
        "courier_estimated_delivery_date": {"estimated_delivery_date": "2026-06-17T12:00:00"}, "shipment_delivery_date": None,
        "checkpoints": [{"message": "Left", "checkpoint_time": "2026-06-15T10:00:00"}, {"message": "Out", "checkpoint_time": "2026-06-16T07:00:00+01:00"}],
    }  # fmt: skip
    service.answer = (200, {"meta": {"code": 200}, "data": {"trackings": [tracking]}})
    parcel = service.call("track_parcel", tracking_number="9405 #1").result.value
    assert (parcel.status, str(parcel.expected_on), parcel.last_scan, parcel.delivered_at) == (
        "out for delivery",
        "2026-06-17",
        "Out",
        None,
    )
    assert parcel.last_scan_at.isoformat() == "2026-06-16T07:00:00+01:00"
    method, path, headers, _ = service.asked[0]
    assert (method, path) == ("GET", "/tracking/2026-07/trackings?tracking_numbers=9405%20%231&limit=1")
    assert headers["as-api-key"] == "after-key"
    service.answer = (200, {"meta": {"code": 200}, "data": {"trackings": []}})
    assert service.call("track_parcel", tracking_number="1").result.value is None
    service.answer = (400, {"meta": {"code": 4005, "message": "The value of tracking_number is invalid."}})
    assert service.call("track_parcel", tracking_number="1").result.error == "The value of tracking_number is invalid."


def test_loop_gives_a_link_and_the_state_of_a_return(service: Service) -> None:
    service.answer = (200, {"url": "https://wren.loopreturns.example/#/link/1"})
    assert (
        service.call("return_link", order="#1042", postcode="H91").result.value
        == "https://wren.loopreturns.example/#/link/1"
    )
    method, path, headers, body = service.asked[0]
    assert (method, path, body) == ("POST", "/api/2026-07/order/link", {"name": "#1042", "zip": "H91"})
    assert headers["x-authorization"] == "loop-key"
    service.answer = (200, {"id": 5, "order_name": "#1042", "state": "open", "created_at": "2026-06-14T09:00:00Z"})
    found = service.call("return_status", order="#1042").result.value
    assert (found.id, found.order_id, found.status) == ("5", "#1042", "requested")
    assert service.call("return_status", order="#9999").result.status == "refused", "it is nobody's own"
    service.answer = (200, {"error": {"message": "No return found."}})
    assert service.call("return_status", order="#1042").result.value is None, "told with a 200"


def test_recharge_reads_subscriptions_and_charges(service: Service) -> None:
    row = {
        "id": 555,
        "customer_id": 12,
        "status": "active",
        "price": "14.00",
        "presentment_currency": "EUR",
        "next_charge_scheduled_at": "2026-07-01",
    }
    service.answer = (200, {"subscriptions": [row]})
    (found,) = service.call("recharge_subscriptions", recharge_customer="12").result.value
    assert (found.id, found.status, found.price, str(found.next_charge_on)) == (
        "555",
        "active",
        Money.of(14, "EUR"),
        "2026-07-01",
    )
    assert service.asked[0][2]["x-recharge-version"] == "2021-11"
    assert service.asked[0][2]["x-recharge-access-token"] == "recharge-key"
    service.answer = (
        200,
        {
            "charges": [
                {"id": 99, "status": "queued", "scheduled_at": "2026-07-01", "total_price": "14.00", "currency": "EUR"}
            ]
        },
    )
    charge = service.call("next_charge", subscription="555").result.value
    assert (charge.id, str(charge.scheduled_on), charge.total) == ("99", "2026-07-01", Money.of(14, "EUR"))


@pytest.mark.parametrize(
    ("name", "arguments", "method", "path", "body"),
    [
        ("skip_charge", {"subscription": "555", "charge": "99"}, "POST", "/charges/99/skip", {"purchase_item_ids": [555]}),
        ("hold_subscription", {"subscription": "555", "next_day": "2026-09-01"}, "POST", "/subscriptions/555/set_next_charge_date", {"date": "2026-09-01"}),
        ("cancel_subscription", {"subscription": "555", "reason": "too much"}, "POST", "/subscriptions/555/cancel", {"cancellation_reason": "too much", "send_email": True}),
        ("change_subscription_quantity", {"subscription": "555", "quantity": 2}, "PUT", "/subscriptions/555", {"quantity": 2}),
        ("refund_charge", {"charge": "99", "amount": "5.00 EUR"}, "POST", "/charges/99/refund", {"amount": "5.00"}),
    ],
)  # fmt: skip
def test_recharge_changes_subscriptions(
    service: Service, name: str, arguments: Any, method: str, path: str, body: Any
) -> None:
    service.answer = (200, {"charge": {"status": "skipped"}, "subscription": {"status": "cancelled", "quantity": 2}})
    assert service.call(name, **arguments).result.status == "done"
    assert (service.asked[0][0], service.asked[0][1], service.asked[0][3]) == (method, path, body)
    service.answer = (422, {"errors": {"base": ["not while it is being charged"]}})
    refused = service.call(name, **arguments).result
    assert refused.status == "failed"
    assert "not while it is being charged" in refused.error
    service.answer = (503, {})
    assert service.call(name, **arguments).result.status == "uncertain"
    if "subscription" in arguments:
        foreign = service.call(name, **{**arguments, "subscription": "556"}).result
        assert foreign.status == "refused"


def test_a_shop_enables_packs_or_copies_them(shop: Path) -> None:
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text() + '\n[packs]\nenabled = ["recharge", "aftership"]\n')
    opened = open_shop(shop)
    assert {"skip_charge", "track_parcel"} <= {spec.name for spec in opened.registry}
    assert "return_link" not in opened.registry
    runner = CliRunner()
    done = runner.invoke(app, ["actions", "add", "loop", "--shop", str(shop)])
    assert done.exit_code == 0, done.output
    assert "return_link" in open_shop(shop).registry
    assert runner.invoke(app, ["actions", "add", "loop", "--shop", str(shop)]).exit_code != 0
    assert runner.invoke(app, ["actions", "add", "nobody", "--shop", str(shop)]).exit_code != 0
