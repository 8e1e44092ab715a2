"""Judgements: true, false or unsure, learnt from examples; safeguards miss little and leave ordinary messages alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_file, parse_text
from convagent.search import Kind, Vectors
from convagent.understanding import Understander, Understood
from convagent.understanding.judgements import (
    NO_WITH_FIELD,
    NO_WITH_SIGNAL,
    NO_WITHOUT_SIGN,
    SURE_NO,
    SURE_YES,
    Judge,
    Taught,
    decided,
)
from convagent.understanding.lexicon import function_words
from convagent.understanding.meaning import embed_examples
from convagent.understanding.normal import normalise
from convagent.understanding.senses import find_senses
from convagent.understanding.signals import read_signals
from convagent.understanding.signs import own_signs
from convagent.understanding.word_lists import word_lists

ROOT = Path(__file__).parents[2]
HASTE = Taught(
    "the customer is in a hurry",
    (
        "I need it by Friday", "please hurry, the party is on Saturday", "it's urgent", "I don't have much time",
        "can you send it today, I leave tomorrow", "as soon as possible please",
    ),
    ("there is no hurry", "how long does express take", "take all the time you need"),
)  # fmt: skip
PAINT = Taught(
    "the customer paints portraits",
    ("I paint portraits in oil", "do you have canvases for portraits", "which oils do portrait painters use"),
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.fit({"haste": HASTE, "paint": PAINT}, background=["where is my parcel", "I want to return the lamp"])


def test_what_an_author_gave_as_an_example_is_true(judge: Judge) -> None:
    assert [judge.judge([text])["haste"] for text in HASTE.examples] == [True] * len(HASTE.examples)


def test_what_an_author_ruled_out_is_not_true(judge: Judge) -> None:
    assert all(judge.judge([text])["haste"] is not True for text in HASTE.negatives)


def test_what_is_nearer_to_what_an_author_ruled_out_is_denied(judge: Judge) -> None:
    def denied(text: str) -> bool:
        return judge.verdicts([text])["haste"].is_denied

    assert denied("how long does express take to Leeds")
    assert not denied("it's urgent, please hurry")
    again = Judge.from_arrays(judge.to_arrays())
    assert again.verdicts(["how long does express take to Leeds"])["haste"].is_denied


def test_other_words_for_the_same_are_understood(judge: Judge) -> None:
    assert judge.judge(["this can't wait, I fly out tomorrow morning"])["haste"] is True


def test_most_messages_are_a_clear_no(judge: Judge) -> None:
    everyday = word_lists("everyday")["everyday"]["messages"]
    found = [value for text in everyday[:80] for value in judge.judge([text]).values()]
    assert True not in found
    assert found.count(None) <= 3


def test_each_judgement_is_a_question_of_its_own(judge: Judge) -> None:
    both = judge.judge(["I paint portraits in oil", "and I need it by Friday"])
    assert both == {"haste": True, "paint": True}


def test_a_grave_sentence_does_not_drown_in_a_long_one(judge: Judge) -> None:
    before, after = "and then the blue one was nice too " * 12, " which my neighbour had seen in town once" * 12
    assert judge.judge([before + "please hurry I need it by Friday" + after])["haste"] is True


def test_between_sure_no_and_sure_yes_it_is_unsure() -> None:
    assert 0 < SURE_NO < SURE_YES < 1
    assert [decided(p) for p in (0.0, SURE_NO - 0.001, SURE_NO, SURE_YES - 0.001, SURE_YES, 1.0)] == [
        False, False, None, None, True, True,
    ]  # fmt: skip


def test_the_same_examples_make_the_same_judge() -> None:
    texts = ["quickly please", "where is it"]
    once, again = (Judge.fit({"haste": HASTE}).probabilities(texts) for _ in range(2))
    assert once == again


def test_a_judgement_without_examples_is_left_out() -> None:
    judge = Judge.fit({"haste": HASTE, "other": Taught("nobody taught this"), "void": Taught("x", ("!?", " "))})
    assert judge.names == ("haste",)
    assert Judge.fit({}).judge(["anything"]) == {}


class FirstLetter:
    """Stands for an embedder: alike are texts that begin with the same letter."""

    name = stamp = "first letter"
    dim = 26

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        letters = [ord(text[:1].lower() or "a") % 26 for text in texts]
        return np.eye(26, dtype=np.float32)[letters].reshape(-1, 26)


def test_an_embedder_is_one_more_way_to_compare() -> None:
    taught = {"z": Taught("zebra", ("zebra one", "zoo two", "zip three", "zest four"))}
    plain = Judge.fit(taught).probabilities(["zulu"])["z"]
    embedder = FirstLetter()
    embedded = embed_examples(embedder, [taught["z"].description, *taught["z"].examples])
    judge = Judge.fit(taught, embedded=embedded)
    assert judge.probabilities(["zulu"])["z"] > plain + 0.2
    again = Judge.from_arrays(judge.to_arrays(), embedder)
    assert again.probabilities(["zulu", "a horse"]) == judge.probabilities(["zulu", "a horse"])
    with pytest.raises(ValueError, match="not the arrays"):
        Judge.from_arrays(judge.to_arrays())


@given(st.lists(st.text(max_size=300), max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_has_a_probability(texts: list[str]) -> None:
    chances = _HASTE.probabilities(texts)
    assert all(0 <= chance <= 1 for chance in chances.values())


_HASTE = Judge.fit({"haste": HASTE})


# ---- fields of meaning
def test_fields_of_meaning_see_words_phrases_endings_and_negations() -> None:
    assert "medicine" in find_senses("i take antibiotics")
    assert "lawyer" in find_senses("my solicitors write")
    assert {"not-haste"} == {name for name in find_senses("there is no hurry") if "haste" in name}
    assert "haste" in find_senses("i cant wait")


def test_the_fields_are_written_so_that_they_can_be_found() -> None:
    for name, forms in word_lists("senses")["senses"].items():
        for form in forms:
            assert form.strip() == form, (name, form)
            assert form, name
            assert "*" not in form.rstrip("*"), f"{name}: only the end of `{form}` may be open"


# ---- in a shop
GUIDES = """# Rude words

