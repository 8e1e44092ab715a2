"""What is picked from a long list is put together once for as long as the list is the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from convagent.facts import Product
from convagent.guidance.interpreter.picks import LONG, choices_of
from convagent.guidance.values import normal


def _products(count: int) -> tuple[Product, ...]:
    return tuple(Product(id=f"lamp-{each}", title=f"Lamp {each}") for each in range(count))


def _choices(items: Any) -> Any:
    run = SimpleNamespace(evaluate=lambda source: normal(items))
    return choices_of(cast(Any, run), cast(Any, SimpleNamespace(choices=(), source="catalog")))


def test_a_list_that_is_normal_already_stays_the_very_same_list() -> None:
    items = _products(3)
    assert normal(items) is items
    assert normal([*items]) == items


def test_choices_of_a_catalog_are_made_once_while_it_stays_the_same() -> None:
    items = _products(LONG)
    first = _choices(items)
    assert [choice.key for choice in first] == [each.id for each in items]
    assert _choices(items) is first


def test_choices_follow_a_catalog_that_changed() -> None:
    before, after = _products(LONG), _products(LONG + 1)
    assert len(_choices(before)) == LONG
    assert [choice.value for choice in _choices(after)] == list(after)
    assert [choice.value for choice in _choices(before)] == list(before)
