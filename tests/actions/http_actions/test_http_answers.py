"""What an answer comes to: results in the shop's types, and done, none, refused, failed or uncertain told apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from convagent.facts import Money, Order, Shipment, knows

if TYPE_CHECKING:
    from tests.actions.http_actions.conftest import Caller

PARCEL = """
[actions.find]
kind = "lookup"
parameters = { number = "text" }
request = { url = "/parcels/{{ number }}" }
outcomes = [
  { status = 404, means = "none" },
  { status = [409, 422], means = "refused", text = "the carrier refused", text_from = "error.message" },
]
[actions.find.result]
type = "shipment or none"
from = "parcel"
[actions.find.result.fields]
id = "number"
status = { from = "state", values = { MOVING = "in transit", HOME = "delivered" }, otherwise = "delayed" }
expected_on = "eta"
delivered_at = "delivered"
"""

REFUND = """
[actions.refund]
kind = "write"
parameters = { order = "text" }
request = { method = "POST", url = "/refunds", json = { order = "{{ order }}" } }
outcomes = [{ when = "errors", means = "refused", text_from = "errors[].message" }]
[actions.refund.result]
type = "refund"
[actions.refund.result.fields]
id = "id"
amount = { minor = "cents", currency = "currency" }
status = "state"
"""


def test_an_answer_becomes_a_fact(caller: Caller) -> None:
    caller.service.says({"parcel": {"number": 17, "state": "MOVING", "eta": "2026-06-20", "delivered": None}})
    found = caller(PARCEL, {"number": "17"}).result.value
    assert found == Shipment(id="17", status="in transit", expected_on=date(2026, 6, 20), delivered_at=None)
    assert knows(found, "delivered_at")
    assert not knows(found, "carrier")


def test_a_word_that_was_not_named_gets_the_one_for_the_rest(caller: Caller) -> None:
    caller.service.says({"parcel": {"number": "17", "state": "STRANGE"}})
    assert caller(PARCEL, {"number": "17"}).result.value.status == "delayed"


def test_not_found_is_none(caller: Caller) -> None:
    caller.service.says({"error": "no such parcel"}, status=404)
    done = caller(PARCEL, {"number": "17"})
    assert (done.result.status, done.result.value) == ("done", None)


def test_a_refusal_says_why(caller: Caller) -> None:
    caller.service.says({"error": {"message": "it has left already"}}, status=409)
    done = caller(PARCEL, {"number": "17"})
    assert done.result.status in {"refused", "failed"}
    assert done.result.error == "the carrier refused: it has left already"


def test_amounts_are_exact(caller: Caller) -> None:
    text = """
    [actions.orders_of]
    kind = "lookup"
    parameters = { customer = "text" }
    provides = "Customer.orders"
    request = { url = "/orders", query = { customer = "{{ customer }}" } }
    [actions.orders_of.result]
    type = "list of order"
    from = "orders"
    [actions.orders_of.result.fields]
    id = "join('', ['#', to_string(number)])"
    status = "state"
    total = { from = "@", amount = "total", currency = "'EUR'" }
    items = { from = "lines", fields = { id = "id", name = "title", quantity = "n", price = { amount = "price", currency = "cur" } } }
    """
    line = {"id": "l1", "title": "Lamp", "n": 2, "price": "19.9500", "cur": "EUR"}
    caller.service.says({"orders": [{"number": 1042, "state": "shipped", "total": 0.1 + 0.2, "lines": [line]}]})
    assert caller(text, {"customer": "7"}).result.status == "failed", "0.30000000000000004 EUR is no amount"
    caller.service.says({"orders": [{"number": 1042, "state": "shipped", "total": 39.90, "lines": [line]}]})
    (order,) = caller(text, {"customer": "7"}).result.value
    assert isinstance(order, Order)
    assert (order.id, order.total, order.items[0].price) == (
        "#1042",
        Money.of("39.90", "EUR"),
        Money.of("19.95", "EUR"),
    )


def test_types_of_the_file_are_types_like_any_other(caller: Caller) -> None:
    text = """
    [types.locker_place]
    city = "text"
    free = "number"
    open = "yes or no or none"
    [actions.lockers]
    kind = "lookup"
    request = { url = "/lockers" }
    [actions.lockers.result]
    type = "list of locker place"
    fields = { city = "name", free = "doors[?free] | length(@)", open = "open" }
    """
    caller.service.says(
        [{"name": "Cork", "doors": [{"free": True}, {"free": False}], "open": False}, {"name": "Galway", "doors": []}]
    )
    first, second = caller(text).result.value
    assert (first.city, first.free, first.open) == ("Cork", Decimal(1), False)
    assert (second.city, second.free, second.open) == ("Galway", Decimal(0), None)


def test_a_write_that_the_service_explains_as_not_done_was_not_done(caller: Caller) -> None:
    caller.service.says({"errors": [{"message": "already refunded"}, {"message": "ask a person"}]})
    done = caller(REFUND, {"order": "1"})
    assert done.result.status in {"refused", "failed"}
    assert done.result.error == "already refunded; ask a person"


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (400, "lookup", "failed"), (500, "lookup", "failed"), (302, "lookup", "failed"), (400, "write", "failed"),
        (403, "write", "failed"), (429, "write", "failed"), (408, "write", "uncertain"), (500, "write", "uncertain"),
        (503, "write", "uncertain"), (302, "write", "uncertain"), (307, "write", "uncertain"),
    ],
)  # fmt: skip
def test_a_fault_of_the_service_leaves_a_write_uncertain_and_a_refusal_does_not(
    caller: Caller, status: int, kind: str, expected: str
) -> None:
    caller.service.says({}, status=status)
    text = f"""
    [actions.do]
    kind = "{kind}"
    request = {{ method = "{"GET" if kind == "lookup" else "POST"}", url = "/do" }}
    """
    assert caller(text).result.status == expected


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"id": 1e999999999}', b'{"id": NaN}', b'{"id": ' + b"9" * 5000 + b"}",
     b'{"id": "x", "cents": 1.5, "currency": "EUR", "state": "issued"}', b'{"id": "x", "cents": 100, "currency": "\\u0000"}',
     b'{"id": {"deep": 1}, "cents": "Infinity", "currency": "EUR", "state": "x"}'],
)  # fmt: skip
def test_an_answer_that_cant_be_read_is_never_taken_for_an_undone_write(caller: Caller, body: bytes) -> None:
    caller.service.says(body)
    done = caller(REFUND, {"order": "1"})
    assert done.result.status in {"uncertain", "done"}
    assert done.result.value is None
    assert done.result.error
    lookup = PARCEL.replace("outcomes = [", 'outcomes = [\n{ when = "error", means = "none" },')
    found = caller(lookup, {"number": "1"})
    assert found.result.status == "failed" or found.result.value is None


def test_a_write_whose_errors_would_stand_in_the_answer_is_uncertain_without_it(caller: Caller) -> None:
    caller.service.says(b"<html>ok</html>")
    assert caller(REFUND, {"order": "1"}).result.status == "uncertain"


def test_a_write_without_errors_to_look_for_is_done_when_the_service_says_so(caller: Caller) -> None:
    caller.service.says(b"<html>ok</html>")
    text = '[actions.ping]\nkind = "write"\nrequest = { method = "POST", url = "/ping" }\n'
    done = caller(text)
    assert done.result.status == "done"


GRAPHQL = """
[actions.cancel]
kind = "KIND"
[actions.cancel.request]
method = "POST"
url = "/graphql"
graphql = "mutation { cancel { id } }"
[actions.cancel.result]
type = "text or none"
from = "data.cancel.id"
"""


@pytest.mark.parametrize(
    ("answer", "kind", "expected"),
    [
        ({"errors": [{"message": "no such field"}]}, "write", "failed"),
        ({"errors": [{"message": "late"}], "data": {"cancel": None}}, "write", "uncertain"),
        ({"errors": [{"message": "late"}], "data": {"cancel": None}}, "lookup", "failed"),
        ({"data": {"cancel": {"id": "1"}}}, "write", "done"), ({"hello": 1}, "write", "uncertain"), ([], "lookup", "failed"),
    ],
)  # fmt: skip
def test_graphql_errors_are_read_though_the_status_is_200(
    caller: Caller, answer: Any, kind: str, expected: str
) -> None:
    caller.service.says(answer)
    assert caller(GRAPHQL.replace("KIND", kind)).result.status == expected


def test_the_words_of_a_service_are_data_and_no_more(caller: Caller) -> None:
    caller.service.says({"parcel": {"number": "{{ env.KEY }}", "state": "MOVING"}})
    assert caller(PARCEL, {"number": "1"}).result.value.id == "{{ env.KEY }}"
