"""Long records on Shopify: read whole over several pages, each within what one request may cost, or refused by name."""

from __future__ import annotations

from itertools import count, repeat
from typing import TYPE_CHECKING, Any

import pytest
from graphql import build_schema, parse
from tests.integrations.conftest import SCHEMA, new_order
from tests.integrations.shopify_cost import MOST, Bucket, requested_cost, too_costly

from convagent.actions import ActionFailedError
from convagent.facts import Address, Money, knows
from convagent.integrations.shopify import OPERATIONS
from convagent.integrations.shopify.documents import LARGEST

if TYPE_CHECKING:
    from tests.integrations.conftest import Shop

EUR = Money.of
REFUSED: Any = (200, {"errors": [{"message": "the page broke", "extensions": {"code": "BAD_REQUEST"}}]})
PRICE = {"presentmentMoney": {"amount": "2.00", "currencyCode": "EUR"}}


def lines(count: int) -> dict[str, Any]:
    return {
        "nodes": [
            {"id": f"gid://shopify/LineItem/{n}", "name": f"Part {n}", "sku": None, "currentQuantity": 1, "variantTitle": None,
             "product": {"id": f"gid://shopify/Product/{n}"}, "variant": {"id": f"gid://shopify/ProductVariant/{n}"},
             "originalUnitPriceSet": PRICE, "refundableQuantity": 1}
            for n in range(1, count + 1)
        ]
    }  # fmt: skip


def parcels(count: int, inside: int) -> list[Any]:
    """Parcels with so many lines each: the first parcel has the first ones."""
    return [
        {"id": f"gid://shopify/Fulfillment/{n}", "displayStatus": "DELIVERED", "createdAt": "2026-06-11T09:00:00Z",
         "deliveredAt": f"2026-06-12T09:00:{n % 60:02}Z", "inTransitAt": None, "estimatedDeliveryAt": None,
         "trackingInfo": [{"company": "An Post", "number": str(n), "url": None}],
         "fulfillmentLineItems": {"nodes": [
             {"id": f"gid://shopify/FulfillmentLineItem/{n * inside + k}", "lineItem": {"id": f"gid://shopify/LineItem/{n * inside + k + 1}"}}
             for k in range(inside)]}}
        for n in range(count)
    ]  # fmt: skip


def refunds(count: int) -> list[Any]:
    return [
        {"id": f"gid://shopify/Refund/{n}", "createdAt": "2026-06-12T09:00:00Z", "note": "old", "totalRefundedSet": PRICE,
         "transactions": {"nodes": []}}
        for n in range(1, count + 1)
    ]  # fmt: skip


def returns(count: int) -> dict[str, Any]:
    return {"nodes": [{"id": f"gid://shopify/Return/{n}", "status": "CLOSED"} for n in range(1, count + 1)]}


# ---- what a request costs
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_no_document_asks_for_more_than_one_request_may(name: str) -> None:
    document = OPERATIONS[name].document
    assert "$first" not in document, "sizes stand in the document, so that no variable makes it dearer"
    assert 0 < requested_cost(SCHEMA, parse(document), {}) < MOST


def test_the_reckoning_is_the_published_one() -> None:
    def cost(document: str, **variables: Any) -> int:
        return requested_cost(SCHEMA, parse(document), variables)

    inventory = "{ product(id: 1) { variants(first: 250) { nodes { inventoryItem { tracked } } } } }"
    assert cost(inventory) == 503, "as reckoned in public: 1 + 2 + 250 x (1 + 1)"
    assert cost("{ shop { currencyCode } }") == 1
    assert cost("query Q($n: Int) { orders(first: $n) { nodes { id } pageInfo { hasNextPage } } }", n=7) == 2 + 7 + 1
    assert cost("{ order(id: 1) { fulfillments(first: 20) { trackingInfo(first: 3) { url } } } }") == 1 + 20 * (1 + 3)
    assert cost('mutation { orderUpdate(input: {id: "1"}) { userErrors { message } } }') == 10 + 1
    dearest = "{ return(id: 1) { returnLineItems(first: 2) { nodes { id ... on ReturnLineItem { fulfillmentLineItem { id } } } } } }"
    assert cost(dearest) == 1 + 2 + 2 * (1 + 1), "the dearest type of an interface"
    for wrong in ("{ orders { nodes { id } } }", "{ orders(first: 251) { nodes { id } } }"):
        with pytest.raises(ValueError, match="size"):
            cost(wrong)
    union = build_schema("type Query { a: U } union U = P | Q type P { x: P } type Q { x: Int }")
    assert requested_cost(union, parse("{ a { ... on P { x { x { __typename } } } ... on Q { x } } }"), {}) == 3


