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
from graphql import (
    GraphQLError,
    build_schema,
    default_field_resolver,
    get_named_type,
    get_nullable_type,
    graphql_sync,
    is_list_type,
    parse,
)
from tests.integrations.shopify_cost import MOST, Bucket, actual_cost, requested_cost, throttled, too_costly

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
            "originalUnitPriceSet": money("20.00"), "refundableQuantity": n,
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
    """What each idempotency key was used for, and what came of it; Shopify forgets it after a day."""
    under_way: int = 0
    """How often a refund is told that the same one is in progress."""
    payments: str = "SUCCESS"
    """What becomes of payments that go back."""
    shipping_back: bool = False
    errors: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    before: list[Any] = field(default_factory=list)
    after: Callable[[str], Any] = lambda _name: None
    job_polls: int = 1
    tokens: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    bucket: Bucket = field(default_factory=Bucket)
    costs: list[tuple[str, int]] = field(default_factory=list)
    """What each request asked for."""
    products: list[Any] = field(default_factory=lambda: [dict(PRODUCT)])
    parcels_to_return: list[Any] | None = None
    """Where pieces may be returned from; one parcel with all lines of the order when None."""
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
        for order in by_id.values():
            order["suggestedRefund"] = lambda _info, _order=order, **given: self._suggested(_order, given)
        returned = {each["id"]: each for order in by_id.values() for each in order["returns"]["nodes"]}
        return {
            "shop": {"currencyCode": "EUR"},
            "order": lambda _info, id: by_id.get(id),
            "orders": lambda _info, query, **_: {"nodes": [o for o in self.orders.values() if self._fits(o, query)]},
            "customers": lambda _info, query, **_: {"nodes": self._customers(query)},
            "products": lambda _info, **_: {"nodes": self.products},
            "product": lambda _info, id: next((each for each in self.products if each["id"] == id), None),
            "fulfillment": lambda _info, id: next((f for o in by_id.values() for f in o["fulfillments"] if f["id"] == id), None),
            "refund": lambda _info, id: next((r for o in by_id.values() for r in o["refunds"] if r["id"] == id), None),
            "returnableFulfillment": lambda _info, id: next(f for o in by_id.values() for f in self._returnable(o) if f["id"] == id),
            "productVariant": lambda _info, id: {**VARIANT, "id": id} if id.endswith("/11") else None,
            "job": lambda _info, id: self._job(id),
            "returnableFulfillments": lambda _info, orderId, **_: {"nodes": self._returnable(by_id[orderId])},
            "orderCancel": lambda _info, **given: self._payload("orderCancel", given, self._cancel, "orderCancelUserErrors"),
            "refundCreate": self._refund,
            "orderUpdate": lambda _info, input: self._payload("orderUpdate", input, lambda: {"order": self._move(by_id[input["id"]], input)}),
            "orderEditBegin": lambda _info, id: self._payload("orderEditBegin", id, lambda: {"calculatedOrder": _calculated(by_id[id])}, note=False),
            "orderEditSetQuantity": lambda _info, **given: self._payload("orderEditSetQuantity", given, lambda: {"calculatedOrder": {"id": given["id"]}}, note=False),
            "orderEditAddVariant": lambda _info, **given: self._payload("orderEditAddVariant", given, lambda: {"calculatedOrder": {"id": given["id"]}}, note=False),
            "orderEditCommit": lambda _info, **given: self._payload("orderEditCommit", given, lambda: {"order": next(iter(self.orders.values()))}),
            "return": lambda _info, id: returned.get(id),
            "returnReasonDefinitions": lambda _info, handles=None, **_: {"nodes": [r for r in REASONS if r["handle"] in (handles or ())]},
            "returnCreate": lambda _info, returnInput: self._open_return(by_id[returnInput["orderId"]], returnInput),
            "returnProcess": lambda _info, input: self._book(returned.get(input["returnId"]), input),
            "draftOrderCreate": lambda _info, input: self._payload("draftOrderCreate", input, lambda: {"draftOrder": {"id": "gid://shopify/DraftOrder/3", "name": "#D3"}}, note=False),
            "draftOrderComplete": lambda _info, id: self._payload("draftOrderComplete", id, lambda: {"draftOrder": {"id": id, "order": new_order(2001)}}),
            "discountCodeBasicCreate": lambda _info, basicCodeDiscount: self._code("discountCodeBasicCreate", basicCodeDiscount, {"codeDiscountNode": {"id": "gid://shopify/DiscountCodeNode/1"}}),
            "giftCardCreate": lambda _info, input: self._code("giftCardCreate", input, {"giftCard": {"id": "gid://shopify/GiftCard/1"}, "giftCardCode": input.get("code")}),
        }  # fmt: skip

    def wait(self, seconds: float) -> None:
        """What the client does between two tries."""
        self.waited.append(seconds)
        self.bucket.wait(seconds)

    def answer(self, query: str, variables: Any) -> dict[str, Any]:
        """An answer to a request that is paid from the bucket: first what it asks for, then what it got."""
        cost = requested_cost(SCHEMA, parse(query), variables)
        self.costs.append((query.split("(")[0].split("{")[0].split()[1], cost))
        if cost > MOST:
            return too_costly(cost)
        if cost > self.bucket.left:
            return throttled(self.bucket, cost)
        done = graphql_sync(SCHEMA, query, root_value=self.roots(), variable_values=variables, field_resolver=_paged)
        actual = min(cost, actual_cost(list((done.data or {}).values())))
        self.bucket.left -= actual
        found = {key: value for key, value in done.formatted.items() if not (key == "data" and value is None)}
        return {**found, "extensions": {"cost": self.bucket.status(cost, actual)}}

    def _returnable(self, order: dict[str, Any]) -> list[Any]:
        return [_returnable(order)] if self.parcels_to_return is None else self.parcels_to_return

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

    def _suggested(self, order: dict[str, Any], given: Any) -> Any:
        lines = {line["id"]: line for line in order["lineItems"]["nodes"]}
        wanted = given.get("refundLineItems") or []
        total = sum(20.0 * each["quantity"] for each in wanted)
        if given.get("refundShipping") and not self.shipping_back:
            total += 5.0
        left, parts = total, []
        for paid in order["transactions"]:
            part = min(left, float(paid["maximumRefundableV2"]["amount"]))
            left -= part
            parts.append(
                {
                    "kind": "SUGGESTED_REFUND",
                    "gateway": paid["gateway"],
                    "amountSet": money(f"{part:.2f}"),
                    "parentTransaction": paid,
                }
            )
        return {
            "amountSet": money(f"{total:.2f}"), "suggestedTransactions": parts,
            "refundLineItems": [
                {"quantity": each["quantity"], "restockType": each["restockType"], "lineItem": lines[each["lineItemId"]],
                 "location": None if each["restockType"] == "NO_RESTOCK" else {"id": "gid://shopify/Location/77"}}
                for each in wanted
            ],
        }  # fmt: skip

    def _refund(self, info: Any, input: Any) -> Any:
        if "idempotent" not in {d.name.value for d in info.field_nodes[0].directives}:
            raise GraphQLError("the @idempotent directive is required", extensions={"code": "BAD_REQUEST"})
        key = info.variable_values.coerced["key"]
        if self.under_way:
            self.under_way -= 1
            return _wrong("This request is currently in progress, please try again.")
        if key in self.keys:
            before, made = self.keys[key]
            if before != input:
                return _wrong("The same idempotency key cannot be used with different operation parameters.")
            return made
        (order,) = (each for each in self.orders.values() if each["id"] == input["orderId"])
        lines = {line["id"]: line for line in order["lineItems"]["nodes"]}
        payments = {paid["id"]: paid["maximumRefundableV2"] for paid in order["transactions"]}
        for each in input.get("refundLineItems") or []:
            if each["quantity"] > lines[each["lineItemId"]]["refundableQuantity"]:
                return _wrong(
                    "Quantity cannot refund more items than were purchased", "refundLineItems", "0", "quantity"
                )
            if each.get("restockType") == "LEGACY_RESTOCK" or (
                each.get("restockType") == "NO_RESTOCK" and each.get("locationId")
            ):
                return _wrong("Restock type is invalid", "refundLineItems", "0", "restockType")
        for each in input["transactions"]:
            if each["kind"] != "REFUND" or float(each["amount"]) > float(payments[each["parentId"]]["amount"]):
                return _wrong("Amount is more than can be refunded", "transactions", "0", "amount")
        total = sum(float(each["amount"]) for each in input["transactions"])
        refund = {
            "id": f"gid://shopify/Refund/{9 + len(order['refunds'])}", "createdAt": "2026-06-16T10:30:00Z", "note": input["note"],
            "totalRefundedSet": money(f"{total if self.payments == 'SUCCESS' else 0:.2f}"),
            "transactions": {"nodes": [
                {"id": f"gid://shopify/OrderTransaction/{n}", "kind": "REFUND", "status": self.payments} for n, _ in enumerate(input["transactions"], 90)
            ]},
        }  # fmt: skip
        made = self._payload("refundCreate", input, lambda: {"refund": refund})
        if made["userErrors"]:
            return made
        for each in input.get("refundLineItems") or []:
            lines[each["lineItemId"]]["refundableQuantity"] -= each["quantity"]
        for each in input["transactions"]:
            room = payments[each["parentId"]]
            room["amount"] = f"{float(room['amount']) - float(each['amount']):.2f}"
        self.shipping_back = self.shipping_back or bool(input.get("shipping"))
        order["refunds"].append(refund)
        self.keys[key] = (input, made)
        return made

    def _open_return(self, order: dict[str, Any], given: Any) -> Any:
        parts = {
            part["fulfillmentLineItem"]["id"]: part
            for parcel in self._returnable(order)
            for part in parcel["returnableFulfillmentLineItems"]["nodes"]
        }
        for each in given["returnLineItems"]:
            if each["quantity"] > parts[each["fulfillmentLineItemId"]]["quantity"]:
                return _wrong("Quantity is not returnable", "returnInput", "returnLineItems", code="INVALID")
            if not each.get("returnReason") and not each.get("returnReasonDefinitionId"):
                return _wrong("A return reason is required", "returnInput", "returnLineItems", code="BLANK")
        lines = [
            {"__typename": "ReturnLineItem", "id": f"gid://shopify/ReturnLineItem/{n}", "quantity": each["quantity"], "processableQuantity": each["quantity"],
             "fulfillmentLineItem": parts[each["fulfillmentLineItemId"]]["fulfillmentLineItem"]}
            for n, each in enumerate(given["returnLineItems"], 50)
        ]  # fmt: skip
        swapped = [
            {"id": f"gid://shopify/ExchangeLineItem/{n}", "processableQuantity": each["quantity"]}
            for n, each in enumerate(given.get("exchangeLineItems") or [], 60)
        ]
        reverse = [
            {"id": f"gid://shopify/ReverseFulfillmentOrderLineItem/{n}", "totalQuantity": line["quantity"], "fulfillmentLineItem": line["fulfillmentLineItem"]}
            for n, line in enumerate(lines, 70)
        ]  # fmt: skip
        opened = {
            "id": "gid://shopify/Return/5", "status": "OPEN", "order": order, "returnLineItems": {"nodes": lines}, "exchangeLineItems": {"nodes": swapped},
            "reverseFulfillmentOrders": {"nodes": [{"id": "gid://shopify/ReverseFulfillmentOrder/7", "status": "OPEN", "lineItems": {"nodes": reverse}}]},
        }  # fmt: skip
        made = self._payload("returnCreate", given, lambda: {"return": opened})
        if not made["userErrors"]:
            order["returns"]["nodes"].append(opened)
        return made

    def _book(self, found: Any, given: Any) -> Any:
        if found is None or found["status"] != "OPEN":
            return _wrong("Return is not open", "returnId", code="INVALID_STATE")
        lines = {
            line["id"]: line for line in (*found["returnLineItems"]["nodes"], *found["exchangeLineItems"]["nodes"])
        }
        for each in (*given["returnLineItems"], *given["exchangeLineItems"]):
            if each["quantity"] > lines[each["id"]]["processableQuantity"]:
                return _wrong("Quantity can't be processed", "returnLineItems", code="INVALID")
            for placed in each.get("dispositions") or []:
                if placed["dispositionType"] == "RESTOCKED" and not placed.get("locationId"):
                    return _wrong("Location is required", "dispositions", "locationId", code="BLANK")
        made = self._payload("returnProcess", given, lambda: {"return": found})
        if not made["userErrors"]:
            for each in (*given["returnLineItems"], *given["exchangeLineItems"]):
                lines[each["id"]]["processableQuantity"] -= each["quantity"]
            found["status"] = "CLOSED"
        return made

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


