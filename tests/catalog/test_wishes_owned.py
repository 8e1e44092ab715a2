"""What people have already, have enough of, or find scratchy: none of it is looked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.catalog import Vocabulary
from convagent.catalog.wishes.lexicon import the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.catalog.wishes.owned import areas, has_enough_of_it, not_also_sought, widened
from convagent.catalog.wishes.reading import read_wish

KINDS = sorted(name for sort, name in the_lexicon().concepts if sort == "kind")


def wish(text: str) -> Wish:
    return read_wish(text, Vocabulary()).wish


@pytest.mark.parametrize(
    ("text", "owned", "kinds"),
    [
        ("something to waterproof my boots", ("boots",), ("shoe care",)),
        ("un produit pour imperméabiliser mes bottes", ("boots",), ("shoe care",)),
        ("Ich habe die Stiefel schon, ich suche eine Bürste dafür", ("boots",), ("shoe care",)),
        ("a strap for my watch", ("watch",), ("watch strap",)),
        ("a mattress for my daughter's loft bed", ("loft bed",), ("mattress",)),
        ("eine Matratze für unser Hochbett", ("loft bed",), ("mattress",)),
        ("something to mend the hole in my jumper", ("jumper",), ("mending kit",)),
        ("j'ai déjà une théière, je voudrais des tasses", ("teapot",), ("mug",)),
        ("I need new boots, my old boots are worn out", (), ("boots",)),
        ("Meine Lampe ist kaputt, ich brauche eine neue", (), ("lamp",)),
        ("boots like my old ones", (), ("boots",)),
        ("do you have my usual lipstick?", (), ("lipstick",)),
        ("I want to buy for my mother boots in 38", (), ("boots",)),
        ("I have a garden, what do you have for it?", (), ()),
        ("my cousin loves candles", (), ("candle",)),
        ("our plants need bigger plant pots", (), ("plant pot",)),
        ("can I have boots in 38?", (), ("boots",)),
        ("I have boots in mind, what is there in 39?", (), ("boots",)),
        ("my old jacket was lovely, something similar please", (), ("jacket",)),
        ("meine Jacke war toll, so eine hätte ich gern wieder", (), ("jacket",)),
        ("I have no umbrella", (), ()),
        ("a rain jacket to go over my jacket", (), ("rain jacket",)),
    ],
)
def test_what_somebody_has_is_not_what_they_look_for(text: str, owned: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    read = wish(text)
    assert set(owned) <= set(read.owned)
    assert bool(read.owned) == bool(owned)
    assert set(kinds) <= set(read.kinds)
    assert bool(read.kinds) == bool(kinds)
    assert set(read.owned) <= set(read.without_kinds)


@pytest.mark.parametrize(
    ("text", "is_for_it"),
    [
        ("something to clean my boots", True),
        ("insoles for my boots", True),
        ("I have the boots, a brush please", True),
        ("I have a lamp, what is nice for the bedroom?", False),
        ("she likes candles", False),
    ],
)
def test_what_is_for_a_thing_that_is_there(text: str, is_for_it: bool) -> None:
    assert wish(text).for_owned is is_for_it


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("she likes candles but has plenty", ("candle",)),
        ("he already has enough mugs", ("mug",)),
        ("he loves candles and mugs, but he has plenty of both already", ("candle", "mug")),
        ("elle aime les bougies et les tasses, elle en a assez", ("candle", "mug")),
        ("she has enough mugs, but she likes candles", ("mug",)),
        ("a present for somebody who already has a watch", ("watch",)),
        ("he has more scarves than he could ever wear", ("scarf",)),
        ("sie mag Kerzen, hat aber schon genug davon", ("candle",)),
        ("Teekannen hat sie schon genug", ("teapot",)),
        ("ein Geschenk für jemanden, der schon ein Armband hat", ("bracelet",)),
        ("elle aime les bougies mais elle en a déjà plein", ("candle",)),
        ("un cadeau pour une amie qui a déjà une théière", ("teapot",)),
        ("she likes candles", ()),
        ("sie mag Kerzen", ()),
        ("do they have enough room for mugs?", ()),
        ("do you have more candles?", ()),
        ("have you got plenty of candles in stock?", ()),
        ("Do you have enough mugs for twelve?", ()),
        ("Haben Sie genug Tassen für zwölf Gäste?", ()),
        ("avez-vous assez de tasses pour douze ?", ()),
        ("my cousin already has a watch", ("watch",)),
    ],
)
def test_what_somebody_has_enough_of_is_refused(text: str, refused: tuple[str, ...]) -> None:
    assert set(refused) <= set(wish(text).refused_kinds)
    assert bool(wish(text).refused_kinds) == bool(refused)


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("but she has plenty of those", True),
        ("davon hat er schon genug", True),
        ("mais elle en a déjà beaucoup", True),
        ("she has plenty of time", False),
        ("is that enough for two?", False),
        ("Haben Sie genug davon?", False),
        ("do you have enough of them?", False),
    ],
)
def test_enough_of_what_was_spoken_of_before(text: str, says_so: bool) -> None:
    assert has_enough_of_it(text) is says_so


MATERIALS = {"wool": ("Wolle", "la laine"), "polyester": ("Polyester", "le polyester"), "linen": ("Leinen", "le lin")}


@given(
    material=st.sampled_from(sorted(MATERIALS)),
    said=st.sampled_from(
        ["{en} makes me itch", "{en} itches", "I find {en} scratchy", "{en} is too itchy for me", "{de} kratzt mich", "von {de} juckt es mich",
         "{fr} me gratte", "{fr}, ça me démange", "je ne supporte pas {fr}"]
    ),
    rest=st.sampled_from(["", ", do you have a jumper?", ". Welchen Pullover haben Sie?", ", vous avez un pull ?"]),
)  # fmt: skip
def test_a_material_that_itches_is_refused(material: str, said: str, rest: str) -> None:
    german, french = MATERIALS[material]
    assert material in wish(said.format(en=material, de=german, fr=french) + rest).without_materials


@pytest.mark.parametrize(
    "text",
    ["my skin itches", "does wool itch?", "is wool itchy?", "kratzt die Wolle?", "Wolle kratzt nicht", "ma peau me démange", "la laine ne gratte pas"],
)  # fmt: skip
def test_who_asks_or_itches_all_over_refuses_no_material(text: str) -> None:
    assert wish(text).without_materials == ()


# ---- laws
@given(
    owned=st.lists(st.sampled_from(KINDS), max_size=4, unique=True),
    sought=st.lists(st.sampled_from(KINDS), max_size=4),
)
def test_nobody_has_already_what_they_look_for(owned: list[str], sought: list[str]) -> None:
    kept = not_also_sought(owned, sought)
    assert set(kept) <= set(owned)
    assert not set(kept) & widened(sought)
    assert not any((set(sought) - areas()) & widened((each,)) for each in kept)


@given(
    owned=st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True),
    refused=st.lists(st.sampled_from(KINDS), max_size=3, unique=True),
    allergic=st.booleans(),
)
def test_what_somebody_has_is_given_up_for_nothing(owned: list[str], refused: list[str], allergic: bool) -> None:
    some = Wish(
        owned=tuple(owned), without_kinds=(*refused, *owned), allergic=allergic, reduced=True, materials=("wool",)
    )
    assert ("without_kinds" in some.demands) == bool(set(refused) - set(owned))
    left = some
    for name in some.one_by_one:
        left = left.without_demand(name)
    assert set(owned) <= set(left.without_kinds)


@given(owned=st.lists(st.sampled_from(KINDS), max_size=3, unique=True), for_owned=st.booleans())
def test_who_only_tells_what_they_have_asks_for_nothing(owned: list[str], for_owned: bool) -> None:
    some = Wish(owned=tuple(owned), without_kinds=tuple(owned), for_owned=for_owned)
    assert some.is_empty
    assert not some.demands
    assert not replace(some, kinds=("lamp",)).is_empty
