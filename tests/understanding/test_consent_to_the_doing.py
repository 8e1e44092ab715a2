"""A yes may repeat what was asked, and a plain instruction may stand for it; whatever names something else is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent import Agent
from convagent.conversation import Asked, Turn
from convagent.guidance.interpreter.world import Utterance, Wanted
from convagent.shop import demo_shop
from convagent.understanding.affirmation import read_affirmation
from convagent.understanding.put_before import alike, put_before, without_own_figures
from convagent.understanding.reading import WordReader
from convagent.understanding.slots import SlotVocabulary

READER = WordReader(datetime(2026, 6, 10, tzinfo=UTC), r"#?1\d{3}", "EUR", SlotVocabulary())

CANCEL = (
    "Cancel #1101 (Long Evening Lamp (Linen))? €107.10 goes back to Mastercard ending in 5518. "
    '[["Cancel an order/12","cancel_order",{"$":"record","v":{"order":"\\"#1101\\""}}]]'
)
TWO = (
    "Cancel #1113 (The Half Past Six Bomber (Plum / S) and The Good Chair Trousers (Black / S))? €174.00 goes back to "
    'Apple Pay. [["Cancel an order/12","cancel_order",{"$":"record","v":{"order":"\\"#1113\\""}}]]'
)
END = (
    "End 3 × Brightroot Lights Out Tea (20 bags) for good? You could also skip one delivery or pause it. An order already "
    'placed isn\'t touched. [["Cancel a subscription/7","cancel_subscription",{"$":"record","v":{"subscription":"\\"SUB-2011\\""}}]]'
)
CHANGE = (
    "Change The Reasonable Shirt in #1122 from Sky / L to Sky / M? The price stays the same. "
    '[["Change a size/15","change_order_size",{"$":"record","v":{"item":"\\"1122-1\\"","order":"\\"#1122\\""}}]]'
)
BACK = 'Cancel the return of #1027? Nothing is collected then. [["Cancel a return/4","cancel_return",{"$":"record","v":{}}]]'
EVERY = (
    "Send Slow Morning Cacao every 8 weeks, from the delivery after 24 June 2026 on? "
    '[["Change the rhythm/9","change_subscription_interval",{"$":"record","v":{"weeks":"8"}}]]'
)
MADE = (
    'Send back from #1017: The Jumper (Oat / M). Shall I book it? [["Send back/18","create_return",{"order":"#1017"}]]'
)
STORNO = (
    "#1108 (Little Towel (Sage)) stornieren? 52,90 € gehen zurück auf PayPal. "
    '[["Cancel an order/12","cancel_order",{"$":"record","v":{"order":"\\"#1108\\""}}]]'
)
ANNULER = (
    "Annuler #1107 (The Jumper (Oat / L)) ? 177,00 € reviennent sur Mastercard ending in 6093. "
    '[["Cancel an order/12","cancel_order",{"$":"record","v":{"order":"\\"#1107\\""}}]]'
)

CONSENTS = {
    CANCEL: [
        "Yes, cancel order #1101", "yes cancel 1101 please", "yes please cancel order number 1101", "yes, #1101", "yes 1101",
        "Yes, order no. 1101", "yes, the €107.10 to my Mastercard", "yes, Mastercard ending in 5518", "cancel it please",
        "please cancel it", "cancel it", "cancel order #1101 please", "please cancel the order", "cancel it now please",
        "ok cancel it please", "ok, cancel that", "yes, cancel that", "cancel the lamp please", "I want to cancel it",
        "I want you to cancel it", "go ahead and cancel order 1101", "thanks, please cancel it", "just cancel it please",
        "ok then cancel it", "ok, cancel my order", "yes, cancel my order please", "I typed yes before. Yes!",
    ],
    TWO: ["yes, cancel both", "yes, cancel the bomber and the trousers", "yes, all of it", "cancel it please"],
    END: ["yes, end it for good", "end it please", "yes, cancel my subscription", "cancel it please"],
    CHANGE: ["yes, size M", "yes, the shirt", "change it please"],
    STORNO: [
        "ja, Bestellung #1108 stornieren", "bitte stornieren", "stornieren Sie sie bitte", "ok, bitte stornieren",
        "einfach stornieren bitte", "bitte die Bestellung stornieren", "ja, die 52,90 € auf PayPal",
    ],
    ANNULER: [
        "oui, annulez la commande #1107", "annulez-la s'il vous plaît", "s'il vous plaît annulez la commande",
        "d'accord, annulez-la", "je veux l'annuler", "oui, les 177,00 € sur ma Mastercard",
    ],
}  # fmt: skip
ASKED_AGAIN = {
    CANCEL: [
        # another number, amount, day, means of payment
        "Yes, cancel order #1102", "yes, order 5518", "yes, #5518", "yes, 1101 euros", "yes, the €107.50", "yes, €1101",
        "yes cancel #1101 and #1102", "yes, Mastercard ending in 4411", "yes, but to my PayPal", "yes, on Friday",
        "cancel it on 3 July", "cancel it tomorrow please", "yes, 2",
        # questions
        "can you cancel it", "has it been cancelled", "what happens if I cancel it", "should I cancel it", "cancel it? sure?",
        # conditions and hesitations
        "cancel it if the refund is instant", "cancel it as long as it's free", "yes hold on", "yes stop", "yes, one moment",
        "please wait before you cancel it", "before you cancel it please check the price", "maybe cancel it", "cancel it hmm",
        "yes I'd like to think about it", "yes, one more thing", "yes I have a question",
        # something else
        "cancel the other one please", "cancel my subscription please", "cancel all my orders please", "ok cancel both",
        "cancel it and send me a new one", "cancel only the shade please", "yes, cancel the return", "ok, refund it",
        # a request as if nothing had been asked
        "cancel my order pls", "please cancel my order", "I want to cancel my order",
        # the cancellation itself
        "cancel that", "please cancel that", "ok, cancel the cancellation", "yes, cancel the cancellation",
        "ok cancel your question", "ok, cancel the refund",
        # a yes to something else, and a request behind it
        "Yes please. I forgot my password", "ok, I'm roisin@example.com, show me my orders", "yes and I'm back, please start my tea again",
        "yes, send me the invoice", "yes, find me another lamp",
        # what others say, what was said, what is thanked for, what is said in jest
        "my husband says cancel it", "I asked you to cancel it yesterday", "your bot says “yes, cancel it” all the time",
        "I never said cancel it", "thank you for cancelling it", "thanks for your help with cancelling", "yeah right",
        "you always say yes, yes, yes", "yes yes yes, always the same with you", "yes I got your message", "yes, I saw that",
    ],
    MADE: ["yes and I'm back, please start my creatine again", "yes, create an account"],
    TWO: ["yes, cancel the trousers", "yes, the bomber", "cancel the bomber please"],
    END: [
        "yes, pause it", "ok, pause it then", "ok skip it", "yes, skip one delivery", "yes, cancel my order", "cancel the order please",
        "pause it please",
    ],
    CHANGE: ["yes, size L", "yes, change it to L", "cancel it please", "ok, cancel that", "yes, cancel that"],
    BACK: ["yes, return it", "return it please", "yes, send it back", "cancel it please"],
    EVERY: ["yes, send it back", "yes, cancel it"],
    STORNO: [
        "bitte nicht stornieren", "storniere die Stornierung bitte", "ok, Stornierung zurücknehmen", "ja, Bestellung #1109 stornieren",
        "stornieren, wenn es kostenlos ist", "erst am Freitag stornieren", "soll ich stornieren", "mein Mann sagt stornieren",
        "bitte meine Bestellung stornieren",
        "danke fürs Stornieren", "ja, Moment", "ja klar, als ob", "alles stornieren bitte", "mein Abo stornieren bitte",
    ],
    ANNULER: [
        "n'annulez pas s'il vous plaît", "annulez l'annulation s'il vous plaît", "oui, annulez la commande #1108",
        "annulez si c'est gratuit", "annulez-la demain", "dois-je annuler", "mon mari dit d'annuler", "merci d'avoir annulé",
        "annulez ma commande s'il vous plaît",
        "oui attendez", "annulez tout s'il vous plaît", "annulez mon abonnement s'il vous plaît", "oui, vendredi",
    ],
}  # fmt: skip


def read(text: str, about: str) -> object:
    said = Utterance(text, ("confirm:x",))
    return READER.read(Wanted("confirm:x", "confirmation", about=about), said, direct=True).value


@pytest.mark.parametrize(("about", "text"), [(about, text) for about, texts in CONSENTS.items() for text in texts])
def test_what_repeats_the_question_or_tells_to_do_it_consents(about: str, text: str) -> None:
    assert read(text, about) is True


@pytest.mark.parametrize(("about", "text"), [(about, text) for about, texts in ASKED_AGAIN.items() for text in texts])
def test_what_names_something_else_or_is_not_sure_consents_to_nothing(about: str, text: str) -> None:
    assert read(text, about) is not True


@pytest.mark.parametrize(
    "text", ["no, cancel that", "never mind, cancel that", "I changed my mind, cancel that", "no, cancel it please"]
)
def test_a_no_before_the_doing_stays_one(text: str) -> None:
    assert read(text, CANCEL) is not True


FORMS = st.sampled_from(
    [
        "yes, cancel order #{}", "yes {}", "cancel order {} please", "yes, order no. {}", "ok, cancel #{}", "please cancel {}",
        "yes #1101 and #{}", "ja, Bestellung {} stornieren", "oui, annulez la {}", "yes, the €{}",
    ]
)  # fmt: skip


@given(st.integers(min_value=1000, max_value=9999), FORMS)
def test_no_other_number_is_agreed_to(number: int, form: str) -> None:
    agreed = read(form.format(number), CANCEL)
    assert agreed is not True or number == 1101 or (number == 5518 and "order" not in form and "#" not in form)


@given(st.integers(min_value=1000, max_value=9999))
def test_the_questions_own_number_changes_nothing(number: int) -> None:
    about = CANCEL.replace("1101", str(number))
    assert read(f"yes, cancel order #{number}", about) is True
    assert read(f"cancel {number} please", about) is True


@given(st.text(max_size=80), st.sampled_from([CANCEL, END, STORNO, "", "?", '[["x"']))
def test_any_text_beside_any_question_is_taken_apart(text: str, about: str) -> None:
    assert isinstance(without_own_figures(text, about), str)
    assert put_before(text + about).words is not None


def test_what_is_offered_in_its_place_is_not_put_before_the_customer() -> None:
    assert put_before(END).doings == {"end", "cancel"}
    assert put_before(CHANGE).sizes == {"M"}
    assert alike("cancelling", "cancel")
    assert alike("stornierung", "stornieren")
    assert not alike("zurucknehmen", "zuruck")


def test_a_yes_later_on_counts_where_it_begins_a_sentence() -> None:
    assert read_affirmation("I typed yes before. Yes!") == "yes"
    assert read_affirmation("you always say yes, yes, yes") == "unclear"


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent.open(demo_shop(), storage="memory:") as opened:
        yield opened


def cancelled(turn: Turn) -> bool:
    return any(record.action == "cancel_order" and record.status == "done" for record in turn.actions)


def test_in_the_shop_only_what_agrees_cancels(agent: Agent) -> None:
    facts = {"customer": {"email": "bruno@example.com", "verified": True}}
    for text in (*ASKED_AGAIN[CANCEL], "Yes, cancel order #1101"):
        asked = agent.reply("Please cancel order #1101", conversation=text, facts=facts)
        assert isinstance(asked.outcome, Asked)
        assert cancelled(agent.reply(text, conversation=text, facts=facts)) == (text == "Yes, cancel order #1101")
