"""Finding by wishes: demands, what to give up, successors, likeness, three languages."""

from __future__ import annotations

import pytest

from convagent.catalog import Catalog
from convagent.catalog.wishes import Wish
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant


def product(title: str, kind: str, price: str, *, available: bool = True, **more: object) -> Product:
    handle = title.casefold().replace(" ", "-")
    options = more.pop("options_of", {})
    variant = Variant(
        id=f"{handle}:1", sku=f"S-{handle}", price=Money.of(price, "EUR"), available=available, options=options
    )
    return Product.model_validate(
        {
            "id": handle,
            "handle": handle,
            "title": title,
            "kind": kind,
            "status": "active",
            "variants": (variant,),
            **more,
        }
    )


PRODUCTS = [
    product("The Long Coat", "Coat", "200", attributes={"material": "100% wool", "audience": "women"}, options_of={"Size": "M", "Colour": "Black"}),
    product("The Short Coat", "Coat", "120", attributes={"material": "100% cotton", "audience": "men"}, options_of={"Size": "L", "Colour": "Navy"}),
    product("The Quick Trainer", "Trainers", "80", tags=("shoes",)),
    product("The Robe", "Dressing gown", "60", attributes={"material": "cotton"}),
    product("The Acorn Bed", "Bed", "300", attributes={"age": "3 to 8 years", "dimensions": "W 80 × D 160 × H 60 cm"}),
    product("The Tower Bunk", "Bunk bed", "500", attributes={"age": "Upper bed from 6 years, lower bed from 3 years"}),
    product("Calm Capsules", "Supplement", "15", attributes={"allergens": "None of the 14 declarable allergens", "ingredients": "Magnesium"},
            description="Helps you sleep."),
    product("Milk Shake", "Drink mix", "20", attributes={"allergens": "Contains milk"}),
    product("Plain Shake", "Drink mix", "22", attributes={"ingredients": "Peas"}),
    product("Old Lantern", "Lamp", "40", status="archived", attributes={"successor": "middle-lantern"}),
    product("Middle Lantern", "Lamp", "40", status="archived", attributes={"successor": "new-lantern"}),
    product("New Lantern", "Lamp", "45", attributes={"former_names": "Cloud Runner; the Glow", "model_number": "NL-7"}, tags=("portable",)),
    product("Pocket Lantern", "Lamp", "25", tags=("portable",)),
    product("Kind Cream", "Day cream", "30", description="Free of acetone and shea."),
    product("Rich Cream", "Day cream", "28", description="With shea butter and acetone."),
]  # fmt: skip
CATALOG = Catalog.from_products(PRODUCTS)


def ids(text: str | Wish) -> list[str]:
    return [hit.product.id for hit in CATALOG.find(text).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("bathrobe", "the-robe"),
        ("sneakers", "the-quick-trainer"),
        ("Turnschuhe", "the-quick-trainer"),
        ("Bademäntel", "the-robe"),
        ("peignoir", "the-robe"),
        ("lit enfant", "the-acorn-bed"),
        ("Etagenbett", "the-tower-bunk"),
        ("snekaers", "the-quick-trainer"),
        ("something for insomnia", "calm-capsules"),
        ("NL-7", "new-lantern"),
        ("the old cloud runner", "new-lantern"),
        ("do you still have the old lantern?", "new-lantern"),
        ("Damenmantel", "the-long-coat"),
        ("manteau homme", "the-short-coat"),
    ],
)
def test_what_was_meant_comes_first(text: str, first: str) -> None:
    assert ids(text)[0] == first
    assert CATALOG.search(text)[0].product.id == first


def test_allergens_pass_only_where_they_are_declared_absent() -> None:
    assert ids("drink mix without milk") == []
    assert ids("supplement without milk") == ["calm-capsules"]
    assert "milk-shake" not in ids(Wish(text="shake", without_allergens=("soya",)))


def test_what_must_not_be_in_it_is_looked_for_in_the_words() -> None:
    assert ids("day cream without shea") == ["kind-cream"]
    assert ids("Tagescreme ohne Aceton und Shea")[:1] == ["kind-cream"]
    assert ids("coat without wool")[:1] == ["the-short-coat"]
    assert "the-long-coat" not in ids("coat without wool")


def test_what_a_child_takes_must_say_that_it_is_for_children() -> None:
    assert "calm-capsules" not in ids("supplement for a 4 year old")
    assert ids("bed for a 4 year old")[0] == "the-acorn-bed"
    assert "the-tower-bunk" not in ids("bed for a 4 year old")
    assert "the-acorn-bed" not in ids("bed for a 12 year old")


def test_measures_that_are_not_said_do_not_pass() -> None:
    assert ids("bed at most 90 cm wide") == ["the-acorn-bed"]
    assert CATALOG.find("bed at most 70 cm wide").relaxed[0].constraint == "bounds"


def test_one_demand_to_give_up_is_offered_in_order() -> None:
    found = CATALOG.find("black coat in size L under 300")
    assert found.hits == ()
    assert [(each.constraint, each.label, [hit.product.id for hit in each.hits]) for each in found.relaxed] == [
        ("colours", "black", ["the-short-coat"]),
        ("sizes", "L", ["the-long-coat"]),
    ]


