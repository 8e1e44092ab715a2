"""What descriptions say outright counts as what the shop says, and nothing else does."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.catalog.attributes.described import described_fields
from convagent.catalog.attributes.described_measures import described_measures
from convagent.catalog.attributes.reading import read_attributes
from convagent.catalog.knowing.comparing import compare_products
from convagent.catalog.knowing.facts_read import said_facts
from convagent.errors import CatalogError
from convagent.facts import Money, Product, Variant


def said(text: str, title: str = "Thing", known: tuple[str, ...] = ()) -> dict[str, str]:
    return {
        name.removeprefix("description."): value for name, value in described_fields(title, None, text, known=known)
    }


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Material: 100% organic cotton. Care: wash cold.", "material", "100% organic cotton"),
        ("A rug. Dimensions: 60 x 40 cm\nWashable.", "dimensions", "60 x 40 cm"),
        ("Ingredients: oats, honey, almonds. Contains nuts.", "ingredients", "oats, honey, almonds"),
        ("A seed bar, vegan, nut-free and gluten-free.", "allergens", "nut-free; gluten-free"),
        ("May contain traces of nuts. Delicious.", "allergens", "May contain traces of nuts"),
        ("Socks of 70 % merino wool, 30 % polyamide.", "material", "70 % merino wool, 30 % polyamide"),
        ("Made from solid oak in small batches.", "material", "solid oak in small batches"),
        ("It weighs 540 g and folds flat.", "weight", "540 g"),
        ("A two-person tent, 2.1 kg, for three seasons.", "weight", "2.1 kg"),
        ("Holds 350 ml and keeps it warm.", "volume", "350 ml"),
        ("A rain suit for children aged 3 to 8.", "ages", "3 to 8 years"),
        ("Ages 3+", "ages", "3 years+"),
        ("Für Kinder ab 3 Jahren.", "ages", "ab 3 Jahren"),
        ("Dès 18 mois.", "ages", "Dès 18 mois"),
        ('The box says: "For ages 3", and means it.', "ages", "3 years"),
        ("Für Kinder ab 3 Jahren, in Größe 104.", "ages", "ab 3 Jahren"),
        ("A planter 12 cm wide, 30-40 cm tall.", "dimensions", "12 cm wide; 30-40 cm tall"),
        ("A men's jacket with a hood.", "audience", "men"),
        ("Pour femmes et hommes.", "audience", "men; women"),
    ],
)
def test_what_is_said_outright_is_read(text: str, field: str, value: str) -> None:
    assert said(text).get(field) == value


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("A shelf that carries up to 80 kg.", "weight"),
        ("A bar with 5 g of protein and 20 g of oats.", "weight"),
        ("Heavyweight cotton, 220 g, with a ribbed neck.", "weight"),
        ("A pen whose converter is the one that holds 0.8 ml.", "volume"),
        ("With a guarantee of 5 years.", "ages"),
        ("We have made them for 12 years in Cork.", "ages"),
        ("From 2 to 4 people fit in.", "ages"),
        ("For kids from 104 cm.", "ages"),
        ("For children of size 104 to 116.", "ages"),
        ("Kinder ab 104.", "ages"),
        ("Pour enfants de taille 104.", "ages"),
        ("For children from 4' tall.", "ages"),
        ("For children from 3'11\" up.", "ages"),
        ("It smells of something not meant for the children's ears.", "audience"),
        ("A dairy-free option is on the shelf below.", "allergens"),
        ("Worry-free and free of charge.", "allergens"),
        ("100% of the proceeds go to the harbour.", "material"),
    ],
)
def test_what_is_merely_near_to_a_fact_is_none(text: str, field: str) -> None:
    assert field not in said(text)


def test_what_the_shop_filled_in_is_never_overruled() -> None:
    text = "Material: wool. It weighs 2 kg. For women. Contains milk."
    assert said(text, known=("materials", "weight", "audience", "allergens")) == {}
    product = Product(id="p", title="Throw", description=text, attributes={"material": "cotton", "weight": "900 g"})
    read = read_attributes(product)
    assert [each.name for each in read.materials] == ["cotton"]
    assert read.weight_grams is not None
    assert read.weight_grams.exact == 900


def test_a_description_that_cannot_be_read_is_no_fault_of_a_field() -> None:
    product = Product(id="p", title="Throw", description="Material: moonlight. Dimensions: as long as it takes.")
    assert read_attributes(product).problems == ()


@given(st.text(alphabet="0123456789 .,:;-%xkgcml+\nMadefromContainsfreeagdb", max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert described_fields(text[:40], text[40:60], text, known=()) == described_fields(
        text[:40], text[40:60], text, known=()
    )
    read_attributes(Product(id="p", title=text[:40] or "t", description=text))


def test_long_hostile_texts_take_no_long_time() -> None:
    for piece in ("0 % a ", "1x", "aged 1 to ", "Contains a, ", "A: ", "1.", "kids 1-", "weigh 1"):
        described_fields("t", None, piece * 4_000, known=())


HEADER = (
    "Handle,Title,Body (HTML),Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,"
    "Variant Inventory Qty,Variant Price,Variant Compare At Price,Status"
).split(",")


@pytest.fixture(scope="module")
def outdoor(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """A shop for the outdoors as most are: a type, some tags, and everything else in running text."""
    rows: list[list[object]] = []

    def add(
        title: str, body: str, kind: str, tags: str, price: str, *, sizes: tuple[str, ...] = ("",), stock: int = 5,
        colour: str = "", before: str = "", gone: str = "",
    ) -> None:  # fmt: skip
        handle = title.lower().replace(" ", "-")
        for at, size in enumerate(sizes):
            names = ["Size" if size and not at else "", size, "Color" if colour and not at else "", colour]
            first = [title, f"<p>{body}</p>", kind, tags, "TRUE"] if not at else ["", "", "", "", ""]
            left = 0 if size and size == gone else stock
            rows.append([handle, *first, *names, f"{handle}-{size}".strip("-"), left, price, before, "active"])

    letters = ("S", "M", "L", "XL")
    add(
        "Gale Shell Jacket",
        "Waterproof men's jacket.",
        "Jackets",
        "waterproof",
        "139.00",
        sizes=letters,
        colour="Navy",
        gone="L",
    )
    add(
        "Squall Rain Jacket Women",
        "Waterproof, with a hood.",
        "Jackets",
        "waterproof",
        "99.00",
        sizes=letters,
        colour="Red",
    )
    add("Cinder Down Jacket", "Warm 700-fill down jacket.", "Jackets", "warm", "199.00", sizes=letters, before="249.00")
    add("Puddle Rain Suit", "Waterproof, for children aged 3 to 8.", "Kids", "rain", "45.00", sizes=("98", "110"))
    add("Burrow Tent", "Two-person tent, 2.1 kg, green.", "Tents", "camping", "229.00")
    add("Manor Tent", "Four-person tent, 4.8 kg, green.", "Tents", "camping", "349.00")
    add("Oat Bar", "Ingredients: oats, honey, almonds. Contains nuts and gluten.", "Food", "snack", "2.50")
    add("Seed Bar", "Ingredients: seeds, dates. Vegan, nut-free, gluten-free.", "Food", "snack", "2.80")
    path = tmp_path_factory.mktemp("outdoor") / "products.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return Catalog.from_file(path)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("a snack without nuts", ["seed-bar"]),
        ("tent under 3 kg", ["burrow-tent"]),
        ("waterproof jacket navy L", []),
        ("waterproof jacket navy, XL", ["gale-shell-jacket"]),
        ("jacket on sale", ["cinder-down-jacket"]),
        ("something warm but not down", []),
        ("the most expensive tent", ["manor-tent", "burrow-tent"]),
    ],
)
def test_a_shop_that_says_everything_in_running_text_is_searched_like_any_other(
    outdoor: Catalog, query: str, found: list[str]
) -> None:
    assert [hit.product.id for hit in outdoor.search(query)] == found


def test_the_cheapest_comes_first(outdoor: Catalog) -> None:
    prices = [hit.variant.price.minor for hit in outdoor.search("the cheapest jacket") if hit.variant is not None]
    assert prices == sorted(prices)
    assert prices[0] == 9900


def test_nobody_is_shown_what_is_for_others(outdoor: Catalog) -> None:
    assert "squall-rain-jacket-women" not in {hit.product.id for hit in outdoor.search("rain jacket for my husband")}
    assert "gale-shell-jacket" not in {hit.product.id for hit in outdoor.search("rain jacket for my wife")}
    assert "puddle-rain-suit" not in {hit.product.id for hit in outdoor.search("rain suit for a woman")}
    assert outdoor.search("rain suit for a six-year-old")[0].product.id == "puddle-rain-suit"


def test_a_price_set_back_ends_a_sale(outdoor: Catalog) -> None:
    product = outdoor.product("cinder-down-jacket")
    assert product is not None
    back = [variant.model_copy(update={"price": variant.compare_at}) for variant in product.variants]
    again = Catalog.from_products([*outdoor.products])
    assert again.search("jacket on sale")
    again.update(product.model_copy(update={"variants": tuple(back)}))
    assert not again.search("jacket on sale")


def test_what_is_no_product_is_refused_and_changes_nothing(outdoor: Catalog) -> None:
    for wrong in ({"id": "a", "title": "b"}, "a"):
        with pytest.raises(CatalogError, match="made of products") as caught:
            Catalog.from_products([wrong])  # type: ignore[list-item]
        assert caught.value.code == "catalog-product"
        with pytest.raises(CatalogError, match="made of products"):
            outdoor.update([wrong])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Headlamp, 300 lumens, 5,000 mAh.", {"brightness_lumens": "300 lumens", "battery_mah": "5,000 mAh"}),
        ("Two-person tent.", {"persons": "2"}),
        ("Zelt für vier Personen, 3 Jahre Garantie.", {"persons": "4", "warranty": "3 years"}),
        ("Comfort -10 °C, 700-fill down.", {"temperature": "-10 °C", "fill_power": "700"}),
        ("300 lumens near, 100 lumens far.", {}),
        ("Worn by 300 people a day in 20 streets.", {}),
    ],
)
def test_figures_with_a_unit_are_facts_where_they_are_plain(text: str, facts: dict[str, str]) -> None:
    assert dict(described_measures(text)) == facts


def test_products_in_running_text_are_compared_by_what_it_says(outdoor: Catalog) -> None:
    tents = [tent for each in ("burrow-tent", "manor-tent") if (tent := outdoor.product(each)) is not None]
    rows = {row.key: row.values for row in compare_products(outdoor, tents).rows}
    assert rows["weight"] == ("2.1 kg", "4.8 kg")
    assert rows["persons"] == ("2", "4")


def test_a_product_with_fields_is_compared_by_these_alone() -> None:
    product = Product(id="p", title="Lamp", description="300 lumens.", attributes={"brightness_lumens": "400"})
    assert dict(said_facts(product)) == {"brightness_lumens": "400"}


def test_where_nothing_calls_itself_a_present_anything_may_be_one(outdoor: Catalog) -> None:
    found = [hit.product.id for hit in outdoor.search("a present for my sister under 120")]
    assert "squall-rain-jacket-women" in found
    assert "gale-shell-jacket" not in found


def test_what_says_that_it_is_for_somebody_comes_before_what_says_nothing(outdoor: Catalog) -> None:
    assert outdoor.search("a jacket for my brother")[0].product.id == "gale-shell-jacket"


def test_what_is_of_another_kind_comes_after_what_says_no_kind() -> None:
    def named(title: str, kind: str | None) -> Product:
        text = "Canvas with a harbour and boats."
        variant = Variant(id=title, sku=title, title="", price=Money.of("20.00", "EUR"), available=True)
        return Product(id=title, title=title, kind=kind, description=text, variants=(variant,))

    catalog = Catalog.from_products(
        [named("Harbour Thing", "Mugs"), named("Harbour Piece", None), named("Quay", "Cushions")]
    )
    found = {hit.product.id: hit.score for hit in catalog.search("cushion with a harbour")}
    assert found["Quay"] > found["Harbour Piece"]
    assert found["Harbour Thing"] < 0.8 * found["Harbour Piece"]


def test_a_reduction_that_nothing_has_can_be_given_up(outdoor: Catalog) -> None:
    found = outdoor.find("tent on sale")
    assert not found.hits
    assert [each.constraint for each in found.relaxed] == ["reduced"]
    assert {hit.product.id for hit in found.relaxed[0].hits} == {"burrow-tent", "manor-tent"}


def test_one_id_may_stand_alone_where_several_are_gone(outdoor: Catalog) -> None:
    again = Catalog.from_products([*outdoor.products])
    assert again.update(removed="oat-bar").removed == ("oat-bar",)
    assert again.product("oat-bar") is None
