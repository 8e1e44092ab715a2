"""What names mean: read from the facts, from a shop's words, from annotations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, Field

from convagent.errors import GuidanceError
from convagent.facts import Customer, Fact, LineItem, Money, Order, Product
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import models_in, record_of, type_of
from convagent.guidance.schema.type_words import read_type
from convagent.guidance.schema.vocabulary import NEED_TYPES, ActionSignature, Parameter, Vocabulary

STANDARD = Vocabulary.standard()


# ---- the facts
@pytest.mark.parametrize(
    ("root", "path", "kind"),
    [
        ("customer", "email", t.TEXT),
        ("customer", "verified", t.YES_NO),
        ("customer", "orders.total", t.ListOf(t.MONEY)),
        ("customer", "loyalty.points", t.NUMBER),
        ("order", "placed_at", t.MOMENT),
        ("order", "items.options.colour", t.ListOf(t.TEXT)),
        ("product", "in_stock", t.YES_NO),
        ("product", "price", t.MONEY),
        ("product", "price.currency", t.TEXT),
        ("product", "attributes.anything", t.ANYTHING),
        ("catalog", "variants", t.ListOf(t.ListOf(t.Record("Variant")))),
        ("conversation", "customer.first_name", t.TEXT),
        ("shop", "teams.id", t.ListOf(t.TEXT)),
        ("now", "", t.MOMENT),
        ("today", "", t.DAY),
    ],
)
def test_names_have_the_types_of_the_facts(root: str, path: str, kind: t.Type) -> None:
    found: t.Type = STANDARD.roots[root].type
    for part in filter(None, path.split(".")):
        field = STANDARD.field(found, part)
        assert field is not None
        found = field.type
    assert found == kind


def test_the_usual_values_of_a_fact_are_an_open_set_and_a_literal_a_closed_one() -> None:
    status = STANDARD.records["Order"].fields["status"].type
    verification = STANDARD.records["Customer"].fields["verification"].type
    assert isinstance(status, t.OneOf)
    assert "delivered" in status.values
    assert not status.closed
    assert verification == t.OneOf(("anonymous", "claimed", "verified"), closed=True)


def test_every_field_of_every_fact_has_a_type() -> None:
    for model in (Customer, Order, Product, LineItem):
        fields = STANDARD.records[model.__name__].fields
        assert set(model.model_fields) <= set(fields)
        unknown = {name for name, field in fields.items() if field.type == t.ANYTHING}
        assert not unknown


def test_fields_that_may_be_none_are_optional() -> None:
    fields = STANDARD.records["Order"].fields
    assert fields["total"].optional
    assert not fields["id"].optional


def test_what_a_record_lacks_is_no_field() -> None:
    assert STANDARD.field(t.Record("Order"), "state") is None
    assert STANDARD.field(t.TEXT, "length") is None
    assert STANDARD.field(t.Record("Unheard"), "of") is not None, "nothing is known of it, so nothing is wrong"


def test_a_currency_can_be_fixed_for_the_whole_shop() -> None:
    fields = Vocabulary.standard(currency="EUR").records["Order"].fields
    assert fields["total"].type == t.MoneyType("EUR")
    assert STANDARD.records["Order"].fields["total"].type == t.MONEY


def test_the_vocabulary_keeps_fields_that_hide_internals_out() -> None:
    assert "extra" not in STANDARD.records["Order"].fields
    assert not any(name.startswith("model_") for name in STANDARD.records["Order"].fields)


# ---- what a shop adds
def test_a_shop_adds_fields_to_records_by_the_name_of_a_root() -> None:
    added = STANDARD.with_facts({"customer": {"level": 'one of "gold", "silver"'}, "order": {"age": "days"}})
    assert added.records["Customer"].fields["level"].type == t.OneOf(("gold", "silver"), closed=True)
    assert added.records["Order"].fields["age"].type == t.DURATION
    assert "email" in added.records["Customer"].fields
    assert "level" not in STANDARD.records["Customer"].fields


def test_a_shop_adds_records_of_its_own_that_speak_of_each_other() -> None:
    added = STANDARD.with_facts(
        {
            "bike": {"owner": "customer or none", "services": "list of service", "frame": {"size": "text"}},
            "service": {"bike": "bike", "cost": "money in EUR", "done": "yes or no"},
        }
    )
    bike = added.roots["bike"]
    assert bike.optional
    services = added.field(bike.type, "services")
    assert services is not None
    assert services.type == t.ListOf(t.Record("service"))
    cost = added.field(services.type, "cost")
    assert cost is not None
    assert cost.type == t.ListOf(t.MoneyType("EUR"))
    frame = added.field(bike.type, "frame")
    assert frame is not None
    assert added.field_names(frame.type) == ("size",)
    owner = added.field(bike.type, "owner")
    assert owner is not None
    assert owner.optional


def test_fields_can_be_added_to_records_without_a_root() -> None:
    added = STANDARD.with_facts({"line_item": {"gift": "yes or no"}, "PaymentMethod": {"brand": "text"}})
    assert added.records["LineItem"].fields["gift"].type == t.YES_NO
    assert added.records["PaymentMethod"].fields["brand"].type == t.TEXT
    assert not {"line_item", "PaymentMethod"} & set(added.roots)


def test_every_fault_of_a_vocabulary_is_named_at_once() -> None:
    with pytest.raises(GuidanceError) as caught:
        STANDARD.with_facts(
            {"weather": "txet", "two words": "text", "order": {"age": 30, "note s": "text"}}, place="facts"
        )
    error = caught.value
    for name in ("weather", "two words", "order.age", "order.note s"):
        assert f"`{name}`" in error.message
    assert error.code == "vocabulary"
    assert str(error.place) == "facts"
    assert error.remedy


@pytest.mark.parametrize("wrong", [["a"], "text", 3, None])
def test_a_vocabulary_that_is_no_mapping_is_refused(wrong: Any) -> None:
    with pytest.raises(GuidanceError, match=r"name: type"):
        STANDARD.with_facts(wrong)


def test_records_within_records_end_somewhere() -> None:
    deep: dict[str, Any] = {"a": "text"}
    for _ in range(20):
        deep = {"a": deep}
    with pytest.raises(GuidanceError, match="deep"):
        STANDARD.with_facts({"thing": deep})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=10), json_values, max_size=4))
def test_any_mapping_is_taken_or_refused_with_a_reason(mapping: dict[str, Any]) -> None:
    code = "vocabulary"
    try:
        STANDARD.with_facts(mapping)
    except GuidanceError as error:
        code = error.code
    assert code == "vocabulary"


# ---- types in words
simple_types = st.sampled_from(
    [t.TEXT, t.NUMBER, t.MONEY, t.MoneyType("EUR"), t.DURATION, t.PERCENT, t.YES_NO, t.DAY, t.MOMENT, t.ANYTHING,
     t.Record("Order"), t.Record("LineItem")]
)  # fmt: skip
enumerations = st.lists(
    st.text("abc xyz", min_size=1, max_size=8).filter(lambda word: word.strip() == word), min_size=1, max_size=3, unique=True
).map(lambda words: t.OneOf(tuple(words), closed=True))  # fmt: skip
all_types = st.recursive(
    simple_types | enumerations, lambda inner: inner.map(t.ListOf) | inner.map(t.MapOf), max_leaves=3
)


@given(all_types)
def test_a_type_reads_as_it_is_written(kind: t.Type) -> None:
    found = read_type(t.written(kind), STANDARD.record_names)
    assert found is not None
    assert t.spoken(kind)
    assert found.type == kind


@pytest.mark.parametrize(
    "words", ["", "one of", 'one of "a" "b"', "list of", "list of txet", "money in euros", "one of a, b"]
)
def test_words_that_name_no_type_give_none(words: str) -> None:
    assert read_type(words, STANDARD.record_names) is None


# ---- annotations
class Garden(Fact):
    """A garden."""

    name: Annotated[str, "What it is called"]
    kind: Literal["roof", "ground"] = "ground"
    beds: tuple[Bed, ...] = ()

    @property
    def size(self) -> Decimal:
        """Square metres."""
        return Decimal(len(self.beds))


class Bed(BaseModel):
    """A bed."""

    plants: dict[str, int] = Field(default_factory=dict)


Garden.model_rebuild()


@pytest.mark.parametrize(
    ("annotation", "kind", "optional"),
    [
        (str, t.TEXT, False),
        (bool, t.YES_NO, False),
        (int | None, t.NUMBER, True),
        (Money, t.MONEY, False),
        (date, t.DAY, False),
        (datetime, t.MOMENT, False),
        (AwareDatetime | None, t.MOMENT, True),
        (timedelta, t.DURATION, False),
        (Literal["a", "b"], t.OneOf(("a", "b"), closed=True), False),
        (Literal[1, 2], t.NUMBER, False),
        (list[str], t.ListOf(t.TEXT), False),
        (tuple[Order, ...], t.ListOf(t.Record("Order")), False),
        (frozenset[int], t.ListOf(t.NUMBER), False),
        (Mapping[str, Money], t.MapOf(t.MONEY), False),
        (str | int, t.ANYTHING, False),
        (Annotated[Order, "the order"], t.Record("Order"), False),
        (Any, t.ANYTHING, False),
        (object, t.ANYTHING, False),
        ("Order", t.Record("Order"), False),
    ],
)
def test_annotations_have_types(annotation: Any, kind: t.Type, optional: bool) -> None:
    found = type_of(annotation)
    assert found.type == kind
    assert found.optional is optional


def test_a_model_becomes_a_record_with_its_properties() -> None:
    record = record_of(Garden)
    assert record.fields["kind"].type == t.OneOf(("roof", "ground"), closed=True)
    assert record.fields["size"].type == t.NUMBER
    assert record.fields["size"].description == "Square metres."
    assert record.fields["beds"].type == t.ListOf(t.Record("Bed"))
    assert record.description == "A garden."


def test_models_within_models_are_found() -> None:
    assert {model.__name__ for model in models_in(list[Garden] | None)} == {"Garden", "Bed"}
    added = STANDARD.with_models([Garden])
    assert set(added.records) - set(STANDARD.records) == {"Garden", "Bed"}
    assert added.records["Order"] is STANDARD.records["Order"]


# ---- actions, Needs, export
def test_actions_of_the_same_name_are_replaced() -> None:
    first = ActionSignature("do_it", "write", (Parameter("a"),))
    second = ActionSignature("do_it", "lookup", (Parameter("b"),))
    known = STANDARD.with_actions((first,)).with_actions((second,)).actions
    assert known is not None
    assert known["do_it"].kind == "lookup"
    assert known["do_it"].parameter("b") == Parameter("b")
    assert known["do_it"].parameter("a") is None


def test_no_actions_and_unknown_actions_are_two_things() -> None:
    assert STANDARD.actions is None
    assert STANDARD.with_actions(()).actions == {}


def test_needs_know_types_by_name() -> None:
    types = STANDARD.need_types
    for name in ("text", "number", "email", "phone", "address", "postcode", "money", "days", "date", "order_number",
                 "quantity", "colour", "size", "product", "order", "customer", "payment_method"):  # fmt: skip
        assert name in types
    assert types["order"] == t.Record("Order")
    assert types["email"] == NEED_TYPES["email"] == t.TEXT


def test_the_export_is_json_schema_and_always_the_same() -> None:
    vocabulary = STANDARD.with_actions(
        (ActionSignature("cancel_order", "write", (Parameter("order", t.TEXT), Parameter("why", t.TEXT, False))),)
    ).with_events(("cart_left",))
    schema = vocabulary.to_json_schema()
    assert json.dumps(schema, sort_keys=True) == json.dumps(vocabulary.to_json_schema(), sort_keys=True)
    order = schema["$defs"]["Order"]["properties"]
    assert order["status"]["examples"][0] == "pending"
    assert order["total"]["anyOf"] == [{"$ref": "#/$defs/Money"}, {"type": "null"}]
    assert schema["$defs"]["Customer"]["properties"]["verification"]["enum"] == ["anonymous", "claimed", "verified"]
    assert schema["properties"]["today"]["format"] == "date"
    action = schema["x-actions"]["cancel_order"]
    assert action["parameters"]["required"] == ["order"]
    assert action["confirm"] is True
    assert schema["x-events"] == ["cart_left"]
    references = {part for part in json.dumps(schema).split('"') if part.startswith("#/$defs/")}
    assert {reference.removeprefix("#/$defs/") for reference in references} <= set(schema["$defs"])