def test_the_local_shop_refuses_what_shopify_refuses(shop_on_shopify: Shop) -> None:
    dear = "query All { orders(first: 50) { nodes { lineItems(first: 100) { nodes { product { id } } } } } }"
    (error,) = shop_on_shopify.answer(dear, {})["errors"]
    assert error["extensions"] == {**error["extensions"], "code": "MAX_COST_EXCEEDED", "cost": 10152, "maxCost": 1000}
    given = shop_on_shopify.answer("query One { shop { currencyCode } }", {})["extensions"]["cost"]
    assert (given["requestedQueryCost"], given["throttleStatus"]["currentlyAvailable"]) == (1, 1999)


def test_a_request_that_costs_too_much_is_told_and_not_repeated(shop_on_shopify: Shop) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [("ReadShop", {}), ("CreateDraft", {"input": {}})]
    for name, variables in calls:
        shop_on_shopify.asked.clear()
        shop_on_shopify.before = [(200, too_costly(1723))]
        with pytest.raises(
            ActionFailedError, match=f"didn't begin {name}: it asks for 1723 points, and 1000"
        ) as caught:
            shop_on_shopify.client.run(name, variables)
        assert (caught.value.code, len(shop_on_shopify.asked)) == ("shopify-query-cost", 1)
        assert "pages smaller" in str(caught.value.remedy)
    assert shop_on_shopify.waited == []


# ---- long orders
@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 199, 200, 201, 250, 500])
def test_every_line_of_an_order_is_read_in_its_order(shop_on_shopify: Shop, count: int) -> None:
    shop_on_shopify.put(lineItems=lines(count))
    order = shop_on_shopify.call("order_by_number", order_number="1042").result.value
    assert [line.id for line in order.items] == [str(n) for n in range(1, count + 1)]
    assert all(cost < MOST for _, cost in shop_on_shopify.costs)


@pytest.mark.parametrize(
    ("count", "inside"), [(0, 0), (9, 3), (10, 3), (11, 3), (3, 10), (3, 11), (2, 260), (12, 25), (30, 1)]
)
def test_every_parcel_is_read_with_all_that_is_in_it(shop_on_shopify: Shop, count: int, inside: int) -> None:
    shop_on_shopify.put(
        lineItems=lines(count * inside), fulfillments=parcels(count, inside), displayFulfillmentStatus="FULFILLED"
    )
    order = shop_on_shopify.call("order_by_number", order_number="1042").result.value
    assert [each.tracking_number for each in order.shipments] == [str(n) for n in range(count)]
    sent = [item for each in order.shipments for item in each.item_ids]
    assert sent == [line.id for line in order.items]
    assert (order.status == "delivered") == (count > 0)


