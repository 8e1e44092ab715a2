"""What holds a shopper back: heard in three languages with their slips, and seen in what they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.shopping.events import EVENT_NAMES, StorefrontEvent
from convagent.shopping.hesitation import HESITATIONS, HesitationKind, read_browsing, read_hesitation
from convagent.shopping.moment_rules import MomentRules

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)

PRICE = [
    "that's more than I wanted to spend", "hmm bit pricey for a jumper",
    "I love the coat but 149 is a lot of money for me right now.", "too expensive, any way to bring it down a bit?",
    "nice but over my budget", "Is there something similar that costs less?", "I can't afford that", "way to expensive for me",
    "that is more than I can pay", "overpriced", "the price is a bit high", "I don't want to spend that much",
    "ouch, it's expensive.", "do you have anything cheaper?", "my budget is tight", "not worth that much money",
    "das ist mir zu teuer", "ganz schön teuer", "Zu teuer!", "das kann ich mir leider nicht leisten", "liegt über meinem Budget",
    "so viel wollte ich nicht ausgeben", "der Preis ist ziemlich hoch", "haben Sie etwas Günstigeres?", "viel Geld für eine Lampe",
    "c'est trop cher", "un peu cher pour moi", "au-dessus de mon budget", "je n'ai pas les moyens", "hors de prix",
    "le prix est trop élevé", "c'est beaucoup d'argent", "avez-vous moins cher ?", "j'hésite à cause du prix",
]  # fmt: skip
SHIPPING = [
    "why is shipping so expensive", "shipping is too much", "the delivery cost is a bit high", "I don't want to pay for delivery",
    "if only delivery was free", "expensive shipping", "die Versandkosten sind zu hoch", "der Versand ist mir zu teuer",
    "ich will keine Versandkosten zahlen", "les frais de port sont trop élevés", "la livraison est vraiment chère",
]  # fmt: skip
ELSEWHERE = [
    "I saw it cheaper on Amazon", "amazon has it for 40", "I'll compare prices first", "another shop sells it for less",
    "let me shop around", "gibt es das woanders günstiger", "bei Amazon kostet es weniger", "ich habe es billiger gesehen",
    "ich will noch Preise vergleichen", "je l'ai vu moins cher ailleurs", "c'est moins cher sur Amazon", "je vais comparer les prix",
]  # fmt: skip
DOUBT = [
    "not sure if it will fit", "I'm worried about the quality", "is it worth it?", "what if it doesn't suit me", "I'm on the fence",
    "I'm not convinced", "I'm not sure about the colour", "afraid it's too small", "ich bin mir nicht sicher, ob es passt",
    "was, wenn es nicht passt?", "bin noch unschlüssig", "nicht ganz überzeugt", "ich habe Angst, dass es zu klein ist",
    "j'hésite sur la taille", "j'ai peur que ce soit trop petit", "je ne suis pas convaincue", "je ne suis pas sûr de la couleur",
]  # fmt: skip
LATER = [
    "I'll think about it", "ill have to think abuot it", "let me sleep on it", "maybe later", "not today", "I need to ask my husband first",
    "I'll wait for the sales", "I need more time", "I'll come back later", "haven't decided yet", "ich überlege es mir noch",
    "da muss ich eine Nacht drüber schlafen", "vielleicht später", "ich melde mich nochmal", "heute nicht",
    "ich muss das mit meiner Frau besprechen", "je vais réfléchir", "peut-être plus tard", "pas maintenant", "je reviendrai demain",
    "je dois en parler à mon mari", "j'attends les soldes",
]  # fmt: skip
NOTHING = [
    "what discounts do you have?", "can you give me a discount?", "the price fell after I bought it", "my code doesn't work",
    "what does it cost?", "what does shipping cost", "how much is a repair", "something not too expensive for my aunt",
    "how expensive is the lamp?", "is the delivery expensive?", "a gift that isn't too expensive", "not today's parcel, the other one",
    "what size should I take", "does it fit true to size", "where is my order", "I want my money back", "my parcel will come later",
    "thanks a lot for the help", "The refund was too much", "I got charged too much", "I'd like the blue jacket in M", "ok", "",
    "the jumper is too big", "no that's fine thanks", "nicht zu teuer bitte", "wie teuer ist der Versand?", "ich suche einen Pullover",
    "Ich bin ein treuer Kunde", "neuer Mantel", "das Feuer und die Steuer", "quelque chose de pas trop cher", "où est mon colis",
    "combien coûte la livraison ?", "cher monsieur, où est ma commande", "without a doubt the best", "my order was delivered elsewhere",
]  # fmt: skip
SAID: tuple[tuple[HesitationKind, list[str]], ...] = (
    ("price", PRICE), ("shipping", SHIPPING), ("elsewhere", ELSEWHERE), ("doubt", DOUBT), ("later", LATER),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID for text in texts])
def test_a_hesitation_is_heard_in_three_languages(kind: HesitationKind, text: str) -> None:
    heard = read_hesitation(text)
    assert heard is not None
    assert (heard.kind, heard.source) == (kind, "words")
    assert heard.evidence


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_wished_asked_or_reported_is_no_hesitation(text: str) -> None:
    assert read_hesitation(text) is None


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl"])
@pytest.mark.parametrize("text", ["too expensive", "zu teuer", "trop cher"])
def test_a_message_in_another_language_than_the_conversation_is_heard(text: str, language: str) -> None:
    heard = read_hesitation(text, language)
    assert heard is not None
    assert heard.kind == "price"


SLIPPED = [
    ("it is too {}", "expensive", "price"), ("over my {}", "budget", "price"), ("das ist zu {}", "teuer", "price"),
    ("I need to compare prices {}", "elsewhere", "elsewhere"), ("ich muss {}", "überlegen", "later"),
    ("je vais {}", "réfléchir", "later"), ("je ne suis pas {}", "convaincue", "doubt"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "word", "kind"), SLIPPED)
def test_two_letters_that_changed_places_are_read(sentence: str, word: str, kind: HesitationKind) -> None:
    for place in range(1, len(word) - 1):
        slip = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        heard = read_hesitation(sentence.format(slip))
        assert heard is not None, slip
        assert heard.kind == kind, slip


def test_what_tells_most_comes_first_and_the_rest_is_kept() -> None:
    heard = read_hesitation("Too expensive. I'll think about it.")
    assert heard is not None
    assert (heard.kind, heard.also) == ("price", ("later",))
    heard = read_hesitation("Shipping is too expensive")
    assert heard is not None
    assert heard.kind == "shipping"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    heard = read_hesitation(text)
    assert heard is None or heard.kind in HESITATIONS


@given(
    st.lists(st.sampled_from(" ".join(PRICE + DOUBT + LATER + ELSEWHERE).split()), max_size=60),
    st.sampled_from(["en", "de", "fr"]),
)
def test_any_words_in_any_order_can_be_read(words: list[str], language: str) -> None:
    heard = read_hesitation(" ".join(words), language)
    assert heard is None or (heard.kind not in heard.also and heard.evidence)


def test_a_very_long_message_is_read_quickly_and_only_so_far() -> None:
    assert read_hesitation("too " * 100_000 + "expensive") is None
    assert read_hesitation("a lot of money for " + "me " * 100_000) is not None


# ---- seen in a visit
def event(name: str, ago: timedelta, *products: str) -> StorefrontEvent:
    return StorefrontEvent.model_validate(
        {"name": name, "at": NOW - ago, "product_ids": products, "session": "s-1", "query": "lamp"}
    )


MINUTE = timedelta(minutes=1)


def test_a_cart_that_nobody_touches_was_left() -> None:
    left = [event("product_added_to_cart", 61 * MINUTE, "lamp"), event("cart_viewed", 60 * MINUTE)]
    seen = read_browsing(left, NOW)
    assert seen is not None
    assert (seen.kind, seen.source, seen.product, seen.evidence) == (
        "cart_left",
        "events",
        "lamp",
        "nothing for 60 min",
    )
    assert read_browsing(left, NOW - MINUTE) is None


@pytest.mark.parametrize("end", ["product_removed_from_cart", "checkout_completed"])
def test_an_empty_or_bought_cart_was_not_left(end: str) -> None:
    events = [event("product_added_to_cart", 90 * MINUTE, "lamp"), event(end, 80 * MINUTE, "lamp")]
    assert read_browsing(events, NOW) is None


def test_a_product_looked_at_three_times_is_hesitated_over() -> None:
    views = [event("product_viewed", n * 10 * MINUTE, "lamp") for n in (3, 2, 1)]
    seen = read_browsing(views, NOW)
    assert seen is not None
    assert (seen.kind, seen.product) == ("repeated_views", "lamp")
    assert read_browsing(views[1:], NOW) is None
    assert read_browsing([*views, event("product_added_to_cart", MINUTE, "lamp")], NOW) is None


def test_a_page_loaded_again_is_one_look() -> None:
    reloads = [event("product_viewed", timedelta(seconds=40 - n), "lamp") for n in range(20)]
    assert read_browsing(reloads, NOW) is None


def test_an_open_page_is_lingering_until_the_shopper_is_gone() -> None:
    rules = MomentRules(linger_seconds=45, present_minutes=5)
    seen = [
        read_browsing([event("product_viewed", timedelta(seconds=s), "lamp")], NOW, rules=rules)
        for s in (44, 45, 299, 300)
    ]
    assert [found and found.kind for found in seen] == [None, "lingering", "lingering", None]
    elsewhere = [event("product_viewed", 2 * MINUTE, "lamp"), event("page_viewed", MINUTE)]
    assert read_browsing(elsewhere, NOW, rules=rules) is None


def test_what_lies_ahead_is_not_seen_yet() -> None:
    assert read_browsing([event("product_viewed", -10 * MINUTE, "lamp")], NOW) is None
    assert read_browsing([], NOW) is None


@given(
    st.lists(
        st.tuples(st.sampled_from(EVENT_NAMES), st.integers(-100, 5_000), st.sampled_from(("lamp", "mug"))), max_size=12
    )
)
def test_nobody_hesitates_right_after_a_purchase(done: list[tuple[str, int, str]]) -> None:
    events = [event(name, timedelta(seconds=s), p) for name, s, p in sorted(done, key=lambda each: -each[1])]
    seen = read_browsing(events, NOW)
    assert seen is None or seen.source == "events"
    assert read_browsing([*events, event("checkout_completed", timedelta(seconds=0), "lamp")], NOW) is None
