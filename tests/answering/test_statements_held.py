"""Statements without figures, held against what the source says: who, when, on what condition, and, or, of which row."""

from __future__ import annotations

import pytest

from convagent.answering.by_model.headings import Line
from convagent.answering.by_model.plain_answers import with_their_answers
from convagent.answering.by_model.stream_reading import tidied
from convagent.answering.grounding import Source, Sources, check_told, check_with_told, faults_of
from convagent.answering.unfounded import unfounded_words
from convagent.answering.units import units_of
from convagent.answering.word_nearness import nearest

WORKSHOP = """\
Report a fault in the app. The visit is free if the fault is in our network. An engineer comes only if the remote test finds \
a fault in the line. You can move the appointment until noon of the day before. If a kayak leaks in the harbour, ring the \
station and we bring you another one. Outside the harbour, take it to the nearest pier.

The lamp is amber while it charges and white when it is full. Show the code and an identity document at the counter. Bring a \
helmet or rent one.

When it reaches us we write to you. A holder may name a second person. The old card can then be removed.

Which cases are there?
Unopened: exchange it for another colour
Opened: we can't take it back
You have changed your mind: €15.00 for the collection
It is faulty: Free
"""
GASTHOF = """\
Ja, das Frühstück ist dabei, außer beim Sparpreis. Ihr Zimmer ist ab 15 Uhr bereit. Melden Sie die Abreise bitte am Vortag an. \
Räder, die nicht zurück sind, werden für den ganzen Tag berechnet. Sie zahlen bei der Abreise."""


def passes(sentence: str, text: str = WORKSHOP, *, language: str = "en", source: str | None = None) -> bool:
    return not faults_of(sentence, Sources((Source(text, language=source or language),), language))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Please report the fault in the app.", "Please report the fault by telephone."),
        ("If a kayak leaks in the harbour, ring the station.", "If a kayak leaks outside the harbour, ring the station and we bring you another one."),
        ("An engineer comes only if the remote test finds a fault in the line.", "An engineer comes if a kayak leaks in the harbour."),
        ("The lamp is white when it is full.", "The lamp is white while it charges and amber when it is full."),
        ("Show an identity document and the code at the counter.", "Show the code or an identity document at the counter."),
        ("We write to you when it reaches us.", "You write to us when it reaches us."),
        ("A holder may name a second person.", "A holder must name a second person."),
        ("The old card can be removed then.", "We remove the old card."),
        ("If it is unopened, exchange it for another colour.", "You can exchange it for another colour."),
        ("If it is faulty, the collection is free.", "If it is faulty, you pay €15.00 for the collection."),
        ("Ring the station if a kayak leaks.", "Ring the station if a kayak leaks, as the insurance asks for it."),
    ],
)  # fmt: skip
def test_what_the_source_says_passes_and_the_same_turned_round_does_not(right: str, wrong: str) -> None:
    assert passes(right)
    assert not passes(wrong)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Beim Sparpreis ist das Frühstück nicht dabei.", "Das Frühstück ist nicht dabei."),
        ("Vor 15 Uhr ist Ihr Zimmer nicht bereit.", "Ihr Zimmer ist nicht bereit."),
        ("Räder, die nicht zurück sind, werden für den ganzen Tag berechnet.", "Räder werden nicht berechnet."),
    ],
)
def test_denials_in_other_words_are_the_same_in_german(right: str, wrong: str) -> None:
    assert passes(right, GASTHOF, language="de")
    assert not passes(wrong, GASTHOF, language="de")


def test_a_word_needs_a_reason_and_a_german_verb_in_two_parts_is_one() -> None:
    sections = Sources((Source(GASTHOF, language="de"),), "de").sections
    assert list(unfounded_words("Sie müssen die Abreise am Vortag anmelden.", sections, language="de")) == []
    assert list(unfounded_words("Sie müssen die Abreise am Vortag faxen.", sections, language="de")) == ["faxen"]


def test_synonyms_are_near_and_words_of_one_matter_are_not() -> None:
    assert nearest("bicycle", ("bike", "helmet"), language="en") > 0.6
    assert nearest("telephone", ("app", "fault", "report"), language="en") < 0.3
    assert nearest("Preis", ("price", "parcel"), language="de", other_language="en") > 0.5
    assert nearest("bicycle", (), language="en") == 0.0


def test_within_a_condition_no_act_is_claimed() -> None:
    text = "We check the boat and refund you within 5 days after it has reached us."
    assert passes("We refund you within 5 days, once the boat has reached us and we have checked it.", text)
    assert not passes("We have checked the boat.", text)


TOLD = (
    Source("Your order #2301: status pending, placed on 14 June 2026."),
    Source("Your order #2302: status shipped."),
)


@pytest.mark.parametrize(
    ("sentence", "held"),
    [("Your order #2301 is still pending, so you can move the appointment until noon of the day before.", True),
     ("Since your order #2301 is pending, you can move the appointment until noon of the day before.", True),
     ("Your order #2302 is still pending, so you can move the appointment until noon of the day before.", False),
     ("Your order #2301 is pending, so you can move the appointment at any time.", False)],
)  # fmt: skip
def test_a_sentence_may_rest_on_a_record_and_a_passage(sentence: str, held: bool) -> None:
    sources = Sources((Source(WORKSHOP),), "en")
    assert check_told(sentence, TOLD, sources) is None
    assert (check_with_told(sentence, TOLD, sources) is not None) is held


def test_what_became_of_a_thing_is_no_claim_where_its_record_says_so() -> None:
    told = (Source("Ihre Erstattung R-12: Betrag 20,00 €, erstattet am 12. Juni 2026.", language="de"),)
    sources = Sources((Source(GASTHOF, language="de"),), "de")
    said = "Ihre Erstattung R-12 über 20,00 € wurde am 12. Juni 2026 erstattet."
    assert check_told(said, told, sources) is not None
    assert check_told(said.replace("20,00", "30,00"), told, sources) is None


def joined(*texts: str, question: str) -> list[str]:
    return [line.text for line in with_their_answers(map(Line, texts), question, "en")]


def test_a_bare_no_goes_with_the_sentence_that_says_what_is_denied() -> None:
    asked = "Does the term of my contract start again?"
    assert joined("No.", " The term of the contract doesn't start again.", question=asked) == [
        "No. The term of the contract doesn't start again."
    ]
    assert joined("Yes.", " The term of the contract doesn't start again.", question=asked)[0] == "Yes."
    assert joined("No.", " We accept cards.", question="Do you take coins?") == ["No.", " We accept cards."]
    assert joined("No.", question=asked) == ["No."]


@pytest.mark.parametrize(
    ("text", "plain"), [(". You have 30 days.", "You have 30 days."), ("\n\n.", "\n\n"), ("…", "…")]
)
def test_what_a_citation_at_the_beginning_leaves_is_not_sent(text: str, plain: str) -> None:
    assert tidied(text) == plain


def test_a_german_date_ends_no_sentence() -> None:
    assert [unit.text for unit in units_of("Wir haben am 12. Juni geöffnet. Danach nicht.")] == [
        "Wir haben am 12. Juni geöffnet.",
        "Danach nicht.",
    ]
