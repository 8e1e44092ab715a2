"""A shop on 127.0.0.1 that speaks the documented schema: requests against it are validated, errors are replayed."""

# ruff: noqa: A002, A006, N803 - the names are those of the schema
from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, graphql_sync

from convagent.actions import ActionCall, ActionRegistry, CallContext, call_action
from convagent.facts import Customer, Order
from convagent.integrations.shopify import ShopifyActions, ShopifyClient
from convagent.outbound.guard import Guard, split_url

SCHEMA = build_schema((Path(__file__).parent / "shopify.graphql").read_text(encoding="utf-8"))
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
TOKEN = "shpat_local_token_0123456789"


def money(amount: str, currency: str = "EUR") -> Any:
    both = {"amount": amount, "currencyCode": currency}
    return {"presentmentMoney": both, "shopMoney": both}


def new_order(number: int = 1042, **changes: Any) -> dict[str, Any]:
    """An order of two lines, paid, not sent."""
    lines = [
        {
            "id": f"gid://shopify/LineItem/{number}{n}", "name": name, "sku": None, "currentQuantity": n, "variantTitle": "Moss / M",
            "product": {"id": f"gid://shopify/Product/{n}"}, "variant": {"id": f"gid://shopify/ProductVariant/{n}1"},
            "originalUnitPriceSet": money("20.00"),
        }
        for n, name in ((1, "Lamp"), (2, "Mug"))
    ]  # fmt: skip
    return {
        "id": f"gid://shopify/Order/{number}000", "name": f"#{number}", "email": "ada@example.com",
        "createdAt": "2026-06-10T09:00:00Z", "cancelledAt": None, "cancelReason": None, "note": None,
        "displayFulfillmentStatus": "UNFULFILLED", "displayFinancialStatus": "PAID", "discountCodes": [],
        "customer": {"id": "gid://shopify/Customer/7"}, "currentTotalPriceSet": money("65.00"), "subtotalPriceSet": money("60.00"),
        "totalShippingPriceSet": money("5.0"), "totalDiscountsSet": money("0.0"), "lineItems": {"nodes": lines},
        "shippingAddress": {
            "name": "Ada Byrne", "address1": "1 Quay St", "address2": None, "zip": "H91", "city": "Galway", "provinceCode": "G",
            "countryCodeV2": "IE",
        },
        "fulfillments": [], "refunds": [], "returns": {"nodes": []},
        "transactions": [
            {"id": "gid://shopify/OrderTransaction/1", "kind": "SALE", "status": "SUCCESS", "gateway": "gift_card", "maximumRefundableV2": {"amount": "15.0", "currencyCode": "EUR"}},
            {"id": "gid://shopify/OrderTransaction/2", "kind": "SALE", "status": "SUCCESS", "gateway": "stripe", "maximumRefundableV2": {"amount": "50.0", "currencyCode": "EUR"}},
        ],
        **changes,
    }  # fmt: skip