Safeguard
When it seems "the customer insults us":
- "you are a bunch of idiots"
- "you stupid crooks"
- "what a pack of liars you are"
- not "I feel like an idiot, I ordered the wrong size"

1. hand over because upset_customer

# Delivery time

When the customer asks how long delivery takes:
- "how long does it take"
- "when would it be here"
- "how many days until it comes"

It seems "the customer is in a hurry":
- "I need it by Friday"
- "please hurry, the party is on Saturday"
- "it's urgent"

1. If it seems "The customer  is in a hurry":
   - say "Express."
1. say "Slowly."

# Haste elsewhere

When the customer asks what express costs:
- "what does express cost"
- "price of express delivery"
- "express, how much"

It seems "the customer is in a hurry":
- "my train leaves in an hour"
- not "there is no hurry"

1. say "5 EUR."
"""


def understander(text: str) -> Understander:
    file, findings = parse_text(text)
    assert not findings
    return Understander.fit(
        desugar(file.guides), products={}, order_pattern=r"#\d+", currency="EUR", language="en", languages=["en"]
    )


@pytest.fixture(scope="module")
def shop() -> Understander:
    return understander(GUIDES)


def hear(shop: Understander, text: str, *, earlier: tuple[str, ...] = ()) -> Understood:
    return shop.hear(text, language="en", last="", answerable=lambda _text, _language: 0.0, earlier=earlier)


def test_a_safeguard_may_be_a_judgement(shop: Understander) -> None:
    assert hear(shop, "you liars, you idiots").heard.safeguards == {"Rude words": True}
    assert hear(shop, "how long does it take").heard.safeguards == {}


def test_what_is_known_of_a_safeguard_stands_in_the_trace(shop: Understander) -> None:
    told = hear(shop, "you liars, you idiots").data["safeguards"]
    assert told["Rude words"] >= SURE_YES


def test_the_same_text_is_the_same_judgement_with_the_examples_of_all_guides(shop: Understander) -> None:
    for text in ("the customer is in a hurry", "The  customer is in a HURRY."):
        assert hear(shop, "my train leaves in an hour").judge(text) is True
        assert hear(shop, "I need it by Friday").judge(text) is True
        assert hear(shop, "what does express cost").judge(text) is False


def test_a_judgement_that_nobody_taught_is_unsure(shop: Understander) -> None:
    assert hear(shop, "anything").judge("the customer is left-handed") is None


def test_an_answer_does_not_take_back_what_was_said_for_the_open_guide(shop: Understander) -> None:
    assert hear(shop, "#1042").judge("the customer is in a hurry") is False
    assert hear(shop, "#1042", earlier=("I need it by Friday",)).judge("the customer is in a hurry") is True


def test_mood_needs_no_examples(shop: Understander) -> None:
    angry = "the customer is angry"
    assert hear(shop, "this is outrageous, I am furious").judge(angry) is True
    assert hear(shop, "how long does it take").judge(angry) is False
    assert hear(shop, "#1042", earlier=("this is outrageous, I am furious",)).judge(angry) is True


def test_the_opposite_of_a_mood_is_not_the_mood(shop: Understander) -> None:
    assert hear(shop, "this is outrageous, I am furious").judge("the customer is not angry") is None


# ---- the demo shop
@pytest.fixture(scope="module")
def demo() -> Understander:
    files = [parse_file(path)[0] for path in sorted((ROOT / "guidance").glob("*.md"))]
    return Understander.fit(
        desugar(guide for file in files for guide in file.guides),
        products={}, order_pattern=r"#?\d{4,}", currency="EUR", language="en", languages=["en"],
    )  # fmt: skip


def test_the_demo_shops_safeguards_miss_little_and_leave_ordinary_messages_alone(demo: Understander) -> None:
    data = json.loads((ROOT / "benchmarks" / "data" / "judgements.json").read_text(encoding="utf-8"))
    meant = [
        hear(demo, text).heard.safeguards.get(title, False)
        for title, halves in data["judgements"].items()
        if not title.startswith("the customer")
        for text in halves["development"]["yes"]
    ]
    assert len(meant) >= 72
    assert meant.count(False) / len(meant) < 0.05
    ordinary = [hear(demo, text).heard.safeguards for text in data["ordinary"]["development"]]
    assert sum(bool(found) for found in ordinary) <= 2


def test_little_words_mean_nothing_by_themselves() -> None:
    little = {word for language in ("en", "de", "fr") for word in function_words(language)} - {"im", "which"}
    contracted = {normalise(word) for word in "I'll we'll she'll he'll we're I'd we'd can't won't don't let's".split()}
    assert {word: find_senses(word) for word in little | contracted if find_senses(word)} == {}


@pytest.mark.parametrize(
    "text",
    ["hmm, no, leave it, I'll keep everything", "I'll take it", "yes, go ahead", "I'll think about it", "both please"],
)
def test_small_answers_alarm_nobody(text: str, demo: Understander) -> None:
    assert hear(demo, text).heard.safeguards == {}


def test_a_safeguard_without_examples_is_told_by_its_own_words() -> None:
    shop = understander('# Rude words\n\nSafeguard\nWhen it seems "the customer calls us idiots"\n\n1. close\n')
    assert hear(shop, "the customer calls us idiots").heard.safeguards == {"Rude words": True}


# ---- weak signs that agree
def test_a_safeguard_needs_less_likeness_where_its_own_signs_are_there(demo: Understander) -> None:
    signals = read_signals("the ombudsman is my next step")
    least = demo._judge.least(["the ombudsman is my next step"], signals)
    assert least["when legal threats"] < SURE_NO
    assert least["when medical questions"] == NO_WITHOUT_SIGN
    plain = demo._judge.least(["where is my parcel"], read_signals("where is my parcel"))
    assert set(plain.values()) == {NO_WITHOUT_SIGN}


def test_signs_are_what_examples_have_and_other_messages_lack() -> None:
    examples = ["my solicitor writes to you", "the judge will hear it", "a lawyer looks into it"]
    elsewhere = ["where is my parcel", "my card is declined"] * 20
    own = own_signs(examples, elsewhere, [read_signals(text) for text in ("I will sue you", "my lawyer sues you")])
    assert {"lawyer", "court", "signal legal_threat"} <= own
    assert "money_moves" not in own
    assert own_signs([], elsewhere, []) == frozenset()
    often = own_signs(examples, [*elsewhere, *["is it a present for a lawyer"] * 40], [])
    assert "lawyer" not in often


def test_with_a_lower_bar_less_is_false() -> None:
    assert [decided(0.15, least=least) for least in (SURE_NO, NO_WITH_FIELD, NO_WITH_SIGNAL)] == [False, False, None]
    assert 0 < NO_WITH_SIGNAL < NO_WITH_FIELD < SURE_NO <= NO_WITHOUT_SIGN


def test_a_kept_judge_has_the_same_signs() -> None:
    judge = Judge.fit({"haste": HASTE}, background=["where is my parcel"] * 3)
    text = "dringend"
    again = Judge.from_arrays(judge.to_arrays())
    assert (
        again.least([text], read_signals(text)) == judge.least([text], read_signals(text)) == {"haste": NO_WITH_FIELD}
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ich habe eine Laktoseintoleranz, darf ich den Kakao nehmen?", "Medical questions"),
        ("Die Steckdose hat angefangen zu qualmen, ich hab mich verbrannt", "Somebody was hurt"),
        ("quelqu'un a commandé avec ma carte à mon insu", "Fraud and chargebacks"),
        ("je n'ai plus la force de vivre", "Danger to life"),
        ("Ich gehe gerichtlich gegen Sie vor, mein Anwalt schreibt Ihnen", "Legal threats"),
        ("passez-moi un interlocuteur, pas un automate", "A person, please"),
    ],
)
def test_german_and_french_are_heard_though_the_examples_are_english(text: str, title: str, demo: Understander) -> None:
    assert title in hear(demo, text).heard.safeguards
