"""Orders named by a number alone, addresses, ways that are asked for, and what is too vague to be anybody's request."""

from __future__ import annotations

import pytest

from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_text
from convagent.understanding import Understander, Understood
from convagent.understanding.affirmation import read_affirmation
from convagent.understanding.for_articles import rather_for_articles
from convagent.understanding.gist import (
    asks_for_the_way,
    is_vague,
    leans_on_what_was_said,
    mask,
    refers_back,
    without_addresses,
)
from convagent.understanding.judgements import Judge, Taught, Verdict
from convagent.understanding.named_orders import named_orders
from convagent.understanding.segments import split_requests
from convagent.understanding.signals import read_signals

ORDER = r"#?1\d{3}"

GUIDES = """# Where is my order

When the customer asks where an order is:
- "where is my order"
- "what is happening with my order"
- "any news of my order"

1. say "On its way."

# Have something mended

When the customer wants something mended:
- "can you fix the hole in my jumper"
- "please mend my coat"

1. Need customer
1. say "We mend it."

# Danger

Safeguard
When the customer threatens legal action:
- "see you in court"
- "I will go to court"
- "my lawyer takes you to court"

1. hand over because sensitive_topic
"""


@pytest.fixture(scope="module")
def shop() -> Understander:
    guides = desugar(parse_text(GUIDES)[0].guides)
    return Understander.fit(
        guides, products={}, order_pattern=ORDER, currency="EUR", language="en", languages=["en", "de", "fr"]
    )


def heard(shop: Understander, text: str, *, earlier: tuple[str, ...] = ()) -> Understood:
    def washing(part: str, _language: str) -> float:
        return 0.9 if "wash" in part else 0.0

    return shop.hear(text, language="en", last="", answerable=washing, earlier=earlier)


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("what's up with #1085", "en", "what's up with my order #1085"),
        ("and 1085?", "en", "and my order 1085?"),
        ("Was ist mit #1085?", "de", "Was ist mit meine Bestellung #1085?"),
        ("et la #1085", "fr", "et la ma commande #1085"),
        ("where is order #1085", "en", "where is order #1085"),
        ("Bestellung Nr. 1085", "de", "Bestellung Nr. 1085"),
        ("1200 mugs for the office", "en", "1200 mugs for the office"),
        ("it cost 1085.50", "en", "it cost 1085.50"),
        ("ada1085@example.com", "en", "ada1085@example.com"),
        ("", "en", ""),
    ],
)
def test_a_number_that_nothing_names_stands_for_an_order(text: str, language: str, named: str) -> None:
    assert named_orders(text, ORDER, language=language) == named


def test_an_order_number_with_letters_counts_nothing_and_is_no_word() -> None:
    assert named_orders("is TW-1200 on its way", r"TW-\d{4}") == "is my order TW-1200 on its way"
    assert mask("is TW-1200 on its way") == "is on its way" == mask("is #tw1200 on its way")
    assert mask("the size M12 of model X200") == "the size M12 of model X200"


def test_an_order_is_named_where_a_message_means_nothing_else(shop: Understander) -> None:
    assert [request.label for request in heard(shop, "hows things with #1085").heard.requests] == ["Where is my order"]


def test_a_number_that_answers_a_question_of_ours_is_no_new_request(shop: Understander) -> None:
    told = heard(shop, "its #1085 then", earlier=("cancel it",))
    assert all(request.label is None for request in told.heard.requests)


def test_who_lives_in_a_court_threatens_nobody(shop: Understander) -> None:
    assert "Danger" in heard(shop, "I will see you in court").heard.safeguards
    assert not heard(shop, "12 Canal Court, D04 BL9G Dublin").heard.safeguards
    assert "Danger" in heard(shop, "I live at 12 Canal Court, D04 BL9G Dublin, and I see you in court").heard.safeguards


def test_only_the_address_is_left_out() -> None:
    told = without_addresses("send it to 12 Canal Court, D04 BL9G Dublin please")
    assert "Court" not in told
    assert told.startswith("send it to")
    assert told.endswith("please")
    assert without_addresses("see you in court") == "see you in court"


@pytest.mark.parametrize(
    "text",
    ["How do I cancel my subscription?", "Wie kündige ich mein Abo?", "Comment puis-je annuler ma commande ?",
     "whats the difference between a skip and my pause"],
)  # fmt: skip
def test_who_asks_for_the_way_isnt_asked_who_they_are(text: str) -> None:
    assert asks_for_the_way(text)
    assert rather_for_articles(text, 0.99, about_own=True, answerable=lambda _text: 0.95) == 0.95
    assert rather_for_articles(text, 0.99, about_own=True, answerable=lambda _text: 0.8) is None


