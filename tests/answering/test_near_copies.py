"""Sentences that have every word of a passage's sentence but for a small one that turns it round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.answering.grounding import Source, Sources, faults_of

BOATHOUSE = """\
If you don't recognise the booking, cancel it and write to the harbour office. The deposit comes back within 5 days after the boat \
is dry. You can take the dog along if the skipper agrees. Life jackets must be worn outside the breakwater. The sauna is open only \
to guests of the house. Unless the wind is above 6, boats leave on the hour. A towel is included, and a bathrobe isn't.
"""
GASTHOF = """\
Wenn Sie die Buchung nicht erkennen, stornieren Sie sie und schreiben dem Büro. Hunde dürfen nur in das Nebenhaus. Die Anzahlung kommt innerhalb von \
fünf Tagen nach der Abreise zurück. Sie müssen den Schlüssel vor der Abreise abgeben.
"""
AUBERGE = """\
Si vous ne reconnaissez pas la réservation, annulez-la et écrivez au bureau. Les chiens sont admis seulement dans l'annexe. L'acompte revient \
dans les cinq jours après le départ. Vous devez rendre la clé avant le départ.
"""
TURNED = [
    ("en", BOATHOUSE, "If you recognise the booking, cancel it and write to the harbour office."),
    ("en", BOATHOUSE, "Unless you don't recognise the booking, cancel it and write to the harbour office."),
    ("en", BOATHOUSE, "The deposit comes back within 5 days before the boat is dry."),
    ("en", BOATHOUSE, "You must take the dog along if the skipper agrees."),
    ("en", BOATHOUSE, "You can take the dog along unless the skipper agrees."),
    ("en", BOATHOUSE, "Life jackets can be worn outside the breakwater."),
    ("en", BOATHOUSE, "Life jackets must not be worn outside the breakwater."),
    ("en", BOATHOUSE, "The sauna is open to guests of the house."),
    ("en", BOATHOUSE, "If the wind is above 6, boats leave on the hour."),
    ("de", GASTHOF, "Wenn Sie die Buchung erkennen, stornieren Sie sie und schreiben dem Büro."),
    ("de", GASTHOF, "Hunde dürfen in das Nebenhaus und ins Haus."),
    ("de", GASTHOF, "Die Anzahlung kommt innerhalb von fünf Tagen vor der Abreise zurück."),
    ("de", GASTHOF, "Sie müssen den Schlüssel nach der Abreise abgeben."),
    ("fr", AUBERGE, "Si vous reconnaissez la réservation, annulez-la et écrivez au bureau."),
    ("fr", AUBERGE, "L'acompte revient dans les cinq jours avant le départ."),
    ("fr", AUBERGE, "Vous devez rendre la clé après le départ."),
]
THE_SAME = [
    ("en", BOATHOUSE, "Cancel it and write to the harbour office if you don't recognise the booking."),
    ("en", BOATHOUSE, "The sauna is only open to guests of the house."),
    ("en", BOATHOUSE, "If the skipper agrees, you can take the dog along."),
    ("en", BOATHOUSE, "A towel is included, a bathrobe is not."),
    ("en", BOATHOUSE, "Boats leave on the hour, unless the wind is above 6."),
    ("de", GASTHOF, "Vor der Abreise müssen Sie den Schlüssel abgeben."),
    ("fr", AUBERGE, "La clé, vous devez la rendre avant le départ."),
]


def passes(sentence: str, text: str, language: str) -> bool:
    return not faults_of(sentence, Sources((Source(text, language=language),), language))


@pytest.mark.parametrize(("language", "text", "sentence"), TURNED)
def test_one_small_word_turns_a_sentence_round(language: str, text: str, sentence: str) -> None:
    assert not passes(sentence, text, language)


@pytest.mark.parametrize(("language", "text", "sentence"), THE_SAME)
def test_the_same_in_another_order_is_the_same(language: str, text: str, sentence: str) -> None:
    assert passes(sentence, text, language)


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        ("en", "The voucher is valid for neither books nor tickets.", "The voucher is not valid for books or tickets."),
        ("en", "The mill does not grind coffee or froth milk.", "The mill neither grinds coffee nor froths milk."),
        ("en", "Dogs can't come into the sauna.", "Unfortunately not: dogs can't come into the sauna."),
        ("en", "You can't use the pass if it hasn't been activated.", "You can't use the pass until it has been activated."),
        ("en", "You must confirm your address to open the boat shed.", "Confirm your address so you can open the boat shed."),
        ("de", "Der Gutschein gilt weder für Bücher noch für Karten.", "Der Gutschein gilt nicht für Bücher und nicht für Karten."),
        ("de", "Die Rückgabe ist innerhalb von 30 Tagen nach der Lieferung möglich.", "Die Rückgabe ist bis 30 Tage nach der Lieferung möglich."),
        ("fr", "Vous ne pouvez plus annuler une fois la barque partie.", "Vous ne pouvez pas annuler une fois la barque partie."),
        ("fr", "Le bon n'est valable ni pour les livres ni pour les billets.", "Le bon n'est pas valable pour les livres ou les billets."),
        ("fr", "Vous pouvez payer seulement par carte bancaire.", "Vous ne pouvez payer que par carte bancaire."),
    ],
)  # fmt: skip
def test_one_denial_may_be_put_in_several_ways(language: str, text: str, sentence: str) -> None:
    assert passes(sentence, text, language)


SENTENCES = [sentence + "." for sentence in BOATHOUSE.replace("\n", " ").strip(" .").split(". ")]


@given(st.sampled_from(SENTENCES), st.sampled_from(["not", "never", "unless", "without"]), st.integers(min_value=1))
def test_a_small_word_put_anywhere_is_seen(sentence: str, word: str, at: int) -> None:
    words = sentence.split()
    place = 1 + at % (len(words) - 1)
    changed = " ".join((*words[:place], word, *words[place:]))
    assert passes(sentence, BOATHOUSE, "en")
    assert not passes(changed, BOATHOUSE, "en")


def test_what_is_excepted_there_may_be_denied_here() -> None:
    text = "Breakfast is included, except at the saver rate."
    assert passes("Breakfast is not included at the saver rate.", text, "en")
    assert not passes("Breakfast is included at the saver rate.", text, "en")


def test_a_text_of_any_length_is_read() -> None:
    long = "The dog is not and never " * 2_000
    assert not passes(f"{long}here.", BOATHOUSE, "en")
    assert passes("You can take the dog along if the skipper agrees.", f"{BOATHOUSE}\n\n{long}", "en")
