"""The shop's own fields met in other words: in other languages, as compounds, as what somebody has, and as what isn't in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog import Catalog
from convagent.catalog.own_fields import abroad
from convagent.catalog.own_fields.abroad import called_in, meanings_of
from convagent.catalog.own_fields.asked import fields_named
from convagent.catalog.own_fields.words import canonical, figures_of
from convagent.facts import Money, Product, Variant


def ware(name: str, kind: str, price: int, **fields: Any) -> Product:
    """A product that can be bought."""
    return Product(
        id=name, title=name, kind=kind, status="active", attributes={key.replace("_", " "): each for key, each in fields.items()},
        variants=(Variant(id=name, price=Money.of(price, "EUR"), available=True),),
    )  # fmt: skip


SHOP = Catalog.from_products(
    [
        ware("Lyra", "Dry food", 15, animal="dog", protein="chicken", grain_free="no", kibble="12 mm", breed="large"),
        ware("Vega", "Dry food", 17, animal="dog", protein="lamb", grain_free="yes", kibble="7 mm", breed="small"),
        ware("Deneb", "Dry food", 14, animal="cat", protein="salmon", grain_free="yes", kibble="5 mm"),
        ware("Altair", "Wet food", 3, animal="cat", protein="tuna", grain_free="yes"),
        ware("Rigel", "Hamster wheel", 22, animal="hamster", pieces="4", battery="no"),
        ware("Spica", "Hamster wheel", 35, animal="hamster", pieces="12", battery="8 hours"),
        ware("Mira", "Hamster wheel", 60, animal="hamster", pieces="25", battery="20 hours"),
        ware("Wheel Bearing", "Spare part", 4, fits="Spica; Mira"),
        ware("Wheel Stand", "Spare part", 9, fits="hamster wheel"),
    ]
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("getreidefreies Trockenfutter für Hunde", {"Vega"}),
        ("Trockenfutter für unsere Hauskatze", {"Deneb"}),
        ("des croquettes pour chat", {"Deneb"}),
        ("de la pâtée au thon", {"Altair"}),
        ("kibble for a dog, without grain", {"Vega"}),
        ("dry food for dogs, not chicken nor salmon", {"Vega"}),
        ("a hamster wheel with a battery", {"Spica", "Mira"}),
        ("a hamster wheel without battery", {"Rigel"}),
        ("a hamster wheel of at least 10 pieces, but not 25", {"Spica"}),
    ],
)
def test_what_is_said_in_other_words_holds_for_every_hit(text: str, ids: set[str]) -> None:
    hits = {hit.product.id for hit in SHOP.find(text, only_kind=True).hits}
    assert hits == ids, SHOP.read_wish(text)


def test_at_least_is_a_bound_and_no_superlative() -> None:
    wish = SHOP.read_wish("a hamster wheel with at least 12 pieces")
    assert wish.by_field is None
    assert [str(demand) for demand in wish.fields] == ["pieces ≥ 12"]


def test_a_field_that_says_it_isnt_free_of_something_has_it() -> None:
    found = SHOP.find("dry food please, my dog is allergic to grain")
    assert found.wish.without == ("grain",)
    assert "Lyra" not in {hit.product.id for hit in found.hits}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Combien de pièces ?", ("parts",)),
        ("Aus wie vielen Teilen besteht es?", ("parts",)),
        ("How many parts, and does it take a battery?", ("parts", "battery")),
        ("Is it heavy?", ()),
    ],
)
def test_a_question_names_a_field_in_any_of_three_languages(text: str, named: tuple[str, ...]) -> None:
    assert fields_named(text, ("battery", "parts", "animal")) == named


@pytest.mark.parametrize(
    ("text", "names", "named"),
    [
        ("Passt die Leine auch bei Regen?", ("lead", "length"), ()),
        ("Est-ce que la laisse est solide ?", ("lead",), ()),
        ("Kann ich die Angel mitnehmen?", ("fishing rod", "angle"), ()),
        ("could you change my delivery address?", ("delivery",), ()),
        ("puis-je changer l'adresse de livraison ?", ("livraison",), ()),
        ("what does the delivery include?", ("delivery",), ("delivery",)),
        ("que comprend la livraison ?", ("livraison",), ("livraison",)),
        ("Wie hoch ist das Gewicht?", ("weight", "lead"), ("weight",)),
        ("quelle est la longueur ?", ("length", "Länge"), ("Länge", "length")),
    ],
)
def test_only_names_of_fields_count_and_only_in_the_language_of_the_question(
    text: str, names: tuple[str, ...], named: tuple[str, ...]
) -> None:
    assert sorted(fields_named(text, names)) == sorted(named)


def test_the_language_that_is_known_counts() -> None:
    assert fields_named("poids ?", ("weight",), language="fr") == ("weight",)
    assert fields_named("poids ?", ("weight",), language="de") == ()


def test_a_field_that_stands_in_the_title_isnt_asked_for_by_naming_the_product() -> None:
    assert fields_named("Is the Parts Bin dry?", ("parts",), besides="Parts Bin") == ()


def test_what_says_that_it_fits_a_product_or_its_kind_goes_with_it() -> None:
    assert [each.product.id for each in SHOP.related("Spica", "complement")] == ["Wheel Bearing", "Wheel Stand"]
    assert [each.product.id for each in SHOP.related("Rigel", "complement")] == ["Wheel Stand"]


def test_an_upgrade_has_more_of_what_dearer_ones_have_more_of() -> None:
    amps = Catalog.from_products(
        ware(f"Ember {watts}", "Amplifier", price, stage_level=f"{watts} sone", hum=f"{hum} phon")
        for watts, price, hum in ((10, 90, 7), (20, 150, 3), (40, 210, 5))
    )
    better = amps.related("Ember 10", "upgrade")
    assert {each.reasons for each in better} == {
        ("stage level: 40 sone (10 sone)",),
        ("stage level: 20 sone (10 sone)",),
    }
    assert amps.related("Ember 40", "upgrade") == ()


def test_every_meaning_has_its_words_in_three_languages_and_stands_once() -> None:
    read = tomllib.loads((Path(abroad.__file__).parent / "abroad.toml").read_text("utf-8"))
    for name, rows in read.items():
        assert len(rows) == len(set(rows)), name
        for row in rows:
            parts = row.split(" / ")
            assert len(parts) == 3, row
            assert all(canonical(word) for part in parts for word in part.split(",")), row
    assert tuple(each for each in meanings_of("de", "en")[canonical("Trockenfutter")] if len(each) == 2) == (
        ("dry", "food"),
    )


@pytest.mark.parametrize(
    ("name", "en", "de", "fr"),
    [
        ("playing time", "playing time", "Spielzeit", "durée de jeu"),
        ("Gewicht", "weight", "Gewicht", "poids"),
        ("voltage", "voltage", "Spannung", "tension"),
        ("gauge ring", "gauge ring", "gauge ring", "gauge ring"),
        ("scale", "scale", "scale", "scale"),
        ("grade", "grade", "grade", "grade"),
        ("tension", "tension", "tension", "tension"),
        ("race", "race", "race", "race"),
        ("Stärke", "Stärke", "Stärke", "Stärke"),
    ],
)
def test_a_field_is_called_as_the_language_surely_calls_it_or_as_the_shop_does(
    name: str, en: str, de: str, fr: str
) -> None:
    assert tuple(called_in(name, language) for language in ("en", "de", "fr")) == (en, de, fr)


@given(name=st.text(min_size=1, max_size=30), language=st.sampled_from(("en", "de", "fr")))
def test_whatever_has_no_sure_word_stays_as_it_is(name: str, language: str) -> None:
    read = tomllib.loads((Path(abroad.__file__).parent / "abroad.toml").read_text("utf-8"))["said"]
    sure = {canonical(word) for row in read for part in row.split(" / ") for word in part.split(",") if "(" not in word}
    assert called_in(name, language) == name or canonical(name) in sure


def test_what_is_only_understood_is_still_understood() -> None:
    assert canonical("scale") in meanings_of("de", "en")[canonical("Mensur")]


def test_a_figure_of_a_scale_counts() -> None:
    told = figures_of("4 of 5")
    assert told is not None
    assert told.low == 4
