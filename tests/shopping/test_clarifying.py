"""One good question."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog import read_attributes
from convagent.catalog.attributes.model import ProductAttributes
from convagent.facts import Money, Product, Variant
from convagent.shopping.clarifying import KNOWN_BY_SHOPPERS, LEAST_BITS, MOST_CHOICES, best_question


def product(number: int, *, kind: str = "Lamp", category: str = "Home", audience: str = "", price: int = 20) -> Product:
    return Product(
        id=f"p{number}",
        title=f"Thing {number}",
        kind=kind,
        category=category,
        status="active",
        attributes={"audience": audience} if audience else {},
        variants=(Variant(id=f"v{number}", price=Money.of(Decimal(price), "EUR"), available=True),),
    )


def weighed(*products: Product) -> list[tuple[Product, ProductAttributes, float]]:
    return [(each, read_attributes(each), 1.0) for each in products]


def test_the_attribute_that_splits_best_is_asked_for() -> None:
    things = weighed(*(product(n, category=("Home", "Clothing")[n % 2]) for n in range(8)))
    asked = best_question(things, asked=(), known=())
    assert asked is not None
    assert asked.attribute == "area"
    assert set(asked.values) == {"Home", "Clothing"}


def test_what_was_asked_or_is_known_is_not_asked_again() -> None:
    things = weighed(
        *(product(n, category=("Home", "Clothing")[n % 2], audience=("women", "men")[n % 2]) for n in range(8))
    )
    first = best_question(things, asked=(), known=())
    assert first is not None
    second = best_question(things, asked=(first.attribute,), known=())
    assert second is not None
    assert second.attribute != first.attribute
    assert best_question(things, asked=("area",), known=("recipient",)) is None


def test_products_that_are_all_alike_raise_no_question() -> None:
    assert best_question(weighed(*(product(n) for n in range(9))), asked=(), known=()) is None


def test_the_budget_is_asked_for_where_prices_differ_most() -> None:
    things = weighed(*(product(n, price=10 + 15 * n) for n in range(9)))
    asked = best_question(things, asked=(), known=())
    assert asked is not None
    assert asked.attribute == "budget"
    low, high = asked.prices
    assert Money.of(10, "EUR") < low < high < Money.of(130, "EUR")


def test_an_attribute_that_hardly_any_product_states_tells_little() -> None:
    told = [product(n, audience=("women", "men")[n]) for n in range(2)]
    silent = [product(n, category=("Home", "Clothing")[n % 2]) for n in range(2, 20)]
    asked = best_question(weighed(*told, *silent), asked=(), known=())
    assert asked is not None
    assert asked.attribute == "area"


_PRODUCTS = st.lists(
    st.builds(
        product,
        st.integers(0, 10**6),
        kind=st.sampled_from(["Lamp", "Jacket", "Pen"]),
        price=st.integers(1, 500),
        category=st.sampled_from(["Home", "Clothing", "Beauty"]),
        audience=st.sampled_from(["", "women", "men", "children"]),
    ),
    max_size=12,
)


@given(_PRODUCTS, st.sets(st.sampled_from(sorted(KNOWN_BY_SHOPPERS))))
def test_a_question_always_tells_enough_and_offers_few_answers(products: list[Product], asked: set[str]) -> None:
    found = best_question(weighed(*products), asked=asked, known=())
    if found is not None:
        assert found.attribute not in asked
        assert found.bits >= LEAST_BITS
        assert len(found.values) <= MOST_CHOICES
        assert found.values or found.prices
