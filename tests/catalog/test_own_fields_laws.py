"""Laws of the shop's own fields, over random catalogs: nothing that is found breaks a demand of theirs, or is sold out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.catalog.own_fields.meeting import meets_demands
from convagent.catalog.own_fields.model import FieldDemand
from convagent.catalog.own_fields.reading import read_own_fields
from convagent.catalog.wishes import Wish
from convagent.facts import Money, Product, Variant

pytestmark = pytest.mark.hypothesis

FIELDS = {
    "glaze": ("matt blue", "celadon", "tenmoku", "celadon to tenmoku", "All"),
    "firing": ("gas", "wood", "gas; wood", "electric"),
    "cone": ("6", "9", "10–12", "prose that goes on and on and names no figure"),
    "food safe": ("yes", "no"),
}
CUTS = ("round", "square")
TITLES = ("Bowl", "Celadon Bowl", "Tall Vase", "Food Safe Dish", "Wood Plate")


@st.composite
def catalogs(draw: st.DrawFn) -> list[Product]:
    made = []
    for number in range(draw(st.integers(1, 12))):
        attributes = {
            name: value
            for name, values in FIELDS.items()
            if (value := draw(st.sampled_from((None, *values)))) is not None
        }
        variants = tuple(
            Variant(
                id=f"{number}:{place}",
                sku=f"P{number}-{place}",
                price=Money.of(10, "EUR"),
                available=draw(st.booleans()),
                options={"Rim": draw(st.sampled_from(CUTS))} if draw(st.booleans()) else {},
            )
            for place in range(draw(st.integers(1, 3)))
        )
        title = draw(st.sampled_from(TITLES))
        made.append(
            Product(id=str(number), title=f"{title} {number}", kind=draw(st.sampled_from((None, "Bowl", "Vase"))),
                    status=draw(st.sampled_from(("active", "active", "draft"))), attributes=attributes, variants=variants)
        )  # fmt: skip
    return made


demands = st.one_of(
    *(
        st.builds(
            FieldDemand, fields=st.just((name,)), values=st.tuples(st.sampled_from(values)), refused=st.booleans()
        )
        for name, values in {**FIELDS, "cone": FIELDS["cone"][:2], "rim": CUTS}.items()  # prose is no value
    ),
    st.builds(
        FieldDemand, fields=st.just(("cone",)), at_least=st.integers(1, 12).map(lambda n: Money.of(n, "EUR").amount)
    ),
    st.builds(FieldDemand, fields=st.just(("glaze", "firing")), values=st.just(("wood", "celadon"))),
)


def breaks(product: Product, variant: Variant, demand: FieldDemand) -> bool:
    """Whether a variant plainly breaks a demand, told without anything that finds: a field says something else."""
    said = {
        **{name: str(value) for name, value in product.attributes.items()},
        **{k.lower(): v for k, v in variant.options.items()},
    }
    told = [
        part.strip()
        for name in demand.fields
        for part in said.get(name, "").replace(" to ", ";").split(";")
        if name in said
    ]
    whole = [said[name] for name in demand.fields if name in said]
    if not whole:
        return bool(demand.at_least)
    if demand.at_least is not None:
        figures = [float(figure) for text in whole for figure in text.split("–") if figure.isdigit()]
        return not figures or max(figures) < float(demand.at_least)
    has = any(value in (*told, *whole) for value in demand.values)
    if demand.refused:
        return has
    return not has and "All" not in whole


@settings(max_examples=60, deadline=None)
@given(products=catalogs(), wanted=st.lists(demands, min_size=1, max_size=2, unique=True))
def test_nothing_that_is_found_breaks_a_demand_of_a_field_or_is_sold_out(
    products: list[Product], wanted: list[FieldDemand]
) -> None:
    catalog = Catalog.from_products(products)
    found = catalog.find(Wish(fields=tuple(wanted)), k=20)
    for hit in found.hits:
        assert hit.variant is not None
        assert hit.variant.available
        assert hit.product.status == "active"
        assert not any(breaks(hit.product, hit.variant, demand) for demand in wanted)
    for relaxed in found.relaxed:  # one demand at a time is given up, and the others still hold
        left = found.wish.without_demand(relaxed.name).offer.fields
        assert set(left) == set(wanted) - set(relaxed.wanted)
        for hit in relaxed.hits:
            assert hit.variant is not None
            assert hit.variant.available
            assert not any(breaks(hit.product, hit.variant, demand) for demand in left)
    # and nothing that meets them is lost
    ids = {hit.product.id for hit in found.hits}
    for product in products:
        if product.status == "active" and any(
            variant.available and meets_demands(product, variant, wanted) for variant in product.variants
        ):
            assert product.id in ids


@settings(max_examples=80, deadline=None)
@given(
    products=catalogs(),
    words=st.lists(
        st.sampled_from(
            ("bowl", "not", "glaze", "celadon", "without", "food", "safe", "cone", "at least", "10", "wood", "or", "gas", "round", "rim",
             "preferably", "matt", "blue", "the", "for", '"', "€", "a vase", "under 20", "9", "ohne", "highest")
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_whatever_is_read_from_a_text_holds_for_what_is_found(products: list[Product], words: list[str]) -> None:
    catalog = Catalog.from_products(products)
    text = " ".join(words)
    wish = catalog.read_wish(text)
    known = catalog.vocabulary.own.fields
    for demand in wish.fields:
        assert set(demand.fields) <= set(known)
    for hit in catalog.search(text):
        assert hit.variant is not None
        assert hit.variant.available
        assert not any(breaks(hit.product, hit.variant, each) for each in wish.offer.fields)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_is_read_and_its_spans_lie_within_it_in_order(text: str) -> None:
    vocabulary = Catalog.from_products(
        [
            Product(id=str(n), title="Bowl", kind="Bowl", status="active", attributes={"glaze": "celadon", "cone": "9", "food safe": "yes"})
            for n in range(3)
        ]
    ).vocabulary.own  # fmt: skip
    read = read_own_fields(text, vocabulary, language="en")
    assert len(read.spans) == len(read.demands)
    assert all(0 <= start <= end <= len(text) for start, end in read.spans)