@pytest.mark.parametrize("count", [9, 10, 11, 249])
def test_every_refund_and_return_is_read(shop_on_shopify: Shop, count: int) -> None:
    shop_on_shopify.put(refunds=refunds(count), returns=returns(count))
    order = shop_on_shopify.call("order_by_number", order_number="1042").result.value
    assert (len(order.refunds), len(order.returns)) == (count, count)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("ReadOrderLines", "order #1042: 50 lines were read and not the rest: the page broke"),
        ("ReadOrderReturns", "order #1042: 10 returns were read"), ("ReadRefunds", "order #1042: 10 refunds were read"),
        ("ReadParcels", "order #1042: 10 parcels were read"), ("ReadParcelLines", "order #1042: 10 lines of a parcel were read"),
    ],
)  # fmt: skip
def test_a_page_that_fails_says_what_is_missing(shop_on_shopify: Shop, page: str, told: str) -> None:
    shop_on_shopify.put(lineItems=lines(250), fulfillments=parcels(20, 12), refunds=refunds(20), returns=returns(20))
    shop_on_shopify.after = lambda name: REFUSED if name == page else None
    done = shop_on_shopify.call("order_by_number", order_number="1042").result
    assert (done.status, done.value) == ("failed", None)
    assert str(done.error).startswith(told)
    shop_on_shopify.after = lambda _name: None
    assert len(shop_on_shopify.call("order_by_number", order_number="1042").result.value.items) == 250


def test_a_page_in_the_middle_is_tried_again_before_it_fails(shop_on_shopify: Shop) -> None:
    shop_on_shopify.put(lineItems=lines(250))
    broken = iter((True, True))
    shop_on_shopify.after = lambda name: "silence" if name == "ReadOrderLines" and next(broken, False) else None
    assert len(shop_on_shopify.call("order_by_number", order_number="1042").result.value.items) == 250
    assert shop_on_shopify.waited[:2] == [0.5, 1.0]


@pytest.mark.parametrize(
    "page",
    [
        None,
        {},
        {"hasNextPage": True},
        {"hasNextPage": True, "endCursor": None},
        {"hasNextPage": True, "endCursor": "50"},
    ],
)
def test_a_cursor_that_leads_nowhere_ends_the_reading(shop_on_shopify: Shop, page: Any) -> None:
    shop_on_shopify.put(lineItems=lines(250))
    stuck: Any = (200, {"data": {"order": {"id": "x", "lineItems": {"nodes": [], "pageInfo": page}}}})
    shop_on_shopify.after = lambda name: stuck if name == "ReadOrderLines" else None
    done = shop_on_shopify.call("order_by_number", order_number="1042").result
    assert done.status == "failed"
    assert "doesn't say whether or where there are more" in str(done.error)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"refunds": refunds(LARGEST)}, "250 refunds were read and not the rest: Shopify gives no more than 250"),
        ({"fulfillments": parcels(LARGEST, 0)}, "250 parcels were read and not the rest"),
        ({"fulfillments": parcels(80, 1)}, "69 parcels were read and not the rest: it takes too many requests"),
    ],
)  # fmt: skip
def test_what_is_too_long_is_refused_and_not_cut_short(shop_on_shopify: Shop, changes: Any, told: str) -> None:
    shop_on_shopify.put(**changes)
    done = shop_on_shopify.call("order_by_number", order_number="1042").result
    assert (done.status, done.value) == ("failed", None)
    assert told in str(done.error)


def test_a_long_order_waits_for_room_as_the_shop_says(shop_on_shopify: Shop) -> None:
    shop_on_shopify.put(lineItems=lines(500))
    shop_on_shopify.bucket = Bucket(most=1000, rate=50, left=1000)
    order = shop_on_shopify.call("order_by_number", order_number="1042").result.value
    assert len(order.items) == 500
    assert shop_on_shopify.waited, "the pages ask for more than the bucket holds"
    assert all(0 < each <= 20 for each in shop_on_shopify.waited)


