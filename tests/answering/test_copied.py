"""Sentences that a model takes word for word from its sources, and such as only give the question back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.answering.copied import copied
from convagent.answering.grounding import Source, Sources, check_sentence, faults_of
from convagent.answering.source_units import source_units
from convagent.answering.units import sentences_of
from convagent.knowledge import KnowledgeBase, Passage

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP = """\
Repairs are done within two weeks. They never cost more than the estimate. People looking after a guest's bike are the mechanics.

- If a bike isn't ready on the day we named, ask for a courtesy bike at the counter.
- The wheel is true again. A bent frame is not a wheel.
- Choose a slot. You see it in the calendar.

What can't be repaired?
- Frames of carbon.
- Anything that was welded.
- Processing: the bike is in the stand and will be checked.

We don't take:
- Scooters over 30 kg.
"""


def passes(sentence: str, text: str = WORKSHOP, *, question: str = "", lead: str = "") -> bool:
    sources = Sources((Source(text),), "en", question=question)
    return not check_sentence(sentence, sources, lead=lead).faults


@pytest.fixture(scope="module")
def shop() -> KnowledgeBase:
    return KnowledgeBase.from_folder(ROOT / "knowledge" / "articles")


def _sources(base: KnowledgeBase, passage: Passage) -> Sources:
    """A passage among those that a search finds beside it, as a model is given them."""
    found = base.search(passage.title, 4, language=passage.language, audience=None)
    given = dict.fromkeys((passage, *(hit.passage for hit in found)))
    return Sources(
        tuple(Source(each.text, " ".join((each.title, *each.heading)), each.language) for each in given),
        passage.language,
    )


@pytest.mark.parametrize(("language", "least"), [("en", 0.97), ("de", 0.93), ("fr", 0.93)])
def test_what_a_passage_says_may_be_said_in_its_words(shop: KnowledgeBase, language: str, least: float) -> None:
    """Each sentence of each article, among other passages. What is left are fragments that the heading above them denies."""
    said = kept = 0
    for passage in (each for each in shop.passages if each.language == language):
        sources = _sources(shop, passage)
        for line in passage.text.splitlines():
            for sentence in sentences_of(re.sub(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+", "", line)):
                if sentence.endswith((".", "!")) and len(sentence.split()) > 3:
                    said += 1
                    kept += not faults_of(sentence, sources)
    assert said > 100
    assert kept / said >= least


@pytest.mark.parametrize(
    "sentence",
    [
        "If a bike isn't ready on the day we named, ask for a courtesy bike at the counter.",
        "They never cost more than the estimate.",
        "Choose a slot.",
        "Processing: the bike is in the stand and will be checked.",
        "- The wheel is true again. A bent frame is not a wheel.",
        "Please choose a slot.",
        "Please note that if a bike is not ready on the day we named, you can ask for a courtesy bike at the counter.",
    ],
)
def test_a_statement_passes_word_for_word(sentence: str) -> None:
    assert passes(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Frames of carbon.", "Anything that was welded.", "Scooters over 30 kg.", "Repairs cost more than the estimate."],
)
def test_what_stands_above_a_fragment_still_denies_it(sentence: str) -> None:
    assert not passes(sentence)


def test_a_list_may_be_told_under_its_own_lead_and_under_no_other() -> None:
    assert passes("- Scooters over 30 kg.", lead="We don't take:")
    assert not passes("- Scooters over 30 kg.", lead="We take:")


def test_a_sentence_whose_limit_stands_beside_it_in_a_list_is_not_taken_for_a_whole_one() -> None:
    units = source_units(WORKSHOP, "", 0, "en")
    assert not copied("The wheel is true again.", units)
    assert copied("A bent frame is not a wheel.", units)


def test_a_condition_at_the_head_of_a_list_line_denies_nothing_behind_it() -> None:
    assert passes("Ask for a courtesy bike at the counter if a bike isn't ready on the day we named.")
    assert not passes("You can't ask for a courtesy bike at the counter.")


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (
            "If you aren't sure, ask Mira with the number of the bike. If you have rented before, the voucher doesn't work.",
            ("Ask Mira with the number of the bike if you aren't sure.", "The voucher doesn't work if you have rented before."),
            ("Don't ask Mira with the number of the bike.", "The voucher works if you have rented before."),
        ),
        (
            "Pause: nothing for 1, 2 or 3 months. Less often: every 6 or 8 weeks.",
            ("You can have it every 6 or 8 weeks.", "A pause is nothing for 1, 2 or 3 months."),
            ("You can have it every 2 or 3 months.",),
        ),
        (
            "Write to the workshop with the details so we can look at the frame and put it right.",
            ("You can write to the workshop with the details so we can look at the frame and put it right.",),
            ("We write to the workshop with the details.",),
        ),
        (
            "If you plan a long tour, we recommend a second battery for the required range.",
            ("We recommend a second battery for the required range if you plan a long tour.",),
            ("You must have a second battery if you plan a long tour.",),
        ),
        (
            "You don't have to bring the broken wheel back before we replace it.",
            ("You needn't bring the broken wheel back before we replace it.",),
            ("You have to bring the broken wheel back before we replace it.",),
        ),
    ],
)  # fmt: skip
def test_what_is_said_the_other_way_round_is_the_same(
    text: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    assert [sentence for sentence in right if not passes(sentence, text)] == []
    assert [sentence for sentence in wrong if passes(sentence, text)] == []


def test_looking_after_something_is_no_order_of_events() -> None:
    text = "Before the tour a mechanic looks at your bike."
    assert passes("A mechanic looks after your bike before the tour.", text)
    assert not passes("A mechanic looks at your bike after the tour.", text)


NO_COPIES = [
    ("Take after eating.", "Take before eating."),
    ("Payment is taken after dispatch.", "Payment is taken before dispatch."),
    ("What does the ticket not include?\n- Lunch is served on board.", "Lunch is served on board."),
    ("What don't we take back?\n- Items you have worn.", "Items you have worn."),
    ("Because of the customs form we take the matter up with the office.", "Because of the customs form you take the matter up with the office."),
    ("No children are allowed in the sauna.", "No, children are allowed in the sauna."),
]  # fmt: skip
FOR_OTHER_CHECKS = [
    ("What isn't covered?\n- Films as soon as they are opened.", "Films as soon as they are opened."),
    ("The cold room is kept at -18 °C.", "The cold room is kept at 18 °C."),
    ("Parcels > 30 kg go by lorry, not by post.", "Parcels < 30 kg go by lorry, not by post."),
    ("- Only with the Plus card. The sauna is open to you until midnight.", "The sauna is open to you until midnight."),
]


@pytest.mark.parametrize(("text", "sentence"), [*NO_COPIES, *FOR_OTHER_CHECKS])
def test_no_copy_hides_what_turns_it_round(text: str, sentence: str) -> None:
    assert not copied(sentence, source_units(text, "", 0, "en"))


@pytest.mark.parametrize(("text", "sentence"), NO_COPIES)
def test_what_is_turned_round_is_not_sent(text: str, sentence: str) -> None:
    assert not passes(sentence, text)


def test_a_day_at_the_head_of_a_sentence_is_no_mark_of_a_list() -> None:
    sources = Sources((Source("24. Dezember ist der letzte Bestelltag für Torten.", language="de"),), "de")
    assert not faults_of("24. Dezember ist der letzte Bestelltag für Torten.", sources)
    assert faults_of("22. Dezember ist der letzte Bestelltag für Torten.", sources)


def test_what_is_not_so_under_a_condition_may_be_denied_with_it() -> None:
    text = "We refund the price if the parcel got lost, but not if you were not at home."
    assert passes("We don't refund the price if you were not at home.", text)


def test_who_only_gives_the_question_back_says_nothing_that_a_source_says() -> None:
    text = "Are tax papers provided for rewards in coins? Yes.\nWhat does the card cost abroad? 0%."
    question = "Do I have to declare what the coins card pays me?"
    assert not passes("Yes, you have to declare what the coins card pays you.", text, question=question)
    assert passes("Yes, tax papers are provided for rewards in coins.", text, question=question)


STATEMENTS = [said for unit in source_units(WORKSHOP, "", 0, "en") for said in unit.statements if len(said.split()) > 3]


@given(
    st.sampled_from(STATEMENTS),
    st.sampled_from(["", "- ", "2. "]),
    st.booleans(),
    st.integers(min_value=0),
    st.booleans(),
)
def test_one_word_more_or_less_is_no_copy(statement: str, mark: str, curly: bool, at: int, upper: bool) -> None:
    units = source_units(WORKSHOP, "", 0, "en")
    written = mark + (statement.replace("'", "’") if curly else statement)
    assert copied(written.upper() if upper else written, units)
    words = statement.split()
    place = at % len(words)
    assert not copied(" ".join((*words[:place], *words[place + 1 :])), units)
    assert not copied(" ".join((*words[:place], "not", *words[place:])), units)
    assert not copied(" ".join((*words[:place], "hardly", *words[place:])), units)
