"""Expressions come to values: three-valued logic, lists, sums, and what is noted on the way."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.guidance.reader import NOW, eur, kernel_of, make_line, make_method, make_order
from tests.guidance.strategies import full_expressions

from convagent.guidance.findings.finding import Span
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.evaluate import MAX_ELEMENTS, Names, evaluate, truth
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import unparse
from convagent.guidance.values import UNKNOWN, normal

NOWHERE = Span(0, 0, 0, 0)
TRUTHS = (True, False, UNKNOWN)
LINES = (
    make_line("boots", price="80", quantity=2, final_sale=True), make_line("lamp", price="20", sku="L", final_sale=False), make_line("rug", price="50"),
)  # fmt: skip
FACTS: Mapping[str, Any] = {
    "items": LINES, "order": make_order("#1", "pending", LINES, total=eur(230)), "nothing": None, "none_of_it": (), "n": 3,
    "words": "Red boots", "tags": ["vip", "new"], "methods": (make_method("a", balance=eur(5)), make_method("b")),
    "mixed": (eur(1), Decimal(2)), "prices": (eur(3), eur(1), eur(2)), "unsure": ({"a": 1}, {"b": 2}), "yes_": True,
    "gaps": ({"a": 2}, {"a": None}, {"a": 1}),
}  # fmt: skip


def parsed(text: str) -> ex.Expression:
    """The expression that an author writes so."""
    statement = kernel_of(f'# G\n\nWhen the customer asks:\n- "x"\n\n1. Let v be {text}\n').guides[0].body[0]
    assert isinstance(statement, k.Let)
    assert isinstance(statement.value, ex.Expression)
    return statement.value


def value(text: str, facts: Mapping[str, Any] = FACTS, **more: Any) -> Any:
    names = Names(lambda name: normal({**facts, **more}.get(name, UNKNOWN)), NOW)
    return evaluate(parsed(text), names)


def literal(of: Any) -> ex.Expression:
    return ex.Path(NOWHERE, "unknown_thing") if of is UNKNOWN else ex.Literal_(NOWHERE, of)


def reckoned(node: ex.Expression) -> Any:
    return evaluate(node, Names(lambda _name: UNKNOWN, NOW))


# ---- three-valued logic (Kleene's strong logic)
@pytest.mark.parametrize("one", TRUTHS)
@pytest.mark.parametrize("other", TRUTHS)
def test_and_or_and_not_are_kleenes(one: Any, other: Any) -> None:
    both = reckoned(ex.And(NOWHERE, (literal(one), literal(other))))
    either = reckoned(ex.Or(NOWHERE, (literal(one), literal(other))))
    assert both is (False if False in {one, other} else UNKNOWN if UNKNOWN in {one, other} else True)
    assert either is (True if True in {one, other} else UNKNOWN if UNKNOWN in {one, other} else False)
    assert reckoned(ex.Not(NOWHERE, literal(one))) is (UNKNOWN if one is UNKNOWN else not one)


def logic() -> st.SearchStrategy[ex.Expression]:
    leaves = st.sampled_from(TRUTHS).map(literal)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            inner.map(lambda item: ex.Not(NOWHERE, item)),
            st.lists(inner, min_size=2, max_size=3).map(lambda items: ex.And(NOWHERE, tuple(items))),
            st.lists(inner, min_size=2, max_size=3).map(lambda items: ex.Or(NOWHERE, tuple(items))),
        ),
        max_leaves=8,
    )


@given(logic(), logic())
def test_the_laws_of_de_morgan_hold_with_unknown(one: ex.Expression, other: ex.Expression) -> None:
    left = reckoned(ex.Not(NOWHERE, ex.And(NOWHERE, (one, other))))
    right = reckoned(ex.Or(NOWHERE, (ex.Not(NOWHERE, one), ex.Not(NOWHERE, other))))
    assert left is right
    assert reckoned(ex.Not(NOWHERE, ex.Not(NOWHERE, one))) is truth(reckoned(one))


@given(logic(), st.data())
def test_learning_more_never_turns_a_known_answer(node: ex.Expression, data: st.DataObject) -> None:
    """What is decided with something unknown stays so whatever it turns out to be."""
    known = reckoned(node)
    learnt = evaluate(node, Names(lambda _name: data.draw(st.booleans()), NOW))
    assert learnt is not UNKNOWN
    assert known is UNKNOWN or known is learnt


@pytest.mark.parametrize(
    ("of", "is_true"),
    [
        (True, True),
        (None, False),
        ((), False),
        ((1,), True),
        ("", False),
        ("a", True),
        (UNKNOWN, UNKNOWN),
        (make_order("#1"), True),
    ],
)
def test_values_as_conditions(of: Any, is_true: Any) -> None:
    assert truth(of) is is_true


# ---- operators, as authors write them
@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("order.status is \"Pending\"", True), ("order.status is one of \"a\", \"pending\"", True),
        ("order.status is not one of \"a\", \"b\"", True), ("n is one of tags", UNKNOWN), ('"vip" is one of tags', True),
        ('"x" is one of tags', False), ('nowhere is one of tags', UNKNOWN), ("n is between 3 and 3", True), ("n is between 4 and 9", False),
        ("n is between nowhere and 2", False), ("n is between nowhere and 9", UNKNOWN), ('words contains "BOOTS"', True),
        ('words does not contain "lamp"', True), ('tags contains "vip"', True), ("nothing contains \"a\"", False),
        ("none_of_it is empty", True), ("items is not empty", True), ("nothing is empty", UNKNOWN), ("nothing is none", True),
        ("nowhere is none", UNKNOWN), ("nowhere is known", False), ("nothing is known", True), ("items.sku is known", False),
        ("count of items", Decimal(3)), ("count of items where its price > 30 EUR", Decimal(2)), ("sum of its price over items", eur(230)),
        ("sum of its price over none_of_it", Decimal(0)), ("sum of its balance over methods", UNKNOWN), ("lowest of it over prices", eur(1)),
        ("highest of it over prices", eur(3)), ("lowest of it over none_of_it", None), ("highest of it over mixed", UNKNOWN),
        ("first of items where its price < 60 EUR", LINES[1]), ("first of none_of_it", None), ("first 2 of items", LINES[:2]),
        ("last 2 of items", LINES[1:]), ("last of items", LINES[2]), ("last 9 of items", LINES), ("items where its sku is \"L\"", UNKNOWN),
        ("any of items where its final_sale", True), ("all of items where its price > 1 EUR", True),
        ("all of items where its final_sale", False), ("any of none_of_it where its x is 1", False), ("all of none_of_it where its x is 1", True),
        ("any of items where its sku is \"L\"", True), ("all of items where its sku is \"L\"", UNKNOWN),
        ("all of items where its sku is \"X\"", False), ("n + 1 * 2", Decimal(5)), ("(n + 1) * 2", Decimal(8)), ("10% of order.total", eur(23)),
        ("order.total / 0", UNKNOWN), ("nothing + 1", UNKNOWN), ("count of nothing", UNKNOWN), ("nowhere.a.b", UNKNOWN), ("nothing.a", None),
        ("not nowhere.a", UNKNOWN), ("sum of its a over unsure", UNKNOWN),
    ],
)  # fmt: skip
def test_what_expressions_come_to(text: str, result: Any) -> None:
    found = value(text)
    assert found is UNKNOWN if result is UNKNOWN else found == result


def test_lists_are_put_in_order_with_what_is_absent_last() -> None:
    assert value("gaps by its a") == ({"a": 1}, {"a": 2}, {"a": None})
    assert value("gaps by its a descending") == ({"a": 2}, {"a": 1}, {"a": None})
    assert [line.name for line in value("items by its price")] == ["lamp", "rug", "boots"]
    assert value("unsure by its a") is UNKNOWN
    assert value("mixed by it") is UNKNOWN


@given(st.lists(st.integers(-5, 5)))
def test_order_is_stable_and_whole(numbers: list[int]) -> None:
    rows = [{"a": number, "n": place} for place, number in enumerate(numbers)]
    found = value("rows by its a", rows=rows)
    assert [(row["a"], row["n"]) for row in found] == sorted((row["a"], row["n"]) for row in rows)


@given(st.lists(st.integers(-5, 5)), st.integers(0, 8))
def test_first_and_last_part_a_list(numbers: list[int], count: int) -> None:
    first = value(f"first {count} of rows", rows=numbers)
    rest = value(f"last {max(0, len(numbers) - count)} of rows", rows=numbers)
    assert (*first, *rest) == tuple(Decimal(number) for number in numbers)


def test_a_list_that_is_too_long_is_unknown() -> None:
    assert value("count of many", many=range_of(MAX_ELEMENTS)) == MAX_ELEMENTS
    assert value("count of many", many=range_of(MAX_ELEMENTS + 1)) is UNKNOWN


def range_of(count: int) -> tuple[bool, ...]:
    return (True,) * count


def test_what_was_seen_is_noted_by_its_path() -> None:
    names = Names(lambda name: normal(FACTS.get(name, UNKNOWN)), NOW, lambda _text: None)
    evaluate(parsed('order.status is "x" or nowhere.a > n or it seems "angry" or from 2026-01-01'), names)
    assert names.seen["order.status"] == "pending"
    assert names.seen["nowhere.a"] is UNKNOWN
    assert names.seen["n"] == 3
    assert names.seen['it seems "angry"'] is UNKNOWN
    assert names.seen["today"] == NOW.date()


def test_what_lacks_counts_only_where_it_matters() -> None:
    def resolve(name: str) -> Any:
        if name == "yes_":
            return True
        names.lacks.append(LookupError(name))
        return UNKNOWN

    for text, lacking in (
        ("a is 1 or yes_", []), ("a is 1 and yes_", ["a"]), ("(a is 1 or yes_) and b is 2", ["b"]), ("a is known", []),
        ("a + b > 1", ["a", "b"]),
    ):  # fmt: skip
        names = Names(resolve, NOW)
        evaluate(parsed(text), names)
        assert [str(lack) for lack in names.lacks] == lacking


def test_fields_a_record_does_not_know_are_asked_for() -> None:
    asked: list[str] = []

    def missing(_record: Any, name: str) -> Any:
        asked.append(name)
        return eur(1)

    names = Names(lambda name: FACTS.get(name, UNKNOWN), NOW, missing_field=missing)
    assert evaluate(parsed('order.shipping > 0 EUR and order.status is "pending"'), names) is True
    assert asked == ["shipping"]


# ---- any expression
@given(full_expressions(), st.sets(st.sampled_from(sorted(FACTS))))
def test_no_expression_crashes_and_each_comes_to_the_same_twice(node: ex.Expression, known: set[str]) -> None:
    names = {name: FACTS[name] for name in known} | {"order": FACTS["order"], "items": LINES, "x": 1, "count": True}
    found = [
        evaluate(
            node, Names(lambda name: normal(names.get(name, UNKNOWN)), NOW, lambda text: len(text) % 2 == 0), LINES[0]
        )
        for _ in range(2)
    ]
    assert repr(found[0]) == repr(found[1])
    assert truth(found[0]) in {True, False} or truth(found[0]) is UNKNOWN


@given(full_expressions())
def test_an_expression_reads_the_same_when_it_is_written_out_and_parsed(node: ex.Expression) -> None:
    assert parsed(unparse(node)) == node


@pytest.mark.parametrize(
    "text",
    [
        'tags does not contain "vip"', "x is not one of 1, 2", "not (a and b)", "a and (b or c)", "(a where its b is 1) is empty",
        "first 3 of a where its b by its c descending", "sum of its a - its b over c", "10% of (a + b)", "from 2026-01-01 to 2026-02-01",
        "until 2026-02-01", "a is between 1 and 2", "1 business day", "5 EUR", '"it\'s"', "a is not known", "yes", "none",
    ],
)  # fmt: skip
def test_what_is_canonical_stays_as_it_is_written(text: str) -> None:
    again = unparse(parsed(text))
    assert parsed(again) == parsed(text)
    assert unparse(parsed(again)) == again
