"""Which replies to an open confirmation consent to it: thanks, praise, questions, conditions and other wishes don't."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.interpreter.world import Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.understanding.consent import agrees_to
from convagent.understanding.reading import WordReader
from convagent.understanding.slots import SlotVocabulary

READER = WordReader(datetime(2026, 6, 10, tzinfo=UTC), r"#?1\d{3}", "EUR", SlotVocabulary())
CANCEL = 'Cancel #1101 (Long Evening Lamp (Linen))? €107.10 goes back to Mastercard ending in 5518. [["cancel_order","#1101"]]'
RETURN = 'Send back from #1027: The Pea Coat (Night / M). Refund: €229.00 to Mastercard. Shall I book it? [["create_return"]]'
STORNO = (
    '#1108 (Little Towel (Sage) und Big Towel (White)) stornieren? 52,90 € gehen zurück auf PayPal. [["cancel_order"]]'
)
ANNULER = 'Annuler #1107 (The Jumper (Oat / L)) ? 177,00 € reviennent sur Mastercard ending in 6093. [["cancel_order"]]'


def consents(text: str, about: str) -> object:
    return READER.read(
        Wanted("confirm:x", "confirmation", about=about), Utterance(text, ("confirm:x",)), direct=True
    ).value


YES = {
    CANCEL: [
        "yes", "yes please", "go ahead and cancel it", "yes, cancel it, I found a cheaper one elsewhere",
        "yep that's right, thanks for your help", "Yes, please cancel the lamp", "yes, I'm sure",
        "Yes please, as soon as possible", "ok, cancel it", "sure, please do", "yes perfect", "perfect, yes please",
        "yes, that would be great", "yes, I understand", "you can go ahead", "please go ahead and cancel the order",
        "yes, it was ordered by mistake", "sounds good", "ok thanks", "yes I want to cancel", "yes, the whole order",
        "I confirm", "yes please, it's a gift", "okay, go for it!", "yes definitely",
    ],
    RETURN: [
        "yes, send it back", "go ahead and book it", "yes please, it's too small", "yes, refund to my Mastercard", "yes, the coat",
    ],
    STORNO: [
        "ja", "ja, bitte stornieren", "Ja, sofort bitte", "genau", "passt", "in Ordnung", "mach das", "ja, super", "klar",
        "ja stornieren Sie die Bestellung", "ja, bin mir sicher", "ok",
    ],
    ANNULER: [
        "oui", "oui, annulez", "d'accord", "allez-y", "oui annulez la commande", "oui, tout à fait", "c'est bon", "oui parfait",
        "vous pouvez y aller", "volontiers", "oui, c'est pour un cadeau",
    ],
}  # fmt: skip
NO_YES = {
    CANCEL: [
        # thanks, praise and goodbyes
        "perfect, thank you so much!", "great, thanks!", "thanks", "lovely, cheers", "awesome", "cool", "ok got it",
        "ok, understood", "ok thanks for letting me know", "ok bye", "good to know, thanks", "good night",
        "i'm happy with it, thanks",
        # questions
        "ok and when do I get the money", "ok how long does that take", "is it ok", "what is the exact time", "yes?",
        "sure, why would I", "yes, tell me more", "can you confirm it", "yeah, can I also get a discount",
        "haha yes very funny where is my parcel", "sounds good but what about my points",
        # conditions and delays
        "yes if it hasn't shipped", "yes unless it's free to keep", "as long as it's free, yes", "I'd say yes if you pay",
        "sure, let me check first", "ok let me ask my wife", "yes later", "yes, tomorrow", "ok I'll do it myself",
        # something else, something more, something to keep
        "yes but only the lamp", "yes, but keep the shade", "yes, #1102", "yes the other one", "go ahead and swap it for sage",
        "yes, send it to my office", "yes, ship it to Graz", "yes, in blue please", "yes the blue one", "yes, size M please",
        "yes, refund it to a gift card", "ok, refund me in cash", "yes and add a mug", "yes I'd like to keep it",
        "yes, exchange it", "ok exchange please", "yes, pause it", "fine, but leave the mug",
        # it has settled itself
        "yes it arrived just now", "oh yes, found it, thanks",
    ],
    RETURN: [
        "yes, exchange it for L", "yes to my bank account", "yes keep it", "yes, but I want store credit",
        "yes, I'd rather have a voucher", "ok and the hat too", "yes, pick it up at my office",
    ],
    STORNO: [
        "super, danke", "vielen Dank!", "perfekt", "toll, danke schön", "alles klar, danke für die Info", "verstanden",
        "klasse", "prima", "ok und wann kommt das Geld", "stimmt das", "ist das ok", "ja wie lange dauert das",
        "ja, wenn es noch geht", "ja später", "ja morgen", "ich mach das selbst, ok", "ja, lass mich kurz überlegen",
        "ja, aber nur das Handtuch", "ja, die andere", "ja, in blau", "ja, nach Wien schicken", "ja, umtauschen bitte",
        "ja, das weiße behalte ich",
    ],
    ANNULER: [
        "parfait merci", "merci beaucoup", "génial", "super merci", "très bien, merci", "c'est parfait, merci", "compris",
        "ok et quand", "oui, combien de temps", "d'accord, et les frais ?", "oui si c'est gratuit", "oui plus tard",
        "oui demain", "je le ferai moi-même, ok", "oui mais seulement un", "oui, l'autre", "oui, en bleu", "oui, à Lyon",
        "oui, échangez-le", "oui gardez le petit",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("about", "text"), [(about, text) for about, texts in YES.items() for text in texts])
def test_a_yes_in_the_questions_own_words_or_with_a_remark_consents(about: str, text: str) -> None:
    assert consents(text, about) is True


@pytest.mark.parametrize(("about", "text"), [(about, text) for about, texts in NO_YES.items() for text in texts])
def test_what_only_looks_like_a_yes_consents_to_nothing(about: str, text: str) -> None:
    assert consents(text, about) is not True


@given(st.sampled_from(["yes", "ja", "oui", "go ahead"]), st.sampled_from(["#1999", "1999", "2,500 euros"]))
def test_no_yes_with_a_figure_consents(yes: str, figure: str) -> None:
    assert consents(f"{yes}, {figure}", CANCEL) is UNKNOWN


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_as_a_yes_a_no_or_neither(text: str) -> None:
    assert consents(text, CANCEL) in (True, False, UNKNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "yes, we moved to Oak Lane", "yes, it goes to my office now", "ja, es soll an meine Arbeit gehen",
        "oui, elle doit aller à Lyon", "yes, I'm keeping the lamp",
    ],
)  # fmt: skip
def test_a_sentence_about_another_place_or_thing_behind_a_yes_is_asked_again(text: str) -> None:
    assert not agrees_to(text, "Shall I send the parcel again to 12 Mill Road?")
