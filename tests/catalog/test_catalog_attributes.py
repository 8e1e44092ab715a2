"""Attributes in words and units that are the same for every product."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog import ATTRIBUTE_CODES, Catalog, read_attributes
from convagent.catalog.attributes import ALLERGENS, Allergen, Allergens, ProductAttributes
from convagent.catalog.attributes.ages import read_ages
from convagent.catalog.attributes.allergens import allergens_named, read_allergens
from convagent.catalog.attributes.dimensions import lengths_in, loads_in, measure_of
from convagent.catalog.attributes.ingredients import read_ingredients
from convagent.catalog.attributes.materials import read_materials
from convagent.catalog.attributes.measures import read_measures
from convagent.catalog.attributes.shades import read_shade
from convagent.catalog.attributes.size_systems import read_size
from convagent.facts import Money, Product, Variant


def product(attributes: dict[str, object], *options: dict[str, str]) -> Product:
    variants = tuple(
        Variant(id=str(number), options=each, price=Money.of(Decimal(10), "EUR"), available=True)
        for number, each in enumerate(options or ({},))
    )
    return Product(id="p", title="A thing", status="active", attributes=attributes, variants=variants)


def sides(text: str) -> list[tuple[str | None, str, str]]:
    return [(each.side, f"{each.centimetres.low}", f"{each.centimetres.high}") for each in lengths_in(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60 x 40 x 35 cm", [(None, "60", "60"), (None, "40", "40"), (None, "35", "35")]),
        ("W 60 × D 40 × H 35 cm", [("width", "60", "60"), ("depth", "40", "40"), ("height", "35", "35")]),
        ("60 × 40 × 35 cm (B × T × H)", [("width", "60", "60"), ("depth", "40", "40"), ("height", "35", "35")]),
        ("L 60 × l 40 × H 35 cm", [("length", "60", "60"), ("width", "40", "40"), ("height", "35", "35")]),
        ("Höhe: 35 cm, Breite 60 cm", [("height", "35", "35"), ("width", "60", "60")]),
        ("hauteur 3,5 cm", [("height", "3.5", "3.5")]),
        ("90–120 cm", [(None, "90", "120")]),
        ("up to 4 cm", [(None, "None", "4")]),
        ("5'3\" tall", [("height", "160.02", "160.02")]),
        ("12 in x 8 in", [(None, "30.48", "30.48"), (None, "20.32", "20.32")]),
        ("2½ inches wide", [("width", "6.350", "6.350")]),
    ],
)
def test_lengths_are_in_centimetres_and_name_the_sides_that_are_said(text: str, expected: object) -> None:
    assert sides(text) == expected


def test_choices_are_kept_and_what_fits_something_else_is_told_apart() -> None:
    (first, cord), _, _ = lengths_in("45 or 60 cm across, cord 300 cm")
    assert first.centimetres.choices == (Decimal(45), Decimal(60))
    assert first.side == "diameter"
    assert cord.part == "cord"
    found, _, _ = lengths_in("147 × 77 × 88 cm, for mattresses 70 × 140 cm up to 12 cm thick")
    assert [each.fits for each in found] == [False] * 3 + [True] * 3


def test_a_number_without_a_unit_is_reported_and_not_guessed() -> None:
    read = read_attributes(product({"dimensions": "W 60 × D 40 × H 35"}))
    assert read.dimensions == ()
    assert [each.code for each in read.problems] == ["dimension-unread"]
    assert read_attributes(product({"width_mm": "600"})).dimensions[0].centimetres.exact == 60


def test_a_number_that_can_be_read_in_two_ways_is_not_read() -> None:
    assert measure_of("1.450 kg", "weight") == (None, ("1.450 kg",))
    assert measure_of("1,450 g", "weight")[0].exact == 1450  # type: ignore[union-attr]
    assert measure_of("2 lb 3 oz", "weight")[0].exact == Decimal("992.233309375")  # type: ignore[union-attr]


def test_loads_say_what_carries_them() -> None:
    assert [(load.grams, load.of) for load in loads_in("80 kg above, 100 kg below")[0]] == [
        (Decimal(80_000), "above"),
        (Decimal(100_000), "below"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80% wool, 20% polyamide", [("wool", 80, None), ("polyamide", 20, None)]),
        (
            "Obermaterial: 80 % Schurwolle, 20 % Polyamid; Futter: 100 % Baumwolle",
            [("wool", 80, "obermaterial"), ("polyamide", 20, "obermaterial"), ("cotton", 100, "futter")],
        ),
        ("70 % coton, 30 % lin", [("cotton", 70, None), ("linen", 30, None)]),
        ("wool 80%, silk 20%", [("wool", 80, None), ("silk", 20, None)]),
        ("Solid oak, without leather", [("oak", None, None)]),
        ("Vegan leather", [("synthetic leather", None, None)]),
    ],
)
def test_materials_are_read_with_their_shares_and_parts(text: str, expected: object) -> None:
    found, unread = read_materials(text)
    assert [(each.name, each.percent, each.part) for each in found] == expected
    assert not unread


def test_unknown_materials_and_impossible_shares_are_reported() -> None:
    assert read_materials("80% wool, 20% unobtainium")[1] == ("20% unobtainium",)
    assert read_materials("80% wool, 70% silk")[1] == ("80% wool, 70% silk",)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3 to 6 years", 36, 72),
        ("from 18 months", 18, None),
        ("ab 3 Jahren", 36, None),
        ("de 3 à 6 ans", 36, 72),
        ("0-3 Monate", 0, 3),
        ("Birth to about 3 years", 0, 36),
        ("8 years and up", 96, None),
        ("not suitable for children under 36 months", 36, None),
        ("newborn", 0, 3),
    ],
)
def test_ages_are_in_months(text: str, low: int, high: int | None) -> None:
    (age,), unread = read_ages(text)
    assert (age.low, age.high, unread) == (low, high, ())


def test_a_denied_age_is_not_read_as_one() -> None:
    assert read_ages("not from birth") == ((), ("not from birth",))


def test_two_ages_of_one_product_stay_two() -> None:
    ages, _ = read_ages("Upper bed from 6 years, lower bed from 3 years")
    assert [(age.low, age.of) for age in ages] == [(72, "upper bed"), (36, "lower bed")]


@pytest.mark.parametrize(
    ("text", "contains", "may", "without"),
    [
        ("contains: milk, may contain traces of nuts", {"milk"}, {"nuts"}, set()),
        ("Kann Spuren von Nüssen und Soja enthalten.", set(), {"nuts", "soya"}, set()),
        ("Enthält Milch, Weizen", {"milk", "gluten"}, set(), set()),
        ("Contient du lait; peut contenir des traces de fruits à coque", {"milk"}, {"nuts"}, set()),
        ("Milk; Eggs", {"milk", "eggs"}, set(), set()),
        ("made in a factory that handles nuts", set(), {"nuts"}, set()),
        ("Free from milk, eggs and nuts; may contain soya", set(), {"soya"}, {"milk", "eggs", "nuts"}),
        ("milk-free", set(), set(), {"milk"}),
        ("no nuts except almonds", {"nuts"}, set(), set()),
        ("lactose-free", set(), set(), set()),
        ("Contains shea (a tree nut); no fragrance", {"nuts"}, set(), set()),
    ],
)
def test_contained_traces_and_absence_are_three_things(
    text: str, contains: set[str], may: set[str], without: set[str]
) -> None:
    read, unread = read_allergens(text)
    assert [set[str](each) for each in (read.contains, read.may_contain, read.without)] == [contains, may, without]
    assert unread == ()


@pytest.mark.parametrize(
    "text",
    [
        "none of the 14; contains lupen",
        "None of the 14, or so they say",
        "None of the 14; not tested",
        "no allergens; ask",
    ],
)
def test_with_anything_not_understood_nothing_counts_as_not_declared(text: str) -> None:
    read, unread = read_allergens(text)
    assert unread
    assert {read.of(each) for each in ALLERGENS} <= {"unknown", "contains"}


def test_a_list_after_no_that_can_be_meant_in_two_ways_is_not_read_as_absence() -> None:
    read, unread = read_allergens("no nuts, milk")
    assert read.of("milk") == "unknown"
    assert unread
    assert read_allergens("no nuts, milk or soya")[0].of("milk") == "not declared"


@pytest.mark.parametrize(
    ("text", "group"), [("wheat-free", "gluten"), ("no almonds", "nuts"), ("without casein", "milk")]
)
def test_the_absence_of_one_of_a_group_is_not_that_of_the_group(text: str, group: Allergen) -> None:
    assert read_allergens(text)[0].of(group) == "unknown"


def test_a_warning_for_people_with_an_allergy_is_no_absence() -> None:
    read, _ = read_allergens("None of the 14; peas may affect those with peanut allergy")
    assert read.of("peanuts") == "unknown"
    assert read.of("milk") == "not declared"


def test_ingredients_speak_against_a_declaration() -> None:
    read = read_attributes(
        product(
            {"allergens": "None of the 14", "ingredients": "Sugar, whey powder, coconut milk, Avena Sativa Kernel Oil"}
        )
    )
    assert read.allergens.of("milk") == "contains"
    assert read.allergens.of("gluten") == "contains"
    assert read.allergens.of("fish") == "unknown"
    assert [each.code for each in read.problems] == ["allergens-contradict"]
    assert allergens_named(["coconut milk", "nutmeg", "buckwheat flour", "cocoa butter"]) == frozenset()


def test_ingredients_keep_brackets_forms_and_shares() -> None:
    found, _ = read_ingredients("Capsules: starch (maize, modified), iron. Drops: ginger juice (28%), lemon 1,5%")
    assert [(each.name, each.note, each.of) for each in found[:2]] == [
        ("starch", "maize, modified", "Capsules"),
        ("iron", None, "Capsules"),
    ]
    assert [(each.name, each.percent, each.of) for each in found[2:]] == [
        ("ginger juice", 28, "Drops"),
        ("lemon", Decimal("1.5"), "Drops"),
    ]


@pytest.mark.parametrize(
    ("text", "system", "key"),
    [
        ("Medium", "letters", "m"),
        ("EU 38", "EU", "38"),
        ("38", "number", "38"),
        ("104/110", "height", "104/110"),
        ("W32 L34", "waist and length", "32/34"),
        ("2–4 years", "age", "2–4years"),
        ("500 ml", "measure", "500ml"),
        ("King", "name", "king"),
    ],
)
def test_sizes_say_their_system(text: str, system: str, key: str) -> None:
    size = read_size(text)
    assert size is not None
    assert (size.system, size.key.replace("-", "–")) == (system, key)


def test_shades_have_undertone_and_depth_in_order() -> None:
    shade, lighter = read_shade("Acorn (tan, neutral)"), read_shade("Lace (fair, cool)")
    assert shade is not None
    assert lighter is not None
    assert (shade.name, shade.undertone) == ("Acorn", "neutral")
    assert (lighter.depth or 0) < (shade.depth or 0)
    assert read_shade("Traffic (berry)") is None


def test_fields_and_options_in_three_languages_are_found() -> None:
    read = read_attributes(
        product(
            {
                "custom.Gewicht": "2,5 kg", "matière": "100 % coton", "Zielgruppe": "Damen; Herren", "occasion": "Hochzeit",
                "Breite": '{"value": 25.0, "unit": "CENTIMETERS"}', "volume_ml": 250,
            },
            {"Farbe": "Moss", "Größe": "M"},
        )
    )  # fmt: skip
    assert read.weight_grams is not None
    assert read.weight_grams.exact == 2500
    assert [each.name for each in read.materials] == ["cotton"]
    assert read.audience == {"women", "men"}
    assert read.uses == {"wedding"}
    assert [(each.side, each.centimetres.exact) for each in read.dimensions] == [("width", Decimal(25))]
    assert read.volume_ml is not None
    assert read.volume_ml.exact == 250
    assert read.colours[0].families == {"green"}
    assert read.sizes[0].system == "letters"
    assert not read.problems


def test_what_is_not_said_is_unknown() -> None:
    read = read_attributes(product({}))
    assert read == ProductAttributes("p")
    assert {read.allergens.of(each) for each in ALLERGENS} == {"unknown"}
    assert Allergens().all_read is False


def test_attributes_are_kept_until_the_product_changes() -> None:
    catalog = Catalog.from_products([product({"age": "from 3 years"})])
    first = catalog.attributes("p")
    assert catalog.attributes("p") is first
    catalog.update([product({"age": "whenever"})])
    changed = catalog.attributes("p")
    assert changed is not None
    assert changed.ages == ()
    assert [each.code for each in catalog.attribute_problems()] == ["age-unread"]
    assert catalog.attributes("nobody") is None


_UNITS = {"mm": "0.1", "cm": "1", "m": "100", "in": "2.54", "ft": "30.48", "Zoll": "2.54", "pouces": "2.54"}


@given(
    st.integers(1, 99),
    st.sampled_from(sorted(_UNITS)),
    st.sampled_from(["{} {}", "{}{}", "{} {} wide", "x 1 mm; {} {}"]),
)
def test_every_unit_is_converted_the_same_wherever_it_stands(number: int, unit: str, shape: str) -> None:
    measures, unread = read_measures(shape.format(number, unit))
    assert measures[-1].amounts[0].exact == number * Decimal(_UNITS[unit])
    assert not unread


_WORDS = st.sampled_from(
    "1 2½ 3,5 1.450 1/2 × x cm kg ml \" ' - – or to bis à W H (B×T×H) ( ) ; , : % wool milk may contain no none of the 14 from birth "
    "years months free keine Spuren von sans { [ ¦ ½ nuts-free size 38 L M".split()
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=25).map(" ".join))
_FIELDS = ("dimensions", "material", "age", "allergens", "undertone", "depth", "max_load", "weight", "volume", "height",
           "ingredients", "audience", "use", "color", "size")  # fmt: skip


@given(_TEXTS)
def test_no_text_crashes_the_reader_and_unread_text_is_never_an_absence(text: str) -> None:
    read = read_attributes(product(dict.fromkeys(_FIELDS, text), {"Size": text, "Shade": text}))
    assert read == read_attributes(product(dict.fromkeys(_FIELDS, text), {"Size": text, "Shade": text}))
    assert {each.code for each in read.problems} <= set(ATTRIBUTE_CODES)
    if not read.allergens.all_read:
        assert "not declared" not in {read.allergens.of(each) for each in ALLERGENS}


@given(st.text(alphabet="bcdfghjklmpqrtvwxz", min_size=4, max_size=12))
def test_a_word_nobody_knows_beside_a_declaration_leaves_all_unknown(word: str) -> None:
    read, unread = read_allergens(f"None of the 14; contains {word}")
    assert unread
    assert {read.of(each) for each in ALLERGENS} <= {"unknown", "contains"}


@pytest.mark.parametrize(
    ("listed", "declared", "said"),
    [
        ("Oats, sugar, salt. May contain nuts", "", {"nuts": "may contain", "milk": "unknown"}),
        ("Sugar. May contain traces of milk, nuts and soya.", "", {"milk": "may contain", "soya": "may contain"}),
        ("Almonds, sugar. May contain other nuts", "", {"nuts": "contains"}),
        (
            "Rice; made in a kitchen where peanuts are handled",
            "None of the 14",
            {"peanuts": "may contain", "milk": "unknown"},
        ),
        ("Hafer. Kann Spuren von Milch enthalten", "Enthält Gluten", {"milk": "may contain", "gluten": "contains"}),
        ("Sirop sans sucre. Peut contenir du soja", "", {"soya": "may contain"}),
        ("Syrup (no milk), almonds", "", {"nuts": "contains", "milk": "unknown"}),
    ],
)
def test_traces_named_among_the_ingredients_count(listed: str, declared: str, said: dict[Any, str]) -> None:
    attributes = {"ingredients": listed, **({"allergens": declared} if declared else {})}
    allergens = read_attributes(Product(id="p", title="Bar", attributes=attributes)).allergens
    assert {name: allergens.of(name) for name in said} == said


def test_a_size_that_is_a_volume_says_what_is_held() -> None:
    sizes = [
        Variant(id=size, price=Money(minor=100, currency="EUR"), options={"Size": size})
        for size in ("2 litres", "3.5 litres")
    ]
    read = read_attributes(Product(id="p", title="Dish", variants=sizes)).volume_ml
    assert read is not None
    assert read.low == 2_000
    assert read.high == 3_500