REASONS = [
    {"id": "gid://shopify/ReturnReasonDefinition/1", "handle": "too-small", "name": "Too small", "deleted": False},
    {"id": "gid://shopify/ReturnReasonDefinition/2", "handle": "old-one", "name": "Old one", "deleted": True},
]
VARIANT = {"id": "gid://shopify/ProductVariant/11", "sku": "LMP", "title": "Moss / M", "price": "20.00", "inventoryQuantity": 3,
           "availableForSale": True, "barcode": None, "selectedOptions": [{"name": "Colour", "value": "Moss"}], "inventoryItem": {"tracked": True}}  # fmt: skip
PRODUCT: dict[str, Any] = {"id": "gid://shopify/Product/1", "title": "Lamp", "handle": "lamp", "vendor": "Wren", "productType": "Lamps", "description": "A lamp &amp; a shade",
           "tags": [], "status": "ACTIVE", "onlineStoreUrl": None, "options": [{"name": "Colour"}], "variants": {"nodes": [VARIANT]}}  # fmt: skip


def _paged(source: Any, info: Any, **given: Any) -> Any:
    """A field; a connection by pages of the size that was asked for, a list up to it."""
    found = default_field_resolver(source, info, **given)
    kind, first = get_nullable_type(info.return_type), int(given.get("first") or MOST)
    if get_named_type(kind).name.endswith("Connection") and found is not None:
        begin = int(given.get("after") or 0)
        nodes = found["nodes"][begin : begin + first]
        end, many = begin + len(nodes), len(found["nodes"])
        page = {
            "hasNextPage": end < many,
            "hasPreviousPage": begin > 0,
            "startCursor": str(begin),
            "endCursor": str(end),
        }
        return {"nodes": nodes, "pageInfo": page}
    return found[:first] if is_list_type(kind) and found is not None else found


def _wrong(message: str, *path: str, code: str | None = None) -> Any:
    """A payload with one user error. `refundCreate` gives them without a code."""
    told = {"field": list(path) or None, "message": message}
    return {"userErrors": [{**told, "code": code} if code else told]}


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
                answer = (200, shop.answer(asked["query"], asked["variables"]))
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
        Guard.of((f"127.0.0.1:{port}",), ("127.0.0.1/32",)), timeout_seconds=20, sleep=shop.wait,
    )  # fmt: skip
    yield shop
    server.shutdown()
    server.server_close()
    thread.join()
