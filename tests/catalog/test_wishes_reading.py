"""Wishes from words, in three languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from convagent.catalog import Vocabulary
from convagent.catalog.wishes import Bound, Wish
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.reading import groups_of, language_of, read_wish
from convagent.facts import Money
from convagent.search.stop_words import STOP_WORDS

SHOP = Vocabulary(currency="EUR", sizes=frozenset(("M", "L", "XL")), colours=frozenset(("Moss", "Black", "White")))


def wish(text: str, **more: Any) -> Wish:
    return read_wish(text, SHOP, **more).wish


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "waterproof jacket under 150 for a tall man, not black, in stock in L",
            {"at_most": Money(minor=14_999, currency="EUR"), "audience": ("men",), "without_colours": ("black",), "sizes": ("L",),
             "in_stock": True, "kinds": ("jacket",), "qualities": ("waterproof",)},
        ),
        ("a jumper without any wool", {"without_materials": ("wool",), "kinds": ("jumper",), "allergic": False}),
        ("a jumper without wool, my skin itches", {"without_materials": ("wool",), "allergic": True, "text": "a jumper"}),
        ("Pullover ohne Wolle für Damen", {"without_materials": ("wool",), "kinds": ("jumper",), "audience": ("women",)}),
        ("ceinture sans cuir", {"without_materials": ("leather",), "kinds": ("belt",)}),
        ("leather-free belt", {"without_materials": ("leather",), "kinds": ("belt",)}),
        ("face cream with no nuts, shea or fragrance", {"without_allergens": ("nuts",), "without": ("shea", "fragrance")}),
        ("protein for someone with a milk allergy", {"without_allergens": ("milk",), "allergic": True}),
        ("glutenfreies Müsli, allergisch gegen Nüsse", {"without_allergens": ("nuts", "gluten"), "allergic": True}),
        ("protéine sans lactose ni soja", {"without_allergens": ("milk", "soya")}),
        ("bed for a four-year-old", {"ages": (48,), "kinds": ("bed",)}),
        ("Lampe für Kinder ab 3 Jahren", {"ages": (36,), "audience": ("children",)}),
        ("un lit pour un enfant de 5 ans", {"ages": (60,), "kinds": ("bed",), "audience": ("children",)}),
        ("toys for 18 months olds", {"ages": (18,)}),
        ("lamp with a 5 year warranty", {"ages": ()}),
        ("something warm for my dad, he's 2 metres tall", {"ages": (), "audience": ("men",)}),
        ("a coat for my sister, she's 5'4", {"ages": ()}),
        ("a coat for my sister, she's 5’4”", {"ages": ()}),
        ("a coat for my boy, he's 4' 2\"", {"ages": ()}),
        ("a coat for my boy, he's 4″ tall", {"ages": ()}),
        ('she said "my son is 6", so a bed', {"ages": (72,)}),
        ("eine Jacke, er ist 2 Meter groß", {"ages": ()}),
        ("a dress for my daughter, size 104", {"ages": ()}),
        ("ein Kleid für meine Tochter, Größe 104", {"ages": ()}),
        ("une robe pour ma fille, taille 104", {"ages": ()}),
        ("a coat for my son, he's 4, size 104", {"ages": (48,)}),
        ("trousers for my son, he is 104", {"ages": ()}),
        ("die Kinder sind 104 und 116", {"ages": ()}),
        ("a card for my aunt, she is 101 years old", {"ages": (1212,)}),
        ("a puzzle for my niece, she's 4 and loves trains", {"ages": (48,)}),
        ("shelf at most 60 cm wide", {"bounds": (Bound("width", at_most=Decimal(60)),), "kinds": ("shelf",)}),
        ("Regal, höchstens 1,20 m hoch", {"bounds": (Bound("height", at_most=Decimal(120)),)}),
        ("étagère qui supporte au moins 20 kg", {"bounds": (Bound("load", at_least=Decimal(20_000)),)}),
        ("cream under 100 ml", {"bounds": (Bound("volume", at_most=Decimal(100)),), "at_most": None}),
        ("jacket under 150 in size M", {"bounds": (), "at_most": Money(minor=14_999, currency="EUR"), "sizes": ("M",)}),
        ("gift for my sister's wedding", {"audience": ("women",), "recipient": "sister's", "uses": ("gift", "wedding")}),
        ("slippers made of felt", {"materials": ("felt",), "kinds": ("slippers",)}),
        ("Hausschuhe aus Filz", {"materials": ("felt",), "kinds": ("slippers",)}),
        ("she hates it", {"audience": ()}),
        ("rouge à lèvres", {"colours": (), "kinds": ("lipstick",)}),
        ("no idea what to get, not too big", {"without": (), "without_materials": ()}),
        ("hands-free lamp", {"without": ()}),
    ],
)  # fmt: skip
def test_words_become_demands_and_preferences(text: str, told: dict[str, Any]) -> None:
    read = wish(text)
    assert {name: getattr(read, name) for name in told} == told


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Kinderschreibtische", ("desk",)),
        ("Damenregenmäntel", ("rain jacket",)),
        ("Lederarmbanduhr", ("watch",)),
        ("pjs", ("pyjamas",)),
        ("lamp shade", ("lampshade",)),
        ("desk lamp with a clamp", ("table lamp",)),
        ("table and chairs", ("table", "chair")),
        ("something to keep me dry on the bike", ()),
        ("somewhere to put shoes", ()),
        ("chaussettes de randonnée", ("walking socks",)),
        ("bedding", ("bedding",)),
        ("beds", ("bed",)),
    ],
)
def test_the_kind_that_is_looked_for_is_the_head(text: str, kinds: tuple[str, ...]) -> None:
    read = read_wish(text, SHOP)
    heads = tuple(each.name for group in read.groups if group.head for each in group.concepts)
    assert (heads or ()) == kinds if "put" not in text else heads[0] == "storage"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("warm socks", "en"),
        ("warme Socken", "de"),
        ("chaussettes chaudes", "fr"),
        ("Pip", "en"),
        ("multivitamins", "en"),
    ],
)
def test_the_language_is_the_one_that_knows_the_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "My veins look green, and gold becomes me better than silver.",  # German "Betten"
        "Welcher von beiden hält mit einer Ladung länger?",  # "Halter"
        "Kann ich das trinken?",  # "Kanne"
        "Je suis enceinte",
    ],
)
def test_words_that_only_look_like_a_kind_are_none(text: str) -> None:
    assert wish(text).kinds == ()


def test_common_words_of_one_language_mean_nothing_of_another() -> None:
    assert "tea" not in {each.name for group in read_wish("the lamp", SHOP).groups for each in group.concepts}


def test_a_wish_without_words_has_groups_of_its_kinds_and_qualities() -> None:
    groups = groups_of(Wish(kinds=("jacket", "spork"), qualities=("waterproof",)), "en")
    assert [(group.text, group.head) for group in groups] == [("jacket", True), ("spork", True), ("waterproof", False)]


def test_safety_is_never_given_up() -> None:
    asked = Wish(
        ages=(36,), without_allergens=("nuts",), without=("shea",), colours=("red",), at_most=Money.of(5, "EUR")
    )
    assert asked.can_give_up == ("colours", "at_most", "without")
    assert wish("allergic to nuts, no shea, in black").can_give_up == ("colours",)
    with pytest.raises(ValueError, match="safety"):
        asked.without_demand("ages")
    assert asked.without_demand("at_most").at_most is None


def test_every_word_of_the_lexicon_is_found_under_its_meaning() -> None:
    lexicon = the_lexicon()
    lost = []
    for (sort, name), concept in lexicon.concepts.items():
        for language in LANGUAGES:
            for phrase in concept.words[language] if sort != "material" else ():
                met = lexicon.read(phrase, (language,))
                if phrase.casefold() not in STOP_WORDS[language] and not any(concept in each.concepts for each in met):
                    lost.append((name, language, phrase))
    assert not lost


def test_wider_kinds_are_kinds() -> None:
    lexicon = the_lexicon()
    assert all(lexicon.kind(wider) for concept in lexicon.concepts.values() for wider in concept.wider)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("lipstick that contains no beeswax", ("beeswax",)),
        ("Creme ohne Bienenwachs und Sheabutter", ("beeswax", "shea")),
        ("crème sans beurre de karité ni parabènes", ("shea", "paraben")),
        ("fragrance-free cream", ("fragrance",)),
        ("mattress without latex", ("latex",)),
    ],
)
def test_substances_are_refused_by_all_of_their_names(text: str, without: tuple[str, ...]) -> None:
    assert wish(text).without == without


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I have moss green cushions and look for an armchair that goes with them.", ("armchair",)),
        ("We have an old leather sofa. Which rug would suit it?", ("rug",)),
        ("Mein Tisch ist aus Eiche, ich suche Stühle dazu", ("chair",)),
        ("wool hat", ("beanie",)),
    ],
)
def test_what_is_there_already_is_not_looked_for(text: str, kinds: tuple[str, ...]) -> None:
    assert wish(text).kinds == kinds


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("She has mugs enough. What else?", {"without_kinds": ("mug",), "without": (), "kinds": ()}),
        ("Er hat schon genug Tassen", {"without_kinds": ("mug",), "without": ()}),
        ("elle a assez de bougies", {"without_kinds": ("candle",), "without": ()}),
        ("something against tiredness, I don't want caffeine", {"without": ("caffeine",)}),
        ("I don't like wool", {"without_materials": ("wool",)}),
        ("I don't want to pay so much", {"without": (), "without_materials": ()}),
        ("I don't want anything red", {"colours": (), "without_colours": ("red",)}),
        ("nothing black please", {"without_colours": ("black",)}),
    ],
)
def test_what_somebody_has_enough_of_or_does_not_take_is_refused(text: str, told: dict[str, Any]) -> None:
    read = wish(text)
    assert {name: getattr(read, name) for name in told} == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a present, no candles please", {"without_kinds": ("candle",), "kinds": (), "without": ()}),
        ("not rugs", {"without_kinds": ("rug",), "kinds": ()}),
        (
            "I'd like something warm, but not another blanket or cushion",
            {"without_kinds": ("blanket", "cushion"), "kinds": ()},
        ),
        ("I don't like candles", {"without_kinds": ("candle",), "kinds": ()}),
        ("ein Geschenk, aber keine Kerzen", {"without_kinds": ("candle",)}),
        ("un cadeau, pas de bougies", {"without_kinds": ("candle",)}),
        ("a present without candles", {"without_kinds": ("candle",), "without": ()}),
        ("a lamp without a shade", {"without_kinds": (), "without": ("shade",), "kinds": ("lamp",)}),
        ("socks, no wool please", {"without_kinds": (), "without_materials": ("wool",), "kinds": ("socks",)}),
    ],
)
def test_a_kind_that_is_refused_is_told_from_what_must_not_be_in_a_product(text: str, told: dict[str, Any]) -> None:
    read = wish(text)
    assert {name: getattr(read, name) for name in told} == told


@pytest.mark.parametrize(
    ("text", "colours"),
    [
        ("I have moss green cushions and look for an armchair that goes with them", ()),
        ("Ich habe grüne Kissen und suche einen Sessel", ()),
        ("j'ai un canapé bleu et je cherche un tapis", ()),
        ("I have a green dress in mind", ("green",)),
        ("I have a wedding to go to and need a green dress", ("green",)),
    ],
)
def test_the_colour_of_what_they_have_is_not_demanded_of_what_they_look_for(
    text: str, colours: tuple[str, ...]
) -> None:
    assert wish(text).colours == colours


@pytest.mark.parametrize(
    ("text", "colours"),
    [("eine Jacke in Rost", ("rust",)), ("une veste en rouille", ("rust",)), ("das mit Salbei", ())],
)
def test_shades_have_their_german_and_french_names(text: str, colours: tuple[str, ...]) -> None:
    assert wish(text).colours == colours


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("is there something for my eyes to take?", ("supplement",)),
        ("was gibt es für die Augen zum Einnehmen?", ("supplement",)),
        ("which jacket should I take?", ("jacket",)),
        ("a plant protein for after training", ("plant protein",)),
        ("a present for my aunt, she drinks tea all day", ()),
        ("Wir suchen ein Bett, am liebsten ein Hochbett", ("loft bed",)),
        ("an oven dish for lasagne", ("oven dish",)),
    ],
)
def test_the_kind_is_what_is_wanted_and_not_what_somebody_does(text: str, kinds: tuple[str, ...]) -> None:
    assert wish(text).kinds == kinds


def test_the_ages_of_several_children_are_read() -> None:
    assert wish("Our girls are 7 and 4. We'd like one bed").ages == (84, 48)
    assert wish("die Kinder sind 3 und 5 Jahre").ages == (36, 60)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("What's the right bed after a cot?", {"kinds": ("bed",), "without_kinds": ("cot",)}),
        ("she has outgrown her cot, which bed is next?", {"kinds": ("bed",), "without_kinds": ("cot",)}),
        ("I have a green sofa and an oak floor. What would warm it up?", {"kinds": (), "materials": ()}),
        ("Ich habe ein grünes Sofa und suche eine Lampe", {"kinds": ("lamp",)}),
        ("can I have a lamp?", {"kinds": ("lamp",)}),
        ("something to wear to a garden party", {"kinds": ("clothes",), "qualities": ("party",)}),
        ("Are the Cobble Boots true to size? I'm usually between 38 and 39.", {"at_least": None, "at_most": None}),
        ("a mug between 10 and 20", {"kinds": ("mug",)}),
    ],
)
def test_what_stands_around_a_wish_is_no_wish(text: str, told: dict[str, Any]) -> None:
    read = wish(text)
    assert {name: getattr(read, name) for name in told} == told


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("My brother gets married and I'm the groom's sister", ("women",)),
        ("Mein Bruder heiratet, ich bin die Schwester", ("women",)),
        ("Mon frère se marie et je suis sa sœur", ("women",)),
        ("I'm a woman and look for a present for my brother", ("women", "men")),
        ("for my brother", ("men",)),
    ],
)
def test_a_wish_is_for_whoever_writes_unless_it_is_said_to_be_for_somebody(
    text: str, audience: tuple[str, ...]
) -> None:
    assert wish(text).audience == audience


def test_ages_are_shared_only_where_it_is_said() -> None:
    assert wish("Our girls are 7 and 4. We'd like one bed for both.").shared
    assert not wish("a desk for children of 5 to 7").shared
    assert not wish("a bed for a girl of 4, we share a room").shared