@pytest.mark.parametrize(
    "text", ["how can I send this back?", "how do I return #1042", "how do I cancel? I want to cancel it", "cancel it"]
)
def test_who_wants_something_done_asks_for_no_way(text: str) -> None:
    assert not asks_for_the_way(text)


def test_it_may_stand_for_what_the_same_message_says() -> None:
    assert refers_back("and how do I wash it?")
    assert not refers_back("Can I order something engraved and have it by Friday?")


def test_a_follow_up_may_begin_with_a_word_that_says_nothing() -> None:
    assert leans_on_what_was_said("so when exactly")
    assert not leans_on_what_was_said("so my lamp is broken")


def test_it_without_anything_before_is_asked_about(shop: Understander) -> None:
    assert is_vague("it doesn't work")
    assert not is_vague("the lamp doesn't work with it")
    assert not is_vague("is it waterproof?")  # of the product on the page, perhaps
    assert heard(shop, "it doesn't work").heard.requests == ()


def test_what_is_asked_first_is_a_part_of_its_own() -> None:
    text = "I'd like to return #1017 but first: who pays for the label?"
    assert split_requests(text).segments == ("I'd like to return #1017", "who pays for the label?")
    assert split_requests("I want it engraved and have it by Friday").segments == (
        "I want it engraved and have it by Friday",
    )


def test_an_answer_stands_before_what_a_guide_has_to_ask(shop: Understander) -> None:
    requests = heard(shop, "can you fix the hole in my jumper, and how do I wash wool").heard.requests
    assert [request.label for request in requests] == [None, "Have something mended"]


@pytest.mark.parametrize(
    "text", ["hmm actually I'll keep it", "ich behalte es doch", "je le garde finalement", "hmm, never mind"]
)
def test_who_keeps_it_says_no(text: str) -> None:
    assert read_affirmation(text) == "no"


@pytest.mark.parametrize("text", ["yes, keep it in the box", "I'll keep it but want a discount", "should I keep it?"])
def test_keeping_something_else_is_no_plain_no(text: str) -> None:
    assert read_affirmation(text) != "no"


def test_what_is_plainly_something_else_leaves_nobody_unsure() -> None:
    assert Verdict(0.4, is_other=False).decided() is None
    assert Verdict(0.4, is_other=True).decided() is False
    assert Verdict(0.6, is_other=True).decided() is True


def test_a_message_like_a_negative_example_is_something_else() -> None:
    taught = {
        "allergy": Taught(
            "they have an allergy",
            ("I have a nut allergy, is it safe", "I'm allergic to milk"),
            ("which allergens are in the cacao",),
        )
    }
    judge = Judge.fit(taught)
    verdicts = judge.verdicts(["which allergens are in the slow cacao"])
    assert verdicts["allergy"].is_other
    assert Judge.from_arrays(judge.to_arrays()).verdicts(["which allergens are in the slow cacao"]) == verdicts
    assert not judge.verdicts(["I have a nut allergy"])["allergy"].is_other
    assert judge.verdicts(["", "…"])["allergy"] == Verdict(0.0, is_other=False)


def test_a_field_of_meaning_says_too_little_where_a_guide_is_surely_meant(shop: Understander) -> None:
    texts, signals = ["the judge hears it"], read_signals("the judge hears it")
    least, clear = (shop._judge.least(texts, signals, is_clear=is_clear) for is_clear in (False, True))
    assert all(clear[name] >= bar for name, bar in least.items())
    sure = read_signals("I will sue you")
    assert shop._judge.least(texts, sure, is_clear=True)["when danger"] <= least["when danger"]


@pytest.mark.parametrize(
    ("text", "is_medical"),
    [
        ("which allergens are in the cacao?", False),
        ("Welche Allergene sind drin?", False),
        ("do you have a list of allergens", False),
        ("I'm allergic to nuts", True),
        ("I had an allergic reaction to one of the allergens", True),
        ("ich habe eine Allergie", True),
    ],
)
def test_a_question_for_the_label_is_no_medical_one(text: str, is_medical: bool) -> None:
    assert ("medical" in read_signals(text).sensitive) is is_medical


def test_a_site_that_stays_blank_or_logs_one_out_is_a_fault_of_it() -> None:
    for text in ("your checkout page stays blank", "the website keeps logging me out"):
        assert "technical_fault" in read_signals(text).kept
    assert "complaint" in read_signals("this time the service was really poor").kept
