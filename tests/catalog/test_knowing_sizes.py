"""Size charts, the measures that a customer states, and the size that follows from both."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog import Catalog, Measures, SizeAdvice, SizeCharts, advise_size, read_measures
from convagent.catalog.knowing import SIZE_REASONS, UsualSize, read_fit
from convagent.catalog.knowing.measures_said import Preference, measured
from convagent.errors import CatalogError
from convagent.facts import Product

SHOP = Path(__file__).resolve().parents[2] / "knowledge" / "catalog"


@cache
def shop() -> Catalog:
    return Catalog.from_file(SHOP / "products.csv")


@cache
def charts() -> SizeCharts:
    return SizeCharts.from_folder(SHOP / "size-charts")


def product_of(handle: str) -> Product:
    found = shop().product(handle)
    assert found is not None
    return found


def advised(handle: str, text: str, *, language: str = "en", preference: Preference | None = None) -> SizeAdvice:
    product = product_of(handle)
    return advise_size(product, charts().for_product(product), read_measures(text, language), preference=preference)


def codes(advice: SizeAdvice) -> list[str]:
    return [reason.code for reason in advice.reasons]


# ---- what is stated
@pytest.mark.parametrize(
    ("text", "language", "stated"),
    [
        ("I'm 178 cm, chest 98, waist 80", "en", {"height": "178", "chest": "98", "waist": "80"}),
        ("98 cm chest and 80 cm waist", "en", {"chest": "98", "waist": "80"}),
        ("chest and waist are 98 and 80", "en", {"chest": "98", "waist": "80"}),
        ("my waist is long, chest 98", "en", {"chest": "98"}),
        ("I'm 5'9\" and my chest is 38 in", "en", {"height": "175.3", "chest": "96.5"}),
        ("six foot? no, 6 ft 2", "en", {"height": "188"}),
        ("90-60-90", "en", {"chest": "90", "waist": "60", "hips": "90"}),
        ("W32 L34", "en", {"waist": "81.3", "inside_leg": "86.4"}),
        ("my waist is between 80 and 84 cm", "en", {"waist": "82"}),
        ("waist 32", "en", {"waist": "81.3"}),
        ("foot length 24.5 cm", "en", {"foot": "24.5"}),
        ("1,78 m groß, Brustumfang 98 cm und Taille 82", "de", {"height": "178", "chest": "98", "waist": "82"}),
        ("Größe 178 cm, Hüftumfang 102", "de", {"height": "178", "hips": "102"}),
        ("Meine Füße sind 25,5 cm lang", "de", {"foot": "25.5"}),
        ("mein fuss ist 24,5 cm lang", "de", {"foot": "24.5"}),
        (
            "Je mesure 1m78, tour de poitrine 92, tour de taille 75",
            "fr",
            {"height": "178", "chest": "92", "waist": "75"},
        ),
        ("taille : 178 cm", "fr", {"height": "178"}),
        ("taille 80 cm, hanches 102", "fr", {"waist": "80", "hips": "102"}),
        ("order #1042 please, 3 weeks ago", "en", {}),
        ("", "en", {}),
    ],
)
def test_measures_are_read_in_centimetres(text: str, language: str, stated: dict[str, str]) -> None:
    found = measured(read_measures(text, language))
    assert found == {name: Decimal(value) for name, value in stated.items()}


@pytest.mark.parametrize(
    ("text", "language", "size", "system", "shoes"),
    [
        ("I usually wear a M", "en", "M", None, False),
        ("I take a small", "en", "S", None, False),
        ("I'm a 12", "en", "12", None, False),
        ("UK 12", "en", "12", "UK", False),
        ("I wear size 40 in shoes", "en", "40", None, True),
        ("my feet are 42", "en", "42", None, True),
        ("my shoe size is EU 43", "en", "43", "EU", True),
        ("Ich trage sonst Größe 40", "de", "40", None, False),
        ("je fais du 40 d'habitude", "fr", "40", None, False),
        ("je chausse du 41", "fr", "41", None, True),
    ],
)
def test_the_size_that_is_usually_worn_is_read(text: str, language: str, size: str, system: str, shoes: bool) -> None:
    assert read_measures(text, language).usual == (UsualSize(size, system, shoes),)


def test_what_is_no_body_s_measure_is_given_back_and_never_bent() -> None:
    found = read_measures("hips 400 cm, chest 98 cm")
    assert measured(found) == {"chest": Decimal(98)}
    assert found.unread == ("400 cm",)


def test_who_wears_it_and_how_it_should_sit_is_read() -> None:
    assert read_measures("for my husband, chest 104").audience == {"men"}
    assert read_measures("my daughter is 4 and 104 cm tall") == Measures(
        height_cm=Decimal("104.0"), months=48, audience=frozenset({"children"})
    )
    assert read_measures("not too tight please").preference == "loose"
    assert read_measures("nicht zu weit", "de").preference == "close"
    assert read_measures("the last one was too tight").preference is None
    assert read_measures("entre M et L", "fr").between == ("M", "L")


def test_a_weight_is_noted_and_no_measure() -> None:
    found = read_measures("I'm 1.85 m and 90 kg")
    assert found.weight_said
    assert measured(found) == {"height": Decimal(185)}


@given(st.text(max_size=60), st.sampled_from(["en", "de", "fr", "", "xx"]))
@settings(max_examples=150)
def test_any_text_is_read_within_the_bounds_of_a_body(text: str, language: str) -> None:
    for pieces in (text, f"chest {text}", f"1{text}5 cm waist 80{text}"):
        found = measured(read_measures(pieces, language))
        assert all(9 <= value <= 230 for value in found.values())


@given(
    st.integers(45, 180),
    st.sampled_from(["chest {} cm", "{} cm chest", "my bust is {}cm", "Brustumfang: {} cm", "tour de poitrine {} cm"]),
)
def test_a_measure_is_read_as_it_was_said(value: int, form: str) -> None:
    assert read_measures(form.format(value)).chest_cm == value


# ---- charts
def test_the_shop_s_charts_are_read_whole() -> None:
    assert charts().problems == ()
    assert len(charts()) == 4
    women = charts().named("Women")
    assert women is not None
    assert women.rows[2].size == "M"
    assert women.rows[2].measures["chest"] == (Decimal(88), Decimal(93))
    assert women.rows[2].same_as == {"EU": ("38", "40")}


def test_a_product_names_its_charts() -> None:
    both = charts().for_product(product_of("the-harbour-jacket"))
    assert both is not None
    assert both.name == "women; men"
    assert charts().for_product(product_of("the-sunday-teapot")) is None


def test_shoes_that_name_no_chart_go_by_the_one_for_shoes() -> None:
    found = charts().for_product(product_of("the-pier-espadrille"))
    assert found is not None
    assert found.name == "shoes"
    assert charts().for_product(product_of("the-belt-that-fits")) is None


def test_charts_in_inches_and_german_are_read_and_broken_rows_are_told(tmp_path: Path) -> None:
    (tmp_path / "herren.csv").write_text(
        "Größe;Brustumfang (cm);Taille (cm)\nM;94–99;82–87\nL;abc;\n;1;2\n", encoding="utf-8"
    )
    (tmp_path / "tops.csv").write_bytes(b"Size,Chest (in)\nS,34-36\nM,37-39\n")
    (tmp_path / "empty.csv").write_bytes(b"")
    found = SizeCharts.from_folder(tmp_path)
    german, inches = found.named("herren"), found.named("tops")
    assert german is not None
    assert inches is not None
    assert [row.size for row in german.rows] == ["M"]
    assert german.rows[0].audience == {"men"}
    assert inches.rows[0].measures["chest"] == (Decimal("86.36"), Decimal("91.44"))
    assert len(found) == 2
    assert [problem.partition(",")[0] for problem in found.problems] == [
        "empty.csv",
        "herren.csv",
        "herren.csv",
        "herren.csv",
    ]


def test_a_folder_that_is_none_and_a_file_that_is_too_large_are_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="size-charts-missing"):
        SizeCharts.from_folder(tmp_path / "nowhere")
    (tmp_path / "big.csv").write_bytes(b"x" * 1_000_001)
    with pytest.raises(CatalogError, match="size-charts-unreadable"):
        SizeCharts.from_folder(tmp_path)


# ---- advice
def test_a_measure_inside_a_size_is_sure_and_says_what_is_left() -> None:
    found = advised("the-harbour-jacket", "chest 97 cm, for my husband")
    assert (found.size, found.between, found.missing) == ("M", (), ("waist",))
    assert found.certainty == 0.9
    assert [variant.sku for variant in found.variants] == ["WW-HARB-MOS-M", "WW-HARB-INK-M"]  # rust is sold out
    assert all(variant.available for variant in found.variants)


def test_a_measure_on_the_border_is_between_two_and_said_to_be() -> None:
    knit = advised("the-second-best-jumper", "bust 93, for my wife")
    assert (knit.size, knit.between, knit.certainty) == ("M", ("M", "L"), 0.55)
    dress = advised("the-second-glance-dress", "bust 93")
    assert (dress.size, dress.between) == ("L", ("M", "L"))
    assert "garment" in codes(dress)


def test_it_depends_on_who_wears_it_where_the_charts_disagree() -> None:
    found = advised("the-harbour-jacket", "chest 97 cm")
    assert (found.size, found.between, found.missing[0]) == (None, ("M", "L"), "wearer")
    assert found.certainty <= 0.3
    assert found.variants == ()


@pytest.mark.parametrize(
    ("handle", "text", "size", "reason"),
    [
        ("the-shortcut-trainer", "I wear 42", "43", "fit"),  # runs small, order one size up
        ("the-shortcut-trainer", "my foot is 26.5 cm long", "43", "fit"),
        ("the-errand-trainer", "my feet are 24.2 cm", "38", "fit"),  # between two, take the smaller
        ("the-pocket-money-skirt", "waist 75.5 cm", "L", "fit"),  # rigid, size up if between two
        ("the-borrowed-cricket-jumper", "bust 93.5 cm", "M", "fit"),  # oversized; size down if between two
        (
            "the-cold-water-club-swimsuit",
            "I'm 180 cm, bust 90, waist 72, hips 98",
            "L",
            "fit",
        ),  # taller than 178 cm, size up
        ("the-cold-water-club-swimsuit", "I'm 170 cm, bust 90, waist 72, hips 98", "M", "measure"),
        ("the-second-best-jumper", "bust 90, for my wife, nice and loose", "L", "fit"),  # for a loose look one size up
        ("the-long-way-round-coat", "bust 90, I like it close", "S", "fit"),  # one down for a closer line
        ("the-lamplighter-pea-coat", "size 50", "M", "usual"),
        ("the-turf-boot", "UK 9", "43", "usual"),
        ("the-odd-sock-pack", "shoe size 41", "40–43", "usual"),
        ("the-little-harbour-jacket", "my son is 112 cm", "116/122", "measure"),
        ("the-little-harbour-jacket", "he is 5 years old", "104/110", "age"),
        ("the-workaday-jean", "waist 73, chest 100", "M", "disagrees"),
        ("the-pier-espadrille", "I'm between 38 and 39", "38", "fit"),  # runs large, the smaller of two; no chart named
        ("the-birthday-dress", "my daughter is 121 cm tall", "116/122", "measure"),
        ("the-cold-water-club-swimsuit", "I'm 181 cm tall and normally an M", "L", "fit"),
        ("the-doubtful-sky-raincoat", "I'm right between S and M", "M", "garment"),
        ("the-second-best-jumper", "I'm between S and M", "S", "garment"),
        ("the-night-watch-henley", "I have a 38 inch chest", "M", "measure"),
        ("the-cobble-boot", "My foot is 24.5 cm long", "39", "measure"),
    ],
)
def test_the_shop_s_words_on_the_fit_and_the_kind_of_piece_count(
    handle: str, text: str, size: str, reason: str
) -> None:
    found = advised(handle, text)
    assert found.size == size
    assert reason in codes(found)


def test_a_wish_decides_between_two_where_the_shop_says_nothing() -> None:
    assert advised("the-second-glance-dress", "bust 93.5 cm", preference="close").size == "M"
    assert advised("the-second-glance-dress", "bust 93.5 cm", preference="loose").size == "L"


def test_other_measures_that_disagree_make_it_less_sure() -> None:
    alike = advised("the-slow-train-jumper", "chest 103, waist 91")
    apart = advised("the-slow-train-jumper", "chest 103, waist 110")
    assert alike.size == apart.size == "L"
    assert alike.certainty > 0.9 > 0.6 >= apart.certainty


def test_no_size_follows_from_a_weight_or_from_nothing() -> None:
    found = advised("the-registry-office-blazer", "I'm 1.85 m and 90 kg")
    assert (found.size, found.certainty, codes(found), found.missing) == (None, 0.0, ["weight"], ("chest", "waist"))
    assert advised("the-sunday-teapot", "chest 98").size is None


def test_beyond_the_chart_there_is_no_size() -> None:
    found = advised("the-ferryman-parka", "chest 130 cm")
    assert (found.size, codes(found)) == (None, ["beyond"])


def test_a_size_that_the_product_is_not_made_in_is_not_advised() -> None:
    product = product_of("the-culotte-compromise")
    made = {variant.options["Size"] for variant in product.variants}
    chart = charts().for_product(product)
    assert chart is not None
    for row in chart.rows:
        if row.size not in made:
            low, high = row.measures["waist"]
            found = advise_size(product, chart, Measures(waist_cm=(low + high) / 2))
            assert found.size is None
            assert "not-made" in codes(found)


measures = st.builds(
    Measures,
    height_cm=st.none() | st.decimals(45, 230, places=1),
    chest_cm=st.none() | st.decimals(40, 180, places=1),
    waist_cm=st.none() | st.decimals(38, 180, places=1),
    hips_cm=st.none() | st.decimals(40, 190, places=1),
    foot_cm=st.none() | st.decimals(9, 35, places=1),
    usual=st.lists(
        st.builds(UsualSize, st.sampled_from(["M", "XL", "40", "104", "9"]), st.sampled_from([None, "UK", "EU"]), st.booleans()),
        max_size=2,
    ).map(tuple),
    between=st.sampled_from([(), ("M", "L"), ("38", "39"), ("M", "?")]),
    months=st.none() | st.integers(0, 200),
    audience=st.sampled_from([frozenset(), frozenset({"women"}), frozenset({"men"}), frozenset({"children"})]),
    preference=st.sampled_from([None, "loose", "close"]),
    weight_said=st.booleans(),
)  # fmt: skip
worn = st.sampled_from([each.id for each in shop().products if each.vendor == "Wrenfold Wear"])


@given(worn, measures)
@settings(max_examples=200)
def test_an_advised_size_is_one_that_is_made_never_quite_certain_and_what_is_left_of_it_is_in_stock(
    handle: str, stated: Measures
) -> None:
    product = product_of(handle)
    found = advise_size(product, charts().for_product(product), stated)
    made: set[Any] = {value for variant in product.variants for value in variant.options.values()}
    assert found.size is None or found.size in made
    assert set(found.between) <= made
    assert 0 <= found.certainty <= 0.95
    assert all(reason.code in SIZE_REASONS for reason in found.reasons)
    for variant in found.variants:
        assert variant.available is True
        assert product.status == "active"
        assert found.size in variant.options.values()
    if not measured(stated) and not stated.usual and not stated.between and stated.months is None:
        assert found.size is None


@given(st.decimals(84, 107, places=1), st.decimals(84, 107, places=1))
def test_a_larger_chest_is_never_advised_a_smaller_size(one: Decimal, other: Decimal) -> None:
    product = product_of("the-doubtful-sky-raincoat")
    chart = charts().for_product(product)
    order = ["XS", "S", "M", "L", "XL", "XXL"]
    small, large = (
        advise_size(product, chart, Measures(chest_cm=value)).size for value in (min(one, other), max(one, other))
    )
    assert small is not None
    assert large is not None
    assert order.index(small) <= order.index(large)


def test_what_says_nothing_about_size_moves_nothing() -> None:
    fit = read_fit(product_of("the-uninvited-aunt-dress"))
    assert fit is not None
    assert (fit.always, fit.between, fit.true, fit.narrow) == (0, 0, True, False)
    assert read_fit(product_of("the-sunday-teapot")) is None
