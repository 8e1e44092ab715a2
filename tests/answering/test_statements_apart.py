"""Statements that take their parts from several places: conditions, parties, rows; and rewordings that only look so."""

from __future__ import annotations

import pytest

from convagent.answering.conditions_joined import conditions_apart
from convagent.answering.grounding import Source, Sources, check_sentence, faults_of

HARBOUR = """\
While your booking is open you can change the boat yourself or write to us. Once it is confirmed, the boat is fuelled.

What is excluded?
- Engraved oars
- Wet suits that were opened

Who speaks to the harbour master?
We settle the berth with the harbour master ourselves. The driver rings you half an hour before the trip. A lost buoy is sent again \
within 10 days. The status changes with the first check of the harbour.

What may be returned?
You can return a wet suit if it is dry and has its tags.

Cleaning after the season: Price, transport included
Sail: €18.00
Engine or winch: €29.00
"""
HAFEN = """\
Solange die Buchung offen ist, können Sie das Boot tauschen. Ab dem dritten Tag schaut ein Mensch nach dem Boot. \
Der Transport dauert 1 bis 2 Tage, nur Irland und Nordirland."""
PORT = """\
Vérifiez s'il y a une deuxième bouée. La livraison coûte 4,90 € et elle est gratuite dès 60,00 €. Le skipper vous appelle la veille."""


def passes(sentence: str, text: str = HARBOUR, language: str = "en", lead: str = "") -> bool:
    return not check_sentence(sentence, Sources((Source(text, language=language),), language), lead=lead).faults


@pytest.mark.parametrize(
    ("wrong", "text", "language"),
    [
        ("You can change the boat yourself while the booking is confirmed.", HARBOUR, "en"),
        ("A lost buoy is sent again if it is dry and has its tags.", HARBOUR, "en"),
        ("You settle the berth with the harbour master yourself.", HARBOUR, "en"),
        ("You ring the driver half an hour before the trip, and you settle the berth with the harbour master.", HARBOUR, "en"),
        ("Cleaning the engine after the season costs €18.00, transport included.", HARBOUR, "en"),
        ("Ab dem dritten Tag schauen Sie nach dem Boot.", HAFEN, "de"),
    ],
)  # fmt: skip
def test_what_is_put_together_from_several_places_is_not_sent(wrong: str, text: str, language: str) -> None:
    assert not passes(wrong, text, language)


@pytest.mark.parametrize(
    ("right", "text", "language"),
    [
        ("While the booking is open, you can change the boat yourself.", HARBOUR, "en"),
        ("You can return a wet suit if it has its tags and is dry.", HARBOUR, "en"),
        ("We settle the berth with the harbour master.", HARBOUR, "en"),
        ("The driver rings you half an hour before the trip.", HARBOUR, "en"),
        ("Cleaning the engine after the season costs €29.00, transport included.", HARBOUR, "en"),
        ("The status only changes with the first check of the harbour.", HARBOUR, "en"),
        ("Der Transport dauert 1 bis 2 Tage, nur nach Irland und Nordirland.", HAFEN, "de"),
        ("Vérifiez s'il n'y a pas une deuxième bouée.", PORT, "fr"),
        ("La livraison coûte 4,90 € et elle est offerte dès 60,00 €.", PORT, "fr"),
    ],
)  # fmt: skip
def test_a_rewording_of_one_place_is_sent(right: str, text: str, language: str) -> None:
    assert passes(right, text, language)


def test_what_a_heading_excludes_is_denied() -> None:
    assert passes("- engraved oars", lead="These are excluded:")
    units = Sources((Source(HARBOUR),), "en").units
    assert [unit.clauses[0].negated for unit in units if "oars" in unit.text] == [True]
    assert [unit.clauses[0].negated for unit in units if "buoy" in unit.text] == [False]


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_thanks_for_what_the_customer_did_state_nothing(language: str) -> None:
    thanks = {
        "en": "Thanks for your patience!",
        "de": "Vielen Dank für Ihre Geduld!",
        "fr": "Merci pour votre patience !",
    }
    checked = check_sentence(thanks[language], Sources((Source(HARBOUR, language=language),), language))
    assert not checked.states
    assert not checked.faults


def test_thanks_with_a_figure_are_held_against_the_sources() -> None:
    assert faults_of("Thank you for 30 days of patience!", Sources((Source(HARBOUR),), "en"))


def test_a_pronoun_is_no_condition() -> None:
    units = Sources((Source(HAFEN, language="de"),), "de").units
    assert not list(conditions_apart("Sie können das Boot tauschen, solange die Buchung offen ist.", units, "de"))
