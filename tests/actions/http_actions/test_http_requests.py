"""What is sent: every value encoded for where it stands, secrets from the environment, nothing breaks out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.facts import LineItem, Money

if TYPE_CHECKING:
    from tests.actions.http_actions.conftest import Caller

LOOKUP = """
[actions.find]
kind = "lookup"
parameters = { number = "text" }
request = { url = "/v1/parcels/{{ number }}/events", query = { q = "{{ number }}", fixed = 1 } }
"""

JSON = """
[actions.note]
kind = "write"
parameters = { text = "text" }
request = { method = "POST", url = "/notes", json = { note = { body = "{{ text }}", prefix = "Note: {{ text }}" } } }
"""


def test_a_value_in_the_path_stays_one_segment(caller: Caller) -> None:
    done = caller(LOOKUP, {"number": "a/b?c=d#e%2F&é"})
    assert done.result.status == "done"
    path = caller.service.asked[0].path
    assert path.startswith("/v1/parcels/a%2Fb%3Fc%3Dd%23e%252F%26%C3%A9/events?q=a%2Fb%3Fc%3Dd%23e%252F%26%C3%A9")
    assert path.endswith("&fixed=1")


@pytest.mark.parametrize("number", ["..", ".", "../../admin", "a/../../b", "a\\..\\b", "", "a\r\nX: y", "a\x00"])
def test_a_value_that_would_climb_or_break_the_line_is_never_sent(caller: Caller, number: str) -> None:
    done = caller(LOOKUP, {"number": number})
    assert (done.result.status, caller.service.asked) == ("failed", [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=30).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text)))
def test_whatever_the_text_the_service_reads_exactly_it_or_nothing(caller: Caller, text: str) -> None:
    caller.service.asked.clear()
    if caller(LOOKUP, {"number": text}).result.status == "done":
        parts = urlsplit(caller.service.asked[0].path)
        assert [unquote(part) for part in parts.path.split("/")] == ["", "v1", "parcels", text, "events"]
        assert parse_qsl(parts.query, keep_blank_values=True) == [("q", text), ("fixed", "1")]
    caller.service.asked.clear()
    assert caller(JSON, {"text": text}).result.status == "done"
    assert caller.service.asked[0].json == {"note": {"body": text, "prefix": f"Note: {text}"}}


def test_quotes_and_braces_stay_inside_a_json_text(caller: Caller) -> None:
    hostile = '", "admin": true, "x": "{{ env.KEY }}'
    caller(JSON, {"text": hostile})
    assert caller.service.asked[0].json == {"note": {"body": hostile, "prefix": f"Note: {hostile}"}}


def test_a_form_keeps_its_fields_apart(caller: Caller) -> None:
    form = """
    [actions.note]
    kind = "write"
    parameters = { text = "text" }
    request = { method = "POST", url = "/notes", form = { text = "{{ text }}", admin = false } }
    """
    caller(form, {"text": "a&admin=true"})
    asked = caller.service.asked[0]
    assert parse_qsl(asked.body.decode()) == [("text", "a&admin=true"), ("admin", "false")]
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


def test_graphql_values_travel_as_variables(caller: Caller) -> None:
    text = """
    [actions.find]
    kind = "lookup"
    parameters = { number = "text" }
    [actions.find.request]
    method = "POST"
    url = "/graphql"
    graphql = "query Find($number: String!) { parcel(number: $number) { state } }"
    variables = { number = "gid://parcels/{{ number | digits }}", raw = "{{ number }}" }
    """
    caller.service.says({"data": {"parcel": None}})
    assert caller(text, {"number": '#12"}'}).result.status == "done"
    asked = caller.service.asked[0].json
    assert asked["query"] == "query Find($number: String!) { parcel(number: $number) { state } }"
    assert asked["variables"] == {"number": "gid://parcels/12", "raw": '#12"}'}


HEADER = """
[actions.find]
kind = "lookup"
parameters = { number = "text" }
request = { url = "/p", headers = { X-Number = "{{ number }}", Authorization = "Bearer {{ env.KEY }}" } }
"""


@pytest.mark.parametrize("number", ["1\r\nX-Admin: yes", "1\nX", "1\x00", "é", "\u2028"])
def test_a_value_never_begins_a_new_header(caller: Caller, number: str) -> None:
    done = caller(HEADER, {"number": number})
    assert (done.result.status, caller.service.asked) == ("failed", [])


def test_a_secret_comes_from_the_environment_at_the_call(caller: Caller) -> None:
    caller(HEADER, {"number": "1"})
    assert caller.service.asked[0].headers["authorization"] == "Bearer s3cret-key"
    caller.environment.clear()
    done = caller(HEADER, {"number": "1"})
    assert done.result.status == "failed"
    assert "KEY is not set" in done.result.error
    assert len(caller.service.asked) == 1


def test_what_a_customer_writes_never_names_a_secret(caller: Caller) -> None:
    caller(HEADER, {"number": "{{ env.KEY }}"})
    assert caller.service.asked[0].headers["x-number"] == "{{ env.KEY }}"


def test_a_secret_that_comes_back_is_hidden_in_results_and_records(caller: Caller) -> None:
    text = HEADER + '[actions.find.result]\ntype = "text"\nfrom = "echo"\n'
    caller.service.says({"echo": "you sent Bearer s3cret-key"})
    done = caller(text, {"number": "1"})
    assert done.result.value == "you sent Bearer •••"
    caller.service.says({"message": "bad key s3cret-key\nsecond line\u202e" + "x" * 1000}, status=400)
    text += '[[actions.find.outcomes]]\nstatus = 400\nmeans = "failed"\ntext_from = "message"\n'
    done = caller(text, {"number": "1"})
    assert "s3cret" not in done.record.model_dump_json()
    assert done.result.error.startswith("bad key ••• second line x")
    assert len(done.result.error) <= 300


def test_amounts_ids_dates_and_lists_are_written_as_services_read_them(caller: Caller) -> None:
    text = """
    [actions.refund]
    kind = "write"
    [actions.refund.parameters]
    order = "order id"
    items = "list of line item"
    amount = "money"
    count = "number"
    on = "date"
    notify = "yes or no"
    note = "text or none"
    reason = 'one of "damaged", "late"'
    [actions.refund.request]
    method = "POST"
    url = "/refunds"
    [actions.refund.request.json]
    order = "gid://shop/Order/{{ order | digits }}"
    amount = "{{ amount.amount }}"
    number = "{{ amount.amount | number }}"
    cents = "{{ amount.minor }}"
    currency = "{{ amount.currency }}"
    count = "{{ count }}"
    on = "{{ on }}"
    notify = "{{ notify }}"
    note = "{{ note }}"
    reason = "{{ reason }}"
    key = "{{ call.key }}"
    who = "{{ call.customer.email }}"
    lines = { "$each" = "items", id = "{{ item.id }}", quantity = "{{ item.quantity }}" }
    """
    items = tuple(LineItem(id=f"l{n}", name="Lamp", quantity=n, price=Money.of(5, "EUR")) for n in (1, 2))
    done = caller(
        text,
        {"order": "#1042", "items": items, "amount": Money.of("12.50", "EUR"), "count": 3, "on": "2026-06-20", "notify": True,
         "reason": "late"},
    )  # fmt: skip
    assert done.result.status == "done"
    assert caller.service.asked[0].json == {
        "order": "gid://shop/Order/1042", "amount": "12.50", "number": 12.5, "cents": 1250, "currency": "EUR", "count": 3,
        "on": "2026-06-20", "notify": True, "reason": "late", "key": "key-1", "who": "ada@example.com",
        "lines": [{"id": "l1", "quantity": 1}, {"id": "l2", "quantity": 2}],
    }  # fmt: skip


def test_a_record_stands_for_its_id(caller: Caller) -> None:
    text = LOOKUP.replace('number = "text"', 'number = "line item id"')
    caller(text, {"number": LineItem(id="l9", name="Lamp", price=Money.of(5, "EUR"))})
    assert caller.service.asked[0].path == "/v1/parcels/l9/events?q=l9&fixed=1"


@pytest.mark.parametrize("count", ["1e400", "NaN", "Infinity", "9" * 40])
def test_numbers_that_no_json_holds_are_not_sent(caller: Caller, count: Any) -> None:
    text = """
    [actions.count]
    kind = "write"
    parameters = { count = "number" }
    request = { method = "POST", url = "/count", json = { count = "{{ count }}" } }
    """
    assert caller(text, {"count": count}).result.status in {"failed", "refused"}
    assert caller.service.asked == []


def test_an_idempotent_write_carries_its_key(caller: Caller) -> None:
    text = JSON.replace('kind = "write"', 'kind = "write"\nidempotent = true')
    caller(text, {"text": "x"}, key="k-77")
    assert caller.service.asked[0].headers["idempotency-key"] == "k-77"
    caller(
        text.replace("idempotent = true", 'idempotent = true\nidempotency_header = "X-Once"'), {"text": "x"}, key="k-78"
    )
    assert caller.service.asked[1].headers["x-once"] == "k-78"
    caller(JSON, {"text": "x"}, key="k-79")
    assert "idempotency-key" not in caller.service.asked[2].headers
