"""Refunds of pieces of lines on Shopify: the amount is learnt first, paid back as it was told, and once whatever breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.actions.http.run import ServiceRefusedError
from convagent.facts import Customer, LineItem, Money, Order
from convagent.integrations.shopify.pieces import pieces_of

if TYPE_CHECKING:
    from tests.integrations.conftest import Shop

EUR = Money.of
GOODS: dict[str, Any] = {"order": "#1042", "items": ("10422",), "quantities": (1,)}


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5), max_size=5), st.lists(st.sampled_from("abcdefg"), max_size=4),
    st.lists(st.integers(-2, 7), max_size=4),
)  # fmt: skip
def test_no_pieces_but_those_of_the_order_are_ever_meant(
    has: dict[str, int], items: list[str], quantities: list[int]
) -> None:
    lines = tuple(LineItem(id=name, name=name, quantity=count, price=EUR(1, "EUR")) for name, count in has.items())
    try:
        meant = pieces_of(Order(id="#1", status="shipped", items=lines), items, quantities)
    except ServiceRefusedError:
        return
    assert list(meant) == items
    assert all(1 <= count <= has[name] for name, count in meant.items())
    assert not quantities or list(meant.values()) == quantities


def test_the_amount_is_learnt_before_anything_is_paid_back(shop_on_shopify: Shop) -> None:
    assert shop_on_shopify.call("refund_quote", **GOODS).result.value == EUR(20, "EUR")
    assert shop_on_shopify.call("refund_quote", **GOODS, shipping="paid back").result.value == EUR(25, "EUR")
    assert shop_on_shopify.call("refund_quote", order="#1042", shipping="paid back").result.value == EUR(5, "EUR")
    assert shop_on_shopify.call("refund_quote", order="#1042", items=("10421", "10422")).result.value == EUR(60, "EUR")
    assert shop_on_shopify.effects == []


def test_pieces_go_back_with_each_payment_and_to_the_shelf(shop_on_shopify: Shop) -> None:
    refund = shop_on_shopify.call(
        "refund_items", **GOODS, amount="25.00 EUR", reason="broken", shipping="paid back", restock="return"
    ).result.value
    assert (refund.amount, refund.status, refund.reason) == (EUR(25, "EUR"), "issued", "broken")
    ((_, given),) = shop_on_shopify.effects
    assert given["refundLineItems"] == [
        {
            "lineItemId": "gid://shopify/LineItem/10422", "quantity": 1, "restockType": "RETURN",
            "locationId": "gid://shopify/Location/77",
        }
    ]  # fmt: skip
    assert given["shipping"] == {"fullRefund": True}
    assert [(each["parentId"][-1], each["gateway"], each["amount"]) for each in given["transactions"]] == [
        ("1", "gift_card", "15.00"),
        ("2", "stripe", "10.00"),
    ]
    assert given["note"].startswith("broken [ref ")


@pytest.mark.parametrize(
    ("restock", "location", "sent"),
    [
        ("no", None, {"restockType": "NO_RESTOCK"}),
        ("cancel", "5", {"restockType": "CANCEL", "locationId": "gid://shopify/Location/5"}),
        ("no", "5", None), ("return", "5/../1", None),
    ],
)  # fmt: skip
def test_where_pieces_go_back_to(shop_on_shopify: Shop, restock: str, location: str | None, sent: Any) -> None:
    done = shop_on_shopify.call(
        "refund_items", **GOODS, amount="20.00 EUR", reason="x", restock=restock, location=location
    ).result
    if sent is None:
        assert (done.status, shop_on_shopify.effects) == ("failed", [])
        return
    (line,) = shop_on_shopify.effects[0][1]["refundLineItems"]
    assert {name: line[name] for name in line if name not in {"lineItemId", "quantity"}} == sent


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": "19.99 EUR"}, "20.00 EUR would be paid back for it"), ({"amount": "20.00 USD"}, "would be paid back"),
        ({"quantities": (3,)}, "the order has 2 of line 10422, not 3"), ({"quantities": (0,)}, "not 0"), ({"quantities": (-1,)}, "not -1"),
        ({"quantities": (1, 1)}, "don't fit together"), ({"items": ("99",)}, "no such lines"), ({"items": ()}, "no line"),
        ({"items": ("10422", "10422"), "quantities": (1, 1)}, "one of them twice"),
    ],
)  # fmt: skip
def test_a_refund_that_is_not_what_was_told_is_refused(shop_on_shopify: Shop, wrong: dict[str, Any], why: str) -> None:
    done = shop_on_shopify.call("refund_items", **{**GOODS, "amount": "20.00 EUR", "reason": "x", **wrong}).result
    assert done.status == "failed"
    assert why in str(done.error)
    assert shop_on_shopify.effects == []


def test_pieces_that_went_back_before_dont_go_back_again(shop_on_shopify: Shop) -> None:
    for number in (1, 2):
        given = {**GOODS, "amount": "20.00 EUR", "reason": "x", "key": f"key-{number}"}
        assert shop_on_shopify.call("refund_items", **given).result.status == "done"
    third = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x", key="key-3").result
    assert (third.status, third.error) == ("failed", "0 of line 10422 can be paid back, not 1")
    assert len(shop_on_shopify.effects) == 2


@pytest.mark.parametrize("action", ["refund_items", "refund_order"])
def test_a_refund_that_got_no_answer_is_found_again_even_when_its_key_is_forgotten(
    shop_on_shopify: Shop, action: str
) -> None:
    given = {"order": "#1042", "amount": "20.00 EUR", "reason": "late"} | (GOODS if action == "refund_items" else {})
    shop_on_shopify.after = lambda name: "silence" if name == "CreateRefund" else None
    assert shop_on_shopify.call(action, **given).result.status == "uncertain"
    shop_on_shopify.after = lambda _name: None
    shop_on_shopify.keys.clear()  # Shopify keeps a key for a day
    again = shop_on_shopify.call(action, **given).result
    assert (again.status, again.value.amount, again.value.id) == ("done", EUR(20, "EUR"), "9")
    assert len(shop_on_shopify.effects) == 1
    assert [name for name, _ in shop_on_shopify.asked].count("CreateRefund") == 1


def test_the_same_refund_that_is_under_way_is_waited_for(shop_on_shopify: Shop) -> None:
    shop_on_shopify.under_way = 2
    assert shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x").result.status == "done"
    assert shop_on_shopify.waited == [0.5, 1.0]
    shop_on_shopify.under_way = 99
    never = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x", key="key-2").result
    assert (never.status, never.error) == ("uncertain", "the same refund is still under way")


def test_a_key_that_shopify_knows_with_other_figures_is_put_before_a_person(shop_on_shopify: Shop) -> None:
    shop_on_shopify.errors["refundCreate"] = [
        {"field": None, "message": "The same idempotency key cannot be used with different operation parameters."}
    ]
    done = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x").result
    assert done.status == "uncertain"
    shop_on_shopify.errors.clear()
    told = [{"message": "known", "extensions": {"code": "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"}}]
    shop_on_shopify.after = lambda name: (200, {"errors": told}) if name == "CreateRefund" else None
    done = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x", key="key-2").result
    assert done.status == "uncertain"


@pytest.mark.parametrize(
    ("payments", "expected", "status"),
    [("SUCCESS", "done", "issued"), ("PENDING", "done", "pending"), ("FAILURE", "uncertain", None), ("ERROR", "uncertain", None)],
)  # fmt: skip
def test_a_refund_in_the_books_is_no_money_on_its_way(
    shop_on_shopify: Shop, payments: str, expected: str, status: str | None
) -> None:
    shop_on_shopify.payments = payments
    done = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x").result
    assert done.status == expected
    if status is not None:
        assert (done.value.status, done.value.amount) == (status, EUR(20, "EUR"))
    else:
        assert "2 of its 2 payments failed" in str(done.error)


def test_throttling_and_user_errors_pay_nothing_back(shop_on_shopify: Shop) -> None:
    throttled = (200, {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]})
    shop_on_shopify.before = [None, None, None, throttled]
    assert shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x").result.status == "done"
    assert len(shop_on_shopify.effects) == 1
    shop_on_shopify.errors["refundCreate"] = [{"field": ["orderId"], "message": "The order is archived"}]
    refused = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x", key="key-2").result
    assert (refused.status, refused.error) == ("failed", "The order is archived")


def test_nobody_elses_order_is_quoted_or_paid_back(shop_on_shopify: Shop) -> None:
    stranger = Customer(id="8", verification="verified", orders=())
    assert shop_on_shopify.call("refund_quote", **GOODS, who=stranger).result.status == "refused"
    done = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x", who=stranger).result
    assert done.status == "refused"
    assert shop_on_shopify.asked == []


def test_a_payment_without_a_parent_is_left_to_a_person(shop_on_shopify: Shop) -> None:
    (order,) = shop_on_shopify.orders.values()
    order["transactions"][0]["gateway"] = None
    done = shop_on_shopify.call("refund_items", **GOODS, amount="20.00 EUR", reason="x").result
    assert (done.status, done.error) == ("failed", "a part was paid in a way that a person must pay back")