@dataclass
class Shop:
    """What the shop holds, what it was asked, and what it does before it answers."""

    orders: dict[str, Any] = field(default_factory=dict)
    effects: list[tuple[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    keys: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    before: list[Any] = field(default_factory=list)
    after: Callable[[str], Any] = lambda _name: None
    job_polls: int = 1
    tokens: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    client: ShopifyClient = field(init=False)

    def put(self, **changes: Any) -> None:
        """Puts another order #1042 in the place of the one there."""
        self.orders = {"#1042": new_order(**changes)}

    def call(self, name: str, *, key: str = "key-1", who: Customer | None = None, **arguments: Any) -> ActionCall:
        """Calls an action as a verified customer whose orders they are."""
        registry = ActionRegistry()
        registry.add_from(ShopifyActions(self.client))
        spec = registry.get(name)
        assert spec is not None
        own = tuple(Order(id=number, status="processing") for number in self.orders)
        who = who or Customer(id="7", verification="verified", orders=own)
        return call_action(spec, arguments, CallContext("c-1", who, NOW, confirmed=True, idempotency_key=key))

    # ---- what the schema's fields do
    def roots(self) -> dict[str, Any]:
        by_id = {order["id"]: order for order in self.orders.values()}
        return {
            "shop": {"currencyCode": "EUR"},
            "order": lambda _info, id: by_id.get(id),
            "orders": lambda _info, query, **_: {"nodes": [o for o in self.orders.values() if self._fits(o, query)]},
            "customers": lambda _info, query, **_: {"nodes": self._customers(query)},
            "products": lambda _info, **_: {"nodes": [PRODUCT]},
            "productVariant": lambda _info, id: {**VARIANT, "id": id} if id.endswith("/11") else None,
            "job": lambda _info, id: self._job(id),
            "returnableFulfillments": lambda _info, orderId, **_: {"nodes": [_returnable(by_id[orderId])]},
            "orderCancel": lambda _info, **given: self._payload("orderCancel", given, self._cancel, "orderCancelUserErrors"),
            "refundCreate": self._refund,
            "orderUpdate": lambda _info, input: self._payload("orderUpdate", input, lambda: {"order": self._move(by_id[input["id"]], input)}),
            "orderEditBegin": lambda _info, id: self._payload("orderEditBegin", id, lambda: {"calculatedOrder": _calculated(by_id[id])}, note=False),
            "orderEditSetQuantity": lambda _info, **given: self._payload("orderEditSetQuantity", given, lambda: {"calculatedOrder": {"id": given["id"]}}, note=False),
            "orderEditAddVariant": lambda _info, **given: self._payload("orderEditAddVariant", given, lambda: {"calculatedOrder": {"id": given["id"]}}, note=False),
            "orderEditCommit": lambda _info, **given: self._payload("orderEditCommit", given, lambda: {"order": next(iter(self.orders.values()))}),
            "returnCreate": lambda _info, returnInput: self._payload("returnCreate", returnInput, lambda: {"return": {"id": "gid://shopify/Return/5", "status": "OPEN"}}),
            "draftOrderCreate": lambda _info, input: self._payload("draftOrderCreate", input, lambda: {"draftOrder": {"id": "gid://shopify/DraftOrder/3", "name": "#D3"}}, note=False),
            "draftOrderComplete": lambda _info, id: self._payload("draftOrderComplete", id, lambda: {"draftOrder": {"id": id, "order": new_order(2001)}}),
            "discountCodeBasicCreate": lambda _info, basicCodeDiscount: self._code("discountCodeBasicCreate", basicCodeDiscount, {"codeDiscountNode": {"id": "gid://shopify/DiscountCodeNode/1"}}),
            "giftCardCreate": lambda _info, input: self._code("giftCardCreate", input, {"giftCard": {"id": "gid://shopify/GiftCard/1"}, "giftCardCode": input.get("code")}),
        }  # fmt: skip

    def _fits(self, order: dict[str, Any], query: str) -> bool:
        return query in {f'name:"{order["name"][1:]}"', "customer_id:7"}

    def _customers(self, query: str) -> list[Any]:
        known = {"id": "gid://shopify/Customer/7", "firstName": "Ada", "lastName": "Byrne", "locale": "en-IE", "tags": ["vip"],
                 "createdAt": "2025-01-01T00:00:00Z", "defaultEmailAddress": {"emailAddress": "ada@example.com"}, "defaultPhoneNumber": None}  # fmt: skip
        return [known] if query == 'email:"ada@example.com"' else []

    def _payload(
        self, name: str, given: Any, make: Callable[[], Any], errors: str = "userErrors", *, note: bool = True
    ) -> Any:
        found = self.errors.get(name, [])
        empty: dict[str, Any] = {"userErrors": [], "orderCancelUserErrors": []}
        if found:
            return {**empty, errors: found}
        if note:
            self.effects.append((name, given))
        return {**empty, **make()}

    def _cancel(self) -> Any:
        return {"job": {"id": "gid://shopify/Job/1", "done": False}}

    def _job(self, identifier: str) -> Any:
        self.job_polls -= 1
        if self.job_polls == 0:
            for order in self.orders.values():
                order["cancelledAt"] = "2026-06-16T10:31:00Z"
        return {"id": identifier, "done": self.job_polls <= 0}

    def _refund(self, info: Any, input: Any) -> Any:
        directives = {d.name.value: d for d in info.field_nodes[0].directives}
        given = input
        assert "idempotent" in directives, "refundCreate demands the directive from 2026-04 on"
        key = info.variable_values.coerced["key"]
        if key not in self.keys:
            total = sum(float(each["amount"]) for each in given["transactions"])
            refund = {
                "id": "gid://shopify/Refund/9",
                "createdAt": "2026-06-16T10:30:00Z",
                "note": given["note"],
                "totalRefundedSet": money(f"{total:.2f}"),
            }
            made = self._payload("refundCreate", given, lambda: {"refund": refund})
            if made["userErrors"]:
                return made
            self.keys[key] = made
        return self.keys[key]

    def _move(self, order: dict[str, Any], given: Any) -> Any:
        address = given["shippingAddress"]
        order["shippingAddress"] = {**dict.fromkeys(order["shippingAddress"]), "address1": address["address1"], "city": address["city"],
                                    "zip": address.get("zip"), "countryCodeV2": address["countryCode"], "name": address.get("lastName")}  # fmt: skip
        return order

    def _code(self, name: str, given: Any, made: Any) -> Any:
        if given["code"] in self.codes:
            return {"userErrors": [{"field": ["code"], "message": "is taken", "code": "TAKEN"}]}
        answer = self._payload(name, given, lambda: made)
        if not answer["userErrors"]:
            self.codes.add(given["code"])
        return answer


VARIANT = {"id": "gid://shopify/ProductVariant/11", "sku": "LMP", "title": "Moss / M", "price": "20.00", "inventoryQuantity": 3,
           "availableForSale": True, "barcode": None, "selectedOptions": [{"name": "Colour", "value": "Moss"}], "inventoryItem": {"tracked": True}}  # fmt: skip
PRODUCT = {"id": "gid://shopify/Product/1", "title": "Lamp", "handle": "lamp", "vendor": "Wren", "productType": "Lamps", "description": "A lamp &amp; a shade",
           "tags": [], "status": "ACTIVE", "onlineStoreUrl": None, "options": [{"name": "Colour"}], "variants": {"nodes": [VARIANT]}}  # fmt: skip


def _calculated(order: dict[str, Any]) -> Any:
    lines = [{"id": f"gid://shopify/CalculatedLineItem/{n}", "quantity": line["currentQuantity"], "variant": line["variant"]} for n, line in enumerate(order["lineItems"]["nodes"])]  # fmt: skip
    return {"id": "gid://shopify/CalculatedOrder/1", "lineItems": {"nodes": lines}}


def _returnable(order: dict[str, Any]) -> Any:
    parts = [{"quantity": line["currentQuantity"], "fulfillmentLineItem": {"id": f"gid://shopify/FulfillmentLineItem/{n}", "lineItem": line}} for n, line in enumerate(order["lineItems"]["nodes"])]  # fmt: skip
    return {"id": "gid://shopify/ReturnableFulfillment/1", "returnableFulfillmentLineItems": {"nodes": parts}}


@pytest.fixture
def shop_on_shopify() -> Iterator[Shop]:
    """A shop with one order, and a client that calls it."""
    shop = Shop(orders={"#1042": new_order()})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            shop.asked.append((asked["operationName"], asked["variables"]))
            shop.tokens.append(self.headers["X-Shopify-Access-Token"])
            self.close_connection = True
            answer = shop.before.pop(0) if shop.before else None
            if answer is None:
                done = graphql_sync(SCHEMA, asked["query"], root_value=shop.roots(), variable_values=asked["variables"])
                answer = (
                    200,
                    {key: value for key, value in done.formatted.items() if not (key == "data" and value is None)},
                )
            answer = shop.after(asked["operationName"]) or answer
            if answer == "silence":
                return
            status, data = answer
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response_only(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    port = server.server_address[1]
    shop.client = ShopifyClient(
        split_url(f"http://127.0.0.1:{port}/admin/api/2026-07/graphql.json"), TOKEN,
        Guard.of((f"127.0.0.1:{port}",), ("127.0.0.1/32",)), timeout_seconds=5, sleep=shop.waited.append,
    )  # fmt: skip
    yield shop
    server.shutdown()
    server.server_close()
    thread.join()
