"""A German shop's catalog and what its customers write: compounds, umlauts, colours, stock and price by name."""

from __future__ import annotations

from functools import cache

import pytest
from tests.shopping.shopping_cases import NOW

from convagent.catalog import Catalog
from convagent.catalog.attributes.materials import read_materials
from convagent.catalog.colours import colours_in, read_colours
from convagent.catalog.knowing import compare_products
from convagent.catalog.knowing.facts_read import own_spelling, plain_field
from convagent.catalog.wishes.lexicon import the_lexicon
from convagent.facts import Money, Product, Variant
from convagent.guidance.wording import Wording
from convagent.shopping.act_reader import ActReader
from convagent.shopping.asked_plainly import asks_for_itself, asks_politely
from convagent.shopping.asker import Asker
from convagent.shopping.assistant import ShoppingAssistant
from convagent.shopping.model import Advice, ShoppingState
from convagent.shopping.reasons import reason_of
from convagent.shopping.rules import SellingRules
from convagent.shopping.wishing import wish_read
from convagent.shopping.wording import Sentences


def thing(title: str, kind: str, price: int, *, there: bool = True, colour: str = "", **said: str) -> Product:
    """A product of a bicycle shop."""
    options = {"Farbe": colour} if colour else {}
    key = title.casefold().replace(" ", "-")
    attributes = {name.replace("_", " "): text for name, text in said.items()}
    variant = Variant(id=f"{key}:1", sku=key, price=Money.of(price, "EUR"), available=there, options=options)
    return Product(id=key, title=title, kind=kind, status="active", attributes=attributes, variants=(variant,))


@cache
def shop() -> Catalog:
    """A small German catalog of several kinds and prices."""
    return Catalog.from_products(
        [
            thing("Habicht Aufstieg 3", "Trekkingrad", 1200, colour="Tannengrün", Zulässiges_Gesamtgewicht="140 kg"),
            thing("Habicht Aufstieg 5", "Trekkingrad", 1600, colour="Schwarz", Zulässiges_Gesamtgewicht="150 kg"),
            thing("Habicht Sturmwind E7", "Citybike", 2900, there=False, Zulässiges_Gesamtgewicht="120 kg"),
            thing("Klotz Kette", "Schloss", 40, Material="Stahl"),
            thing("Klotz Bügel", "Schloss", 80, Material="Stahl"),
            thing("Sitzfest", "Sattel", 60, Material="Leder"),
            thing("Wolke", "Sattel", 50, Material="Kork"),
        ],
        language="de",
    )


def advised(text: str) -> Advice:
    """What the assistant says to a first message."""
    asker = Asker(Sentences(Wording("de", NOW)), NOW)
    return ShoppingAssistant(shop(), SellingRules()).advise(text, ShoppingState(), asker)


def test_names_of_fields_are_shown_as_the_shop_spells_them() -> None:
    pair = [each for each in shop().products if each.kind == "Trekkingrad"]
    labels = [row.label for row in compare_products(shop(), pair, language="de").rows]
    assert "Zulässiges Gesamtgewicht" in labels
    assert plain_field("custom.Größe (cm)") == "größe_cm"
    assert own_spelling(pair, "zulässiges_gesamtgewicht") == "Zulässiges Gesamtgewicht"
    assert own_spelling(pair, "gewicht") == "gewicht"
    assert reason_of(pair[0], ("Zulässiges Gesamtgewicht: 140 kg",)) == "Zulässiges Gesamtgewicht: 140 kg"


@pytest.mark.parametrize("text", ["Ist das Sturmwind E7 auf Lager?", "Habt ihr das Sturmwind E7 noch?"])
def test_what_is_sold_out_is_said_to_be_by_a_part_of_its_name(text: str) -> None:
    act = ActReader(shop()).read(text, ShoppingState())
    assert act is not None
    assert act.kind == "pick"
    assert act.sure >= 0.9
    assert any("ausverkauft" in str(line) for line in advised(text).lines)


def test_what_is_done_to_a_product_is_not_its_price() -> None:
    bike = next(each for each in shop().products if each.title.endswith("E7"))
    assert asks_for_itself("Was kostet das Sturmwind E7?", bike)
    assert not asks_for_itself("Was kostet die Inspektion für das Sturmwind E7?", bike)
    assert not asks_for_itself("Ich nehme das Sturmwind E7", bike)


