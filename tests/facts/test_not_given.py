"""What was not given is not known: no condition on it is true or false, before and after a trip through JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

import convagent.facts as facts
from convagent.conversation import ActionRecord
from convagent.facts import Customer, Fact, LineItem, Money, Order, Product, Shop, Variant, knows
from convagent.guidance.codec import from_json, to_json
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.language.expressions import Path
from convagent.guidance.values import UNKNOWN, attribute, compare, equal

KINDS = tuple(
    kind
    for name in facts.__all__
    if isinstance(kind := getattr(facts, name), type) and issubclass(kind, Fact) and kind is not Fact
)
IN_EFFECT = {("Customer", "verification"), ("Shop", "currency"), ("Shop", "timezone"), ("Shop", "language")}
"""Fields whose default the engine itself acts by. Adding one is a decision: see docs/design.md."""
EXAMPLES: dict[Any, Any] = {
    str: "x", bool: True, int: 3, Decimal: Decimal(3), date: date(2026, 1, 2), datetime: datetime(2026, 1, 2, tzinfo=UTC),
    Money: Money.of("5", "EUR"),
}  # fmt: skip
NOW = datetime(2026, 6, 16, 10, tzinfo=UTC)


def example(annotation: Any) -> Any:
    """Some value of a type."""
    if annotation in EXAMPLES:
        return EXAMPLES[annotation]
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return example(next(part for part in parts if part is not type(None)))
    if origin is tuple:
        return ()
    if origin is dict:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return smallest(annotation)
    if parts and isinstance(parts[0], str):
        return parts[0]
    return getattr(annotation, "__metadata__", None) and example(parts[0])


def smallest(kind: type[BaseModel]) -> BaseModel:
    """A record with nothing but what it must have."""
    needed = {name: example(info.annotation) for name, info in kind.model_fields.items() if info.is_required()}
    return kind.model_validate(needed)


FIELDS = [
    (kind, name)
    for kind in KINDS
    for name, info in kind.model_fields.items()
    if not info.is_required() and (kind.__name__, name) not in IN_EFFECT
]
each_field = pytest.mark.parametrize(("kind", "name"), FIELDS, ids=[f"{kind.__name__}.{name}" for kind, name in FIELDS])


@each_field
def test_no_default_reads_as_known(kind: type[Fact], name: str) -> None:
    record = smallest(kind)
    assert not knows(record, name)
    assert attribute(record, name) is UNKNOWN
    assert attribute(from_json(json.loads(json.dumps(to_json(record)))), name) is UNKNOWN


@given(
    st.sampled_from(FIELDS),
    st.one_of(st.none(), st.booleans(), st.decimals(-9, 9, places=0), st.sampled_from(["", "x", "active", ()])),
    st.sampled_from(["<", "<=", ">", ">="]),
)
def test_a_field_that_was_not_given_makes_no_condition_true_or_false(
    field: tuple[type[Fact], str], other: Any, op: Any
) -> None:
    kind, name = field
    value = attribute(smallest(kind), name)
    assert truth(value) is UNKNOWN
    assert equal(value, other) is UNKNOWN
    assert compare(op, value, other) is UNKNOWN
    names = Names(resolve=lambda _root: smallest(kind), now=NOW)
    assert truth(evaluate(Path((0, 0, 0, 0), "fact", (name,)), names)) is UNKNOWN  # type: ignore[arg-type]


def test_only_what_the_engine_acts_by_is_in_effect_unsaid() -> None:
    found = {
        (kind.__name__, name)
        for kind in KINDS
        for name, info in kind.model_fields.items()
        if not info.is_required() and knows(smallest(kind), name)
    }
    assert found == IN_EFFECT
    assert attribute(Customer(), "verified") is False
    assert attribute(Shop(name="Wren"), "timezone") == "UTC"


@pytest.mark.parametrize(
    ("given", "read"), [({}, UNKNOWN), ({"final_sale": None}, UNKNOWN), ({"final_sale": False}, False), ({"final_sale": True}, True)]
)  # fmt: skip
def test_null_says_no_more_of_a_truth_than_leaving_it_out(given: dict[str, Any], read: Any) -> None:
    line = LineItem.model_validate({"id": "l", "name": "Pen", "price": "9 EUR", **given})
    assert attribute(line, "final_sale") is read
    assert attribute(from_json(json.loads(json.dumps(to_json(line)))), "final_sale") is read


def test_unknown_absent_and_empty_stay_apart_in_json() -> None:
    def trip(**more: Any) -> Any:
        return from_json(json.loads(json.dumps(to_json(Order(id="#1", status="delivered", **more)))))

    assert attribute(trip(), "returns") is UNKNOWN
    assert attribute(trip(returns=()), "returns") == ()
    assert attribute(trip(), "cancelled_at") is UNKNOWN
    assert attribute(trip(cancelled_at=None), "cancelled_at") is None
    assert attribute(Customer.model_validate({"orders": None}), "orders") is UNKNOWN
    assert attribute(Customer.model_validate({"orders": []}), "orders") == ()


class Label(Fact):
    """A shop's own record, with defaults as a programmer writes them."""

    paid: bool = False
    sent: bool | None = facts.NeverAbsent()


def test_defaults_of_a_shops_own_records_are_not_known_either() -> None:
    for label in (Label(), Label(sent=None)):
        for record in (label, from_json(json.loads(json.dumps(to_json(label))))):
            assert attribute(record, "paid") is UNKNOWN
            assert attribute(record, "sent") is UNKNOWN
    assert attribute(from_json(to_json(Label(paid=False))), "paid") is False


def test_a_record_in_a_conversation_keeps_what_was_not_given_apart() -> None:
    line = LineItem(id="l", name="Pen", price=Money.of("9", "EUR"))
    record = ActionRecord(action="find", kind="lookup", status="done", result=to_json(line))
    again = ActionRecord.model_validate_json(record.model_dump_json())
    assert attribute(from_json(again.result), "final_sale") is UNKNOWN


def test_stock_and_price_are_open_while_a_variant_is() -> None:
    price = Money.of("9", "EUR")
    unsaid, sold_out = Variant(id="v", price=price), Variant(id="w", price=Money.of("5", "EUR"), available=False)
    assert attribute(Product(id="p", title="P", status="active", variants=(unsaid, sold_out)), "in_stock") is UNKNOWN
    assert attribute(Product(id="p", title="P", status="active", variants=(unsaid, sold_out)), "price") is UNKNOWN
    assert attribute(Product(id="p", title="P", status="active"), "in_stock") is UNKNOWN
    assert attribute(Product(id="p", title="P", status="active", variants=()), "in_stock") is False
    assert attribute(Product(id="p", title="P", status="archived", variants=(unsaid,)), "in_stock") is False
    assert attribute(Product(id="p", title="P", status="active", variants=(sold_out,)), "in_stock") is False


def test_two_addresses_are_the_same_only_as_far_as_both_are_known() -> None:
    short, long = facts.Address(city="Cork"), facts.Address(city="Cork", country="IE")
    assert equal(short, facts.Address(city="Cork")) is True
    assert equal(short, long) is UNKNOWN
    assert equal(short, facts.Address(city="Galway", country="IE")) is False
