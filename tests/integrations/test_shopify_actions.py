"""Shopify against the documented schema: every document valid, every documented error told for what it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from graphql import build_schema, parse, validate

from convagent.facts import Address, Customer, Money
from convagent.integrations.shopify import API_VERSION, OPERATIONS, ShopifyClient

if TYPE_CHECKING:
    from tests.integrations.conftest import Shop

THROTTLED = (
    200,
    {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {"cost": {"requestedQueryCost": 120, "throttleStatus": {"maximumAvailable": 1000, "currentlyAvailable": 20, "restoreRate": 50}}},
    },
)  # fmt: skip
EUR = Money.of
SCHEMA = build_schema((Path(__file__).parent / "shopify.graphql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_document_is_valid_and_says_where_it_is_from(name: str) -> None:
    operation = OPERATIONS[name]
    assert validate(SCHEMA, parse(operation.document)) == []
    assert operation.documentation.startswith(f"https://shopify.dev/docs/api/admin-graphql/{API_VERSION}/")
    assert operation.verified is False
    assert (operation.kind == "mutation") == bool(operation.errors)


# ---- looking up
def test_an_order_is_found_by_its_number_and_becomes_a_fact(shop_on_shopify: Shop) -> None:
    order = shop_on_shopify.call("order_by_number", order_number="1042").result.value
    assert (order.id, order.status, order.total, order.customer_id) == ("#1042", "pending", EUR("65.00", "EUR"), "7")
    assert [(line.id, line.quantity, line.price) for line in order.items] == [
        ("10421", 1, EUR("20", "EUR")),
        ("10422", 2, EUR("20", "EUR")),
    ]
    assert order.address.city == "Galway"
    assert shop_on_shopify.tokens == ["shpat_local_token_0123456789"] * 2


@pytest.mark.parametrize("number", ['1042" OR name:*', "*", "#1042\n", "", "1" * 100, "1042) OR (1"])
def test_a_number_never_becomes_a_query_of_its_own(shop_on_shopify: Shop, number: str) -> None:
    found = shop_on_shopify.call("order_by_number", order_number=number)
    if number.strip() == "#1042":
        assert found.result.value.id == "#1042"
    else:
        assert (found.result.value, shop_on_shopify.asked) == (None, [])


def test_orders_customers_products_and_stock(shop_on_shopify: Shop) -> None:
    assert [order.id for order in shop_on_shopify.call("orders_of", customer="7").result.value] == ["#1042"]
    customer = shop_on_shopify.call("customer_by_email", email="ada@example.com").result.value
    assert (customer.id, customer.first_name, customer.language, customer.verification) == ("7", "Ada", "en", "claimed")
    assert shop_on_shopify.call("customer_by_email", email='x@y" OR tag:"vip').result.value is None
    (product,) = shop_on_shopify.call("find_products", words="lamp: (moss) *").result.value
    assert (product.title, product.price, product.in_stock, product.description) == (
        "Lamp",
        EUR(20, "EUR"),
        True,
        "A lamp & a shade",
    )
    assert shop_on_shopify.asked[-1][1]["query"] == "lamp moss AND status:active"
    assert shop_on_shopify.call("stock_of", variant="11").result.value.inventory == 3
    assert shop_on_shopify.call("stock_of", variant="12").result.value is None
    assert shop_on_shopify.call("stock_of", variant="11/../x").result.status == "failed"


# ---- cancelling
def test_a_cancellation_waits_for_the_job(shop_on_shopify: Shop) -> None:
    shop_on_shopify.job_polls = 3
    done = shop_on_shopify.call("cancel_order", order="#1042", reason="customer")
    assert (done.result.status, done.result.value.status) == ("done", "cancelled")
    assert [name for name, _ in shop_on_shopify.asked] == [
        "FindOrder",
        "ReadOrder",
        "CancelOrder",
        "ReadJob",
        "ReadJob",
        "ReadJob",
        "ReadOrder",
    ]
    (effect,) = shop_on_shopify.effects
    assert effect[1]["refundMethod"] == {"originalPaymentMethodsRefund": True}
    assert (effect[1]["reason"], effect[1]["restock"]) == ("CUSTOMER", True)


@pytest.mark.parametrize(
    "changes",
    [{"cancelledAt": "2026-06-11T09:00:00Z"}, {"displayFulfillmentStatus": "PARTIALLY_FULFILLED"}, {"displayFulfillmentStatus": "FULFILLED"},
     {"returns": {"nodes": [{"id": "gid://shopify/Return/1", "status": "OPEN"}]}}],
)  # fmt: skip
def test_what_cant_be_cancelled_is_not_tried(shop_on_shopify: Shop, changes: dict[str, Any]) -> None:
    shop_on_shopify.put(**changes)
    assert shop_on_shopify.call("cancel_order", order="#1042").result.status == "failed"
    assert shop_on_shopify.effects == []


def test_user_errors_say_why_nothing_was_done(shop_on_shopify: Shop) -> None:
    shop_on_shopify.errors["orderCancel"] = [
        {"field": ["orderId"], "message": "The order has a pending payment", "code": "INVALID"}
    ]
    done = shop_on_shopify.call("cancel_order", order="#1042")
    assert (done.result.status, done.result.error) == ("failed", "The order has a pending payment")


def test_a_job_that_does_not_end_leaves_it_uncertain(shop_on_shopify: Shop) -> None:
    shop_on_shopify.job_polls = -1
    shop_on_shopify.after = lambda name: (
        (200, {"data": {"job": {"id": "gid://shopify/Job/1", "done": True}}}) if name == "ReadJob" else None
    )
    done = shop_on_shopify.call("cancel_order", order="#1042")
    assert (done.result.status, done.result.error) == ("failed", "Shopify's job ended, and the order is not cancelled")
    shop_on_shopify.after = lambda name: (500, b"") if name == "ReadJob" else None
    assert shop_on_shopify.call("cancel_order", order="#1042", key="key-2").result.status == "uncertain"


# ---- money
def test_a_refund_goes_to_what_was_paid_with_and_once(shop_on_shopify: Shop) -> None:
    for _ in range(3):
        done = shop_on_shopify.call("refund_order", order="#1042", amount="20.00 EUR", reason="late")
        assert (done.result.status, done.result.value.amount) == ("done", EUR(20, "EUR"))
    (effect,) = shop_on_shopify.effects
    assert [(each["gateway"], each["amount"]) for each in effect[1]["transactions"]] == [
        ("gift_card", "15.00"),
        ("stripe", "5.00"),
    ]


@pytest.mark.parametrize("amount", ["65.01 EUR", "10.00 USD", "-1.00 EUR", "0.00 EUR"])
def test_no_refund_beyond_what_was_paid(shop_on_shopify: Shop, amount: str) -> None:
    assert shop_on_shopify.call("refund_order", order="#1042", amount=amount, reason="x").result.status in {
        "failed",
        "refused",
    }
    assert shop_on_shopify.effects == []


def test_a_refund_whose_answer_never_comes_is_uncertain_and_the_same_key_finds_it(shop_on_shopify: Shop) -> None:
    shop_on_shopify.after = lambda name: "silence" if name == "CreateRefund" else None
    assert (
        shop_on_shopify.call("refund_order", order="#1042", amount="20.00 EUR", reason="late").result.status
        == "uncertain"
    )
    shop_on_shopify.after = lambda _name: None
    assert (
        shop_on_shopify.call("refund_order", order="#1042", amount="20.00 EUR", reason="late").result.status == "done"
    )
    assert len(shop_on_shopify.effects) == 1


def test_a_gift_card_is_made_once_however_often_it_is_asked_for(shop_on_shopify: Shop) -> None:
    shop_on_shopify.after = lambda name: "silence" if name == "CreateGiftCard" else None
    assert shop_on_shopify.call("give_gift_card", amount="10.00 EUR", reason="sorry").result.status == "uncertain"
    shop_on_shopify.after = lambda _name: None
    card = shop_on_shopify.call("give_gift_card", amount="10.00 EUR", reason="sorry").result.value
    assert (card.kind, card.balance) == ("gift card", EUR(10, "EUR"))
    assert len(shop_on_shopify.effects) == 1
    assert shop_on_shopify.effects[0][1]["code"] == card.label
    other = shop_on_shopify.call("give_gift_card", amount="10.00 EUR", reason="sorry", key="key-2").result.value
    assert other.label != card.label
    assert shop_on_shopify.call("give_gift_card", amount="10.00 USD", reason="x", key="key-3").result.status == "failed"


def test_a_discount_is_for_the_customer_alone(shop_on_shopify: Shop) -> None:
    found = shop_on_shopify.call("give_discount", percent=Decimal("12.5"), days=30).result.value
    assert (found.percent, found.status, found.expires_at.isoformat()) == (
        Decimal("12.5"),
        "active",
        "2026-07-16T10:30:00+00:00",
    )
    given = shop_on_shopify.effects[0][1]
    assert given["context"] == {"customers": {"add": ["gid://shopify/Customer/7"]}}
    assert given["customerGets"]["value"] == {"percentage": 0.125}
    for percent, days in ((0, 30), (101, 30), (10, 0)):
        assert shop_on_shopify.call("give_discount", percent=percent, days=days, key="k").result.status == "failed"
    nobody = Customer(id=None, verification="verified")
    assert shop_on_shopify.call("give_discount", percent=10, days=1, who=nobody).result.status == "failed"


# ---- changing
def test_an_address_changes_before_the_parcel_leaves(shop_on_shopify: Shop) -> None:
    new = Address(name="Ada Byrne", line1="2 Quay St", city="Cork", postcode="T12", country="IE")
    assert shop_on_shopify.call("change_address", order="#1042", address=new).result.value.address.city == "Cork"
    assert shop_on_shopify.effects[0][1]["shippingAddress"] == {
        "firstName": "Ada", "lastName": "Byrne", "address1": "2 Quay St", "city": "Cork", "zip": "T12", "countryCode": "IE",
    }  # fmt: skip
    assert shop_on_shopify.call("change_address", order="#1042", address=Address(city="Cork")).result.status == "failed"
    shop_on_shopify.put(displayFulfillmentStatus="FULFILLED")
    assert shop_on_shopify.call("change_address", order="#1042", address=new).result.status == "failed"
    assert len(shop_on_shopify.effects) == 1


def test_an_edit_is_staged_then_committed(shop_on_shopify: Shop) -> None:
    assert shop_on_shopify.call("change_variant", order="#1042", item="10422", variant="31").result.status == "done"
    asked = dict(shop_on_shopify.asked)
    assert asked["SetQuantity"] == {
        "id": "gid://shopify/CalculatedOrder/1",
        "lineItemId": "gid://shopify/CalculatedLineItem/1",
        "quantity": 0,
        "restock": True,
    }
    assert asked["AddVariant"] == {
        "id": "gid://shopify/CalculatedOrder/1",
        "variantId": "gid://shopify/ProductVariant/31",
        "quantity": 2,
    }
    assert [name for name, _ in shop_on_shopify.effects] == ["orderEditCommit"]


def test_some_pieces_of_a_line_change_their_variant(shop_on_shopify: Shop) -> None:
    swap: dict[str, Any] = {"order": "#1042", "item": "10422", "variant": "31"}
    assert shop_on_shopify.call("change_variant", **swap, pieces=1).result.status == "done"
    asked = dict(shop_on_shopify.asked)
    assert (asked["SetQuantity"]["quantity"], asked["AddVariant"]["quantity"]) == (1, 1)
    for pieces in (0, 3, -1):
        assert shop_on_shopify.call("change_variant", **swap, pieces=pieces, key="k").result.status == "failed"
    assert len(shop_on_shopify.effects) == 1


@pytest.mark.parametrize(
    ("step", "expected"), [("BeginEdit", "failed"), ("SetQuantity", "failed"), ("CommitEdit", "uncertain")]
)
def test_an_edit_that_breaks_before_its_commit_was_not_done(shop_on_shopify: Shop, step: str, expected: str) -> None:
    shop_on_shopify.after = lambda name: "silence" if name == step else None
    assert shop_on_shopify.call("change_quantity", order="#1042", item="10422", quantity=1).result.status == expected


def test_a_return_names_what_was_delivered(shop_on_shopify: Shop) -> None:
    done = shop_on_shopify.call("return_items", order="#1042", items=("10422",), reason="too small").result.value
    assert (done.id, done.order_id, done.item_ids) == ("5", "#1042", ("10422",))
    given = shop_on_shopify.effects[0][1]["returnLineItems"]
    assert [(each["fulfillmentLineItemId"], each["quantity"], each["returnReasonNote"]) for each in given] == [
        ("gid://shopify/FulfillmentLineItem/1", 2, "too small")
    ]
    assert shop_on_shopify.call("return_items", order="#1042", items=("99",), reason="x").result.status == "failed"


def test_an_exchange_brings_other_variants(shop_on_shopify: Shop) -> None:
    done = shop_on_shopify.call(
        "exchange_items", order="#1042", items=("10421",), variants=("12",), reason="size"
    ).result.value
    assert done.replacement_variant_ids == ("12",)
    assert shop_on_shopify.effects[0][1]["exchangeLineItems"] == [
        {"variantId": "gid://shopify/ProductVariant/12", "quantity": 1}
    ]
    assert (
        shop_on_shopify.call(
            "exchange_items", order="#1042", items=("10421",), variants=(), reason="size"
        ).result.status
        == "failed"
    )


def test_a_replacement_costs_nothing(shop_on_shopify: Shop) -> None:
    done = shop_on_shopify.call("send_replacement", order="#1042", items=("10421",), reason="broken")
    assert done.result.value.id == "#2001"
    draft = dict(shop_on_shopify.asked)["CreateDraft"]["input"]
    assert draft["appliedDiscount"]["value"] == 100.0
    assert draft["lineItems"] == [{"variantId": "gid://shopify/ProductVariant/11", "quantity": 1}]
    assert draft["purchasingEntity"] == {"customerId": "gid://shopify/Customer/7"}


@pytest.mark.parametrize(("step", "expected"), [("CreateDraft", "failed"), ("CompleteDraft", "uncertain")])
def test_a_replacement_that_breaks_on_the_way(shop_on_shopify: Shop, step: str, expected: str) -> None:
    shop_on_shopify.after = lambda name: "silence" if name == step else None
    assert (
        shop_on_shopify.call("send_replacement", order="#1042", items=("10421",), reason="broken").result.status
        == expected
    )


def test_a_draft_that_is_not_completed_is_named(shop_on_shopify: Shop) -> None:
    shop_on_shopify.errors["draftOrderComplete"] = [{"field": None, "message": "out of stock"}]
    done = shop_on_shopify.call("send_replacement", order="#1042", items=("10421",), reason="broken")
    assert (done.result.status, done.result.error) == ("failed", "the draft #D3 was not completed: out of stock")


# ---- what goes wrong
def test_throttling_waits_until_there_is_room(shop_on_shopify: Shop) -> None:
    shop_on_shopify.before = [THROTTLED, (429, b"")]
    assert shop_on_shopify.call("order_by_number", order_number="1042").result.status == "done"
    assert shop_on_shopify.waited == [2.0, 1.0]
    shop_on_shopify.before = [None, None, THROTTLED]
    done = shop_on_shopify.call("refund_order", order="#1042", amount="5.00 EUR", reason="x")
    assert done.result.status == "done", "a throttled write did nothing, so it is sent again"
    shop_on_shopify.before = [THROTTLED] * 9
    assert shop_on_shopify.call("order_by_number", order_number="1042").result.status == "failed"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((401, {"errors": "[API] Invalid API key or access token"}), "failed"), ((402, b""), "failed"), ((423, b"{}"), "failed"),
        ((500, b"oops"), "uncertain"), ((502, b"<html>"), "uncertain"), ((200, b"<html>"), "uncertain"), ((200, {}), "uncertain"),
        ((200, {"errors": [{"message": "internal", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}), "uncertain"),
        ((200, {"errors": [{"message": "denied", "extensions": {"code": "ACCESS_DENIED"}}], "data": {"orderUpdate": None}}), "failed"),
        ((200, {"errors": [{"message": "half"}], "data": {"orderUpdate": None}}), "uncertain"),
        ((200, {"errors": [{"message": "no such field"}]}), "failed"), ((200, {"data": {"orderUpdate": None}}), "uncertain"),
        ((200, {"data": {"orderUpdate": {"order": {"name": 1}, "userErrors": []}}}), "uncertain"), ((200, {"errors": ["x", 1]}), "failed"),
    ],
)  # fmt: skip
def test_a_write_is_told_for_what_is_known_of_it(shop_on_shopify: Shop, answer: Any, expected: str) -> None:
    shop_on_shopify.after = lambda name: answer if name == "UpdateOrder" else None
    new = Address(line1="2 Quay St", city="Cork", country="IE")
    assert shop_on_shopify.call("change_address", order="#1042", address=new).result.status == expected


def test_a_foreign_order_is_nobodys_business(shop_on_shopify: Shop) -> None:
    stranger = Customer(id="8", verification="verified", orders=())
    for name, more in (("cancel_order", {}), ("refund_order", {"amount": "5.00 EUR", "reason": "x"})):
        assert shop_on_shopify.call(name, order="#1042", who=stranger, **more).result.status == "refused"
    assert shop_on_shopify.call("orders_of", customer="7", who=stranger).result.status == "refused"
    assert shop_on_shopify.asked == []


@pytest.mark.parametrize(
    "domain", ["shop.example", "x.myshopify.com.evil.example", "evil.example/x.myshopify.com", "", "a b.myshopify.com"]
)
def test_only_shopify_is_called(domain: str) -> None:
    with pytest.raises(Exception, match="no Shopify domain"):
        ShopifyClient.of(domain, "shpat_0123456789")
    with pytest.raises(Exception, match="access token"):
        ShopifyClient.from_environment({"SHOPIFY_DOMAIN": "wren.myshopify.com"})
    assert "shpat" not in repr(ShopifyClient.of("wren.myshopify.com", "shpat_0123456789"))