def test_a_price_that_is_too_low_tells_the_nearest_one() -> None:
    found = CATALOG.find("coat under 100")
    assert (found.hits, found.of_kind) == ((), False)
    (relaxed,) = found.relaxed
    assert (relaxed.constraint, relaxed.nearest, relaxed.label) == ("at_most", Money.of(120, "EUR"), "99.99 EUR")
    assert [hit.product.id for hit in relaxed.hits] == ["the-short-coat", "the-long-coat"]


def test_safety_is_not_given_up_even_if_nothing_is_left() -> None:
    found = CATALOG.find("bunk bed for a 2 year old under 600")
    assert all(each.constraint == "at_most" for each in found.relaxed)
    assert "the-tower-bunk" not in {hit.product.id for each in found.relaxed for hit in each.hits}


def test_a_kind_that_is_not_sold_is_told() -> None:
    assert not CATALOG.find("bicycle").of_kind
    assert CATALOG.find("coat").of_kind
    assert CATALOG.find("something nice for sleep").of_kind


def test_what_is_like_a_product_is_not_the_product() -> None:
    found = CATALOG.find("something similar to the New Lantern")
    assert found.wish.like == ("new-lantern",)
    assert found.hits[0].product.id == "pocket-lantern"
    assert "new-lantern" not in [hit.product.id for hit in found.hits]


def test_a_wish_without_words_finds_too() -> None:
    assert ids(Wish(kinds=("coat",), at_most=Money.of(150, "EUR"))) == ["the-short-coat"]
    assert ids(Wish(named=("the-robe",)))[0] == "the-robe"
    assert ids(Wish()) == []
    assert ids(Wish(at_most=Money.of(16, "EUR"))) == ["calm-capsules"]


def test_a_wish_that_was_read_finds_what_its_words_find() -> None:
    for text in ("black coat", "something for insomnia", "Bademäntel", "bed for a 4 year old"):
        assert ids(CATALOG.read_wish(text)) == ids(text)


def test_sold_out_products_are_found_on_demand_only() -> None:
    sold_out = Catalog.from_products([product("The Last Coat", "Coat", "10", available=False)])
    assert sold_out.find("coat").hits == ()
    assert sold_out.find("coat", in_stock_only=False).hits != ()
    assert sold_out.find("coat in stock", in_stock_only=False).hits == ()


def test_a_search_for_nothing_is_refused() -> None:
    with pytest.raises(CatalogError) as refused:
        CATALOG.find("coat", k=0)
    assert refused.value.code == "search-k"


def test_a_catalog_in_german_is_found_in_english() -> None:
    german = Catalog.from_products(
        [
            product("Der Regenfreund", "Regenmantel", "90", attributes={"zielgruppe": "Damen"}),
            product("Der Tisch", "Tisch", "90"),
        ],
        language="de",
    )
    assert [hit.product.id for hit in german.find("raincoats for women").hits] == ["der-regenfreund"]
    assert german.find("Regenmäntel").hits[0].product.id == "der-regenfreund"


def test_of_a_product_that_is_named_what_it_is_not_is_told() -> None:
    found = CATALOG.find("the long coat in navy")
    assert "the-long-coat" not in [hit.product.id for hit in found.hits]
    assert [(each.constraint, each.hits[0].product.id) for each in found.relaxed] == [("colours", "the-long-coat")]


def test_addresses_are_no_words_of_a_wish() -> None:
    assert CATALOG.read_wish("write to bed.coat@lamp.example or https://coat.example/bed").kinds == ()


def test_what_is_refused_is_looked_for_among_the_ingredients() -> None:
    balms = Catalog.from_products(
        [
            product("Waxy Balm", "Lip balm", "9", attributes={"ingredients": "Cera Alba, Aqua"}),
            product("Plain Balm", "Lip balm", "9", attributes={"ingredients": "Candelilla Wax, Aqua"}),
        ]
    )
    assert [hit.product.id for hit in balms.find("lip balm without beeswax").hits] == ["plain-balm"]
    assert [hit.product.id for hit in balms.find("Lippenbalsam ohne Bienenwachs").hits] == ["plain-balm"]


def test_what_it_holds_may_stand_in_the_sizes_and_its_kind_in_a_tag() -> None:
    dish = product("Second Helping", "Serving", "48", tags=("ovenware",))
    small, large = (
        Variant(id=size, price=Money.of("48", "EUR"), available=True, options={"Size": size})
        for size in ("2 litres", "3.5 litres")
    )
    catalog = Catalog.from_products([dish.model_copy(update={"variants": (small, large)}), *PRODUCTS])
    found = catalog.find("an oven dish that holds at least 3 litres", only_kind=True)
    assert [hit.product.id for hit in found.hits] == [dish.id]
    assert not catalog.find("an oven dish that holds at least 4 litres", only_kind=True).hits


def test_traces_among_the_ingredients_keep_a_product_from_who_must_not_have_them() -> None:
    bar = product(
        "Oat Bar", "Drink mix", "5", attributes={"ingredients": "Peas. May contain nuts", "allergens": "None of the 14"}
    )
    catalog = Catalog.from_products([bar, *PRODUCTS])
    assert bar.id not in [hit.product.id for hit in catalog.find("a drink mix without nuts").hits]
