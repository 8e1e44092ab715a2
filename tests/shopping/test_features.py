"""Features: what something has or hasn't."""

from __future__ import annotations

from tests.shopping.shopping_cases import demo

from convagent.facts import Product
from convagent.shopping.features import features_said, has_feature, with_features


def products(*ids: str) -> list[Product]:
    return [found for each in ids if (found := demo().product(each)) is not None]


ONES = products("pip-one", "pip-one-s", "pip-one-plus")


def test_features_are_tags_and_fields_that_the_words_name() -> None:
    said = features_said("one that has both, the sleep light and wireless charging", ONES)
    assert set(said) == {"sleep light", "wireless charging"}
    assert features_said("a nice lamp", ONES) == ()


def test_a_field_that_says_no_is_no_feature() -> None:
    assert [each.id for each in ONES if has_feature(each, "sleep light")] == ["pip-one-s"]


def test_a_quality_is_had_where_the_product_says_so_in_its_words() -> None:
    jackets = products("the-half-past-six-bomber", "the-harbour-jacket")
    assert features_said("a waterproof jacket", jackets, ("waterproof", "warm")) == ("waterproof",)
    assert [each.id for each in with_features(jackets, ("waterproof",))] == ["the-harbour-jacket"]


def test_where_nothing_has_it_nothing_is_left_out() -> None:
    assert with_features(ONES, ("windproof",)) == tuple(ONES)
