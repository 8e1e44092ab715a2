"""Returns and exchanges of pieces of lines on Shopify: opened over all parcels, booked once when the goods are back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.integrations.conftest import Shop

MUG: dict[str, Any] = {"order": "#1042", "items": ("10422",), "reason": "too small"}


def test_one_of_two_pieces_goes_back_for_a_standard_reason(shop_on_shopify: Shop) -> None:
    done = shop_on_shopify.call("return_items", **MUG, quantities=(1,), reason_handle="too-small").result
    assert (done.status, done.value.id, done.value.status) == ("done", "5", "label sent")
    assert shop_on_shopify.effects[0][1]["returnLineItems"] == [
        {
            "fulfillmentLineItemId": "gid://shopify/FulfillmentLineItem/1", "quantity": 1, "returnReasonNote": "too small",
            "returnReasonDefinitionId": "gid://shopify/ReturnReasonDefinition/1",
        }
    ]  # fmt: skip


def test_pieces_of_a_line_that_came_in_two_parcels(shop_on_shopify: Shop) -> None:
    line = {"id": "gid://shopify/LineItem/10422"}
    parcels = [
        {"id": f"gid://shopify/ReturnableFulfillment/{n}", "returnableFulfillmentLineItems": {"nodes": [
            {"quantity": 1, "fulfillmentLineItem": {"id": f"gid://shopify/FulfillmentLineItem/{n}", "lineItem": line}}]}}
        for n in (0, 1)
    ]  # fmt: skip
    shop_on_shopify.parcels_to_return = parcels
    assert shop_on_shopify.call("return_items", **MUG, quantities=(2,)).result.status == "done"
    given = shop_on_shopify.effects[0][1]["returnLineItems"]
    assert [(each["fulfillmentLineItemId"][-1], each["quantity"], each["returnReason"]) for each in given] == [
        ("0", 1, "OTHER"),
        ("1", 1, "OTHER"),
    ]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"quantities": (3,)}, "the order has 2 of line 10422, not 3"), ({"quantities": (0,)}, "not 0"),
        ({"items": ()}, "no line"), ({"reason_handle": "no-such"}, "Shopify has no reason 'no-such'"),
        ({"reason_handle": "old-one"}, "Shopify has no reason 'old-one'"),
    ],
)  # fmt: skip
def test_what_cant_be_returned_is_refused(shop_on_shopify: Shop, wrong: dict[str, Any], why: str) -> None:
    done = shop_on_shopify.call("return_items", **{**MUG, **wrong}).result
    assert done.status == "failed"
    assert why in str(done.error)
    assert shop_on_shopify.effects == []


def test_fewer_pieces_than_asked_for_can_be_returned(shop_on_shopify: Shop) -> None:
    shop_on_shopify.parcels_to_return = []
    done = shop_on_shopify.call("return_items", **MUG).result
    assert (done.status, done.error) == ("failed", "0 of line 10422 can be returned, not 2")


def test_an_exchange_swaps_as_many_pieces_as_go_back_unless_told_otherwise(shop_on_shopify: Shop) -> None:
    assert shop_on_shopify.call("exchange_items", **MUG, variants=("12",)).result.status == "done"
    shop_on_shopify.put()
    more: dict[str, Any] = {"variants": ("12", "13"), "variant_quantities": (1, 1)}
    assert shop_on_shopify.call("exchange_items", **MUG, **more, key="key-2").result.status == "done"
    assert [effect["exchangeLineItems"] for _, effect in shop_on_shopify.effects] == [
        [{"variantId": "gid://shopify/ProductVariant/12", "quantity": 2}],
        [{"variantId": f"gid://shopify/ProductVariant/{n}", "quantity": 1} for n in (12, 13)],
    ]
    for bad in (
        {"variants": ("12", "13")},
        {"variants": ("12", "12")},
        {"variants": ("12",), "variant_quantities": (0,)},
    ):
        assert shop_on_shopify.call("exchange_items", **MUG, **bad, key="key-3").result.status == "failed"
    assert len(shop_on_shopify.effects) == 2


def test_goods_that_are_back_are_booked_paid_and_swapped_once(shop_on_shopify: Shop) -> None:
    shop_on_shopify.call("exchange_items", **MUG, quantities=(1,), variants=("12",))
    back: dict[str, Any] = {
        "order": "#1042",
        "return_number": "5",
        "disposition": "restocked",
        "location": "77",
        "reason": "fine",
    }
    done = shop_on_shopify.call("process_return", **back, amount="20.00 EUR").result
    assert (done.status, done.value.status) == ("done", "refunded")
    _, given = shop_on_shopify.effects[-1]
    assert given["returnLineItems"] == [
        {"id": "gid://shopify/ReturnLineItem/50", "quantity": 1, "dispositions": [
            {"reverseFulfillmentOrderLineItemId": "gid://shopify/ReverseFulfillmentOrderLineItem/70", "quantity": 1,
             "dispositionType": "RESTOCKED", "locationId": "gid://shopify/Location/77"}]}
    ]  # fmt: skip
    assert given["exchangeLineItems"] == [{"id": "gid://shopify/ExchangeLineItem/60", "quantity": 1}]
    paid = given["financialTransfer"]["issueRefund"]["orderTransactions"]
    assert [(each["parentId"][-1], each["transactionAmount"]["amount"]) for each in paid] == [
        ("1", "15.00"),
        ("2", "5.00"),
    ]
    again = shop_on_shopify.call("process_return", **back, key="key-2").result
    assert (again.status, again.error) == ("failed", "the return is closed")
    assert len(shop_on_shopify.effects) == 2


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"location": None}, "goes to a location"), ({"disposition": "missing"}, "goes to a location"),
        ({"return_number": "6"}, "no such return"), ({"return_number": "5) {"}, "no id of a Shopify Return"),
        ({"amount": "99.00 EUR"}, "more than can be paid back"), ({"amount": "-1.00 EUR"}, "below zero"), ({"amount": "0.00 EUR"}, "nothing is paid back"),
    ],
)  # fmt: skip
def test_a_return_that_cant_be_booked_so_is_left_alone(shop_on_shopify: Shop, wrong: dict[str, Any], why: str) -> None:
    shop_on_shopify.call("return_items", **MUG)
    back: dict[str, Any] = {
        "order": "#1042",
        "return_number": "5",
        "disposition": "restocked",
        "location": "77",
        "reason": "fine",
    }
    done = shop_on_shopify.call("process_return", **{**back, **wrong}, key="key-2").result
    assert done.status in {"failed", "refused"}
    assert why in str(done.error)
    assert len(shop_on_shopify.effects) == 1


@pytest.mark.parametrize(("step", "expected"), [("ReadReturn", "failed"), ("ProcessReturn", "uncertain")])
def test_a_booking_without_an_answer(shop_on_shopify: Shop, step: str, expected: str) -> None:
    shop_on_shopify.call("return_items", **MUG)
    shop_on_shopify.after = lambda name: "silence" if name == step else None
    back: dict[str, Any] = {"order": "#1042", "return_number": "5", "disposition": "not restocked", "reason": "worn"}
    assert shop_on_shopify.call("process_return", **back, key="key-2").result.status == expected