@pytest.mark.parametrize("text", ["Ein Rad bitte", "Ich suche ein Fahrrad", "Haben Sie Räder?"])
def test_a_kind_whose_head_is_a_known_kind_is_one_of_it(text: str) -> None:
    found = shop().find(wish_read(shop(), text), only_kind=True, language="de").hits
    assert {hit.product.kind for hit in found} == {"Trekkingrad"}  # the Citybike is sold out


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Trekkingrad", "bicycle"),
        ("Citybike", "bicycle"),
        ("Früchtetee", "tea"),
        ("Wirkungsgrad", None),
        ("Kamerad", None),
    ],
)
def test_short_heads_of_compounds_are_told_from_words_that_end_alike(word: str, kind: str | None) -> None:
    met = the_lexicon().read(word, ("de",))
    assert {c.name for each in met if each.head for c in each.concepts if c.sort == "kind"} == (
        {kind} if kind else set()
    )


def test_a_shoppers_compound_is_the_shops_kind_that_it_is_one_of() -> None:
    assert wish_read(shop(), "Ich brauche ein Fahrradschloss").own_kinds == ("Schloss",)
    assert wish_read(shop(), "Was ist ein Abschloss?").own_kinds == ()


def test_a_thing_with_a_please_is_a_wish_and_what_is_done_to_one_is_none() -> None:
    catalog = shop()
    for text, is_wish in [
        ("Sattel ohne Leder bitte", True), ("einen schwarzen Sattel, bitte", True), ("Den Sattel tauschen bitte", False),
        ("Sattel ohne Leder", False), ("Haben Sie einen Sattel, bitte?", False),
    ]:  # fmt: skip
        assert asks_politely(text, wish_read(catalog, text)) is is_wish, text
    act = ActReader(catalog).read("Sattel ohne Leder bitte", ShoppingState())
    assert act is not None
    assert (act.kind, act.sure >= 0.7) == ("find", True)
    assert [pick.product.title for pick in advised("Sattel ohne Leder bitte").picks] == ["Wolke"]


def test_the_budget_is_not_asked_for_before_anything_is_known_of_what_it_would_buy() -> None:
    alike = [thing(f"Nummer {number}", "", 10 * number * number) for number in range(1, 9)]
    assistant = ShoppingAssistant(Catalog.from_products(alike, language="de"), SellingRules())
    asker = Asker(Sentences(Wording("de", NOW)), NOW)
    vague = assistant.advise("Können Sie mir etwas empfehlen?", ShoppingState(), asker)
    assert vague.state.asked != "budget"
    known = assistant.advise("Können Sie mir ein Geschenk für Frauen empfehlen?", ShoppingState(), asker)
    assert known.state.asked == "budget"


def test_whether_any_product_has_to_do_with_what_is_said() -> None:
    assistant = ShoppingAssistant(shop(), SellingRules())
    assert assistant.finds_anything("Haben Sie etwas mit Kork?")
    assert not assistant.finds_anything("Verleihen Sie Tandems fürs Wochenende?")


def test_a_polite_sie_points_back_at_nothing() -> None:
    act = ActReader(shop()).read("Haben Sie ein grünes Rad?", ShoppingState())
    assert act is not None
    assert act.kind == "find"


@pytest.mark.parametrize(
    ("value", "colour"),
    [("Tannengrün", "green"), ("Salbeigrün", "green"), ("Dunkelblau", "blue"), ("Türkis", "blue"), ("Oliv", "green"),
     ("Natur", "beige"), ("Blassrosa", "pink")],
)  # fmt: skip
def test_the_colour_of_a_compound_is_its_last_part(value: str, colour: str) -> None:
    assert colour in colours_in(value)


def test_compounds_of_colours_are_read_in_running_text_and_bread_is_not_red() -> None:
    assert [each[2] for each in read_colours("ein tannengrünes Rad")] == [("green",)]
    assert [each[2] for each in read_colours("ein tannengrünes Rad", shop=["Tannengrün"])] == [("tannengrün",)]
    for text in ("das Frontlicht Morgenrot", "ein dinkelbrot", "a covered tray", "ein evergreen"):
        assert read_colours(text) == []


def test_carbon_is_a_material() -> None:
    assert [each.name for each in read_materials("Aluminium, Carbon")[0]] == ["aluminium", "carbon fibre"]