# ---- lists
@pytest.mark.parametrize("count", [0, 3, 10, 25, 26, 50, 80])
def test_the_newest_ten_orders_are_whole_and_of_others_the_lines_are_unknown(shop_on_shopify: Shop, count: int) -> None:
    numbers = range(3000, 3000 - count, -1)
    shop_on_shopify.orders = {
        f"#{number}": new_order(number, fulfillments=parcels(2, 1), displayFulfillmentStatus="FULFILLED") for number in numbers
    }  # fmt: skip
    found = shop_on_shopify.call("orders_of", customer="7").result.value
    assert [order.id for order in found] == [f"#{number}" for number in numbers][:50]
    assert [knows(order, "items") for order in found] == [place < 10 for place in range(min(count, 50))]
    assert all(len(order.items) == 2 and len(order.shipments) == 2 for order in found[:10])
    assert not any(knows(order, name) for order in found[10:] for name in ("shipments", "refunds", "returns"))
    assert all((order.status, order.total) == ("delivered", EUR("65", "EUR")) for order in found)
    assert all(order.delivered_at.second == 1 for order in found)
    asked = [name for name, _ in shop_on_shopify.asked]
    assert asked.count("FindOrders") == (2 if count > 25 else 1)
    assert len(asked) == asked.count("FindOrders") + min(count, 10)


def test_of_an_older_order_in_many_parcels_it_is_not_known_whether_all_came(shop_on_shopify: Shop) -> None:
    shop_on_shopify.orders = {
        f"#{number}": new_order(number, fulfillments=parcels(12, 1), displayFulfillmentStatus="FULFILLED") for number in range(11)
    }  # fmt: skip
    *_, oldest = shop_on_shopify.call("orders_of", customer="7").result.value
    assert (oldest.status, knows(oldest, "delivered_at")) == ("shipped", False)


def test_a_list_that_breaks_in_the_middle_is_no_list(shop_on_shopify: Shop) -> None:
    shop_on_shopify.orders = {f"#{number}": new_order(number) for number in range(30)}
    for cursors in (repeat(None), map(str, count())):

        def endless(name: str, cursors: Any = cursors) -> Any:
            page = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": next(cursors)}}
            return (200, {"data": {"orders": page}}) if name == "FindOrders" else None

        shop_on_shopify.asked.clear()
        shop_on_shopify.after = endless
        assert shop_on_shopify.call("orders_of", customer="7").result.status == "failed"
        assert len(shop_on_shopify.asked) in {1, 10}
    for page in ("FindOrders", "ReadOrder"):
        answered = iter((None,))
        shop_on_shopify.after = lambda name, page=page, answered=answered: (  # type: ignore[misc]
            next(answered, REFUSED) if name == page else None
        )
        done = shop_on_shopify.call("orders_of", customer="7").result
        assert (done.status, done.value) == ("failed", None)


@pytest.mark.parametrize("count", [25, 26, 300])
def test_a_product_has_all_its_variants(shop_on_shopify: Shop, count: int) -> None:
    (product,) = shop_on_shopify.products
    (variant,) = product["variants"]["nodes"]
    many = [{**variant, "id": f"gid://shopify/ProductVariant/{n}"} for n in range(count)]
    shop_on_shopify.products = [{**product, "variants": {"nodes": many}}]
    (found,) = shop_on_shopify.call("find_products", words="lamp").result.value
    assert [each.id for each in found.variants] == [str(n) for n in range(count)]


def test_a_number_that_too_many_orders_fit_finds_none_of_them(shop_on_shopify: Shop) -> None:
    shop_on_shopify.orders = {str(n): new_order(1042) for n in range(26)}
    done = shop_on_shopify.call("order_by_number", order_number="1042").result
    assert (done.status, done.value) == ("failed", None)
    assert "more orders fit this number" in str(done.error)
    shop_on_shopify.orders = {str(n): new_order(1042) for n in range(2)}
    assert shop_on_shopify.call("order_by_number", order_number="1042").result.value is None


# ---- writing to long orders
def test_a_line_far_down_is_quoted_and_paid_back(shop_on_shopify: Shop) -> None:
    shop_on_shopify.put(lineItems=lines(250), refunds=refunds(40))
    goods: dict[str, Any] = {"order": "#1042", "items": ("240",)}
    assert shop_on_shopify.call("refund_quote", **goods).result.value == EUR(20, "EUR")
    for _ in range(2):
        done = shop_on_shopify.call("refund_items", **goods, amount="20.00 EUR", reason="x").result
        assert (done.status, done.value.amount, done.value.status) == ("done", EUR(20, "EUR"), "issued")
    assert len(shop_on_shopify.effects) == 1, "found again among 40 others"


def test_nothing_is_paid_back_where_it_cant_be_told_whether_it_was(shop_on_shopify: Shop) -> None:
    given: dict[str, Any] = {"order": "#1042", "amount": "20.00 EUR", "reason": "x"}
    assert shop_on_shopify.call("refund_order", **given).result.status == "done"
    shop_on_shopify.after = lambda name: REFUSED if name == "ReadRefund" else None
    again = shop_on_shopify.call("refund_order", **given).result
    assert again.status == "uncertain"
    assert "was made before" in str(again.error)
    shop_on_shopify.after = lambda _name: None
    (order,) = shop_on_shopify.orders.values()
    order["transactions"] *= 130
    assert "250 payments were read" in str(shop_on_shopify.call("refund_order", **given, key="key-2").result.error)
    assert len(shop_on_shopify.effects) == 1


def test_pieces_are_returned_from_many_parcels_of_many_lines(shop_on_shopify: Shop) -> None:
    shop_on_shopify.put(lineItems=lines(600))
    shop_on_shopify.parcels_to_return = [
        {"id": f"gid://shopify/ReturnableFulfillment/{n}", "returnableFulfillmentLineItems": {"nodes": [
            {"quantity": 1, "fulfillmentLineItem": part} for part in parcel["fulfillmentLineItems"]["nodes"]]}}
        for n, parcel in enumerate(parcels(15, 40))
    ]  # fmt: skip
    items = ("1", "30", "600")
    assert shop_on_shopify.call("return_items", order="#1042", items=items, reason="x").result.status == "done"
    given = shop_on_shopify.effects[0][1]["returnLineItems"]
    assert [each["fulfillmentLineItemId"].rsplit("/", 1)[1] for each in given] == ["0", "29", "599"]
    shop_on_shopify.after = lambda name: REFUSED if name == "ReadReturnableLines" else None
    broken = shop_on_shopify.call("return_items", order="#1042", items=items, reason="x", key="key-2").result
    assert (broken.status, len(shop_on_shopify.effects)) == ("failed", 1)


def test_a_change_that_was_done_is_done_though_the_rest_of_the_order_cant_be_read(shop_on_shopify: Shop) -> None:
    shop_on_shopify.put(lineItems=lines(80))
    answered = iter((None,))
    shop_on_shopify.after = lambda name: next(answered, REFUSED) if name == "ReadOrderLines" else None
    new = Address(line1="2 Quay St", city="Cork", country="IE")
    done = shop_on_shopify.call("change_address", order="#1042", address=new).result
    assert (done.status, done.value.address.city, knows(done.value, "items")) == ("done", "Cork", False)


def test_what_is_too_long_for_one_request_is_left_to_a_person(shop_on_shopify: Shop) -> None:
    shop_on_shopify.put(lineItems=lines(251))
    everything = tuple(str(n) for n in range(1, 252))
    for name, more, told in (
        ("change_quantity", {"item": "3", "quantity": 0}, "more lines than an edit shows"),
        ("refund_quote", {"items": everything}, "no more than 250 lines at once, not 251"),
        ("return_items", {"items": everything, "reason": "x"}, "no more than 250 lines at once"),
    ):
        done = shop_on_shopify.call(name, order="#1042", **more).result
        assert done.status == "failed"
        assert told in str(done.error)
    some: dict[str, Any] = {"order": "#1042", "reason": "x"}
    assert shop_on_shopify.call("return_items", **some, items=everything[:60]).result.status == "done"
    back = {**some, "return_number": "5", "disposition": "not restocked"}
    assert "a person must book it" in str(shop_on_shopify.call("process_return", **back, key="key-2").result.error)
    assert [name for name, _ in shop_on_shopify.effects] == ["returnCreate"]
