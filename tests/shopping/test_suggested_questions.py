"""Suggested questions: none without an answer, none twice, none that tells of somebody, the most useful first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.agent import Agent
from convagent.catalog import Catalog
from convagent.facts import Money, Product, Variant
from convagent.insights.past import PastConversation, Said
from convagent.insights.selling import answers_of, past_questions
from convagent.knowledge import Article
from convagent.shopping.own_field_questions import own_facts
from convagent.shopping.suggested_questions import AnswerRef, PastQuestion, suggested_questions, tells


def product(title: str = "The Sunday Teapot", **rest: Any) -> Product:
    attributes = {
        "material": "Stoneware, cork lid",
        "dimensions": "12 cm high",
        "care": "Dishwasher safe",
        "made_in": "Ireland",
    }
    price = Money.of("30.00", "EUR")
    data: dict[str, Any] = {
        "id": title.lower().replace(" ", "-"), "title": title, "kind": "Teapot", "tags": ("stoneware",),
        "attributes": attributes, "variants": (Variant(id=title, price=price, available=True, inventory=3),), "status": "active",
    }  # fmt: skip
    return Product(**(data | rest))


TEAPOT = product()
ARTICLES = (
    Article(id="pots", title="How do I look after stoneware?", text="…"),
    Article(id="secret", title="Where do we buy stoneware?", text="…", audience="internal"),
    Article(id="de", title="Wie pflege ich Stoneware?", text="…", language="de"),
    Article(id="cards", title="How do gift cards work?", text="…"),
    Article(id="mug", title="Which stoneware teapot goes with The Monday Mug?", text="…"),
)


def honest(question: str) -> AnswerRef | None:
    """Answers what the facts tell, and articles by their own titles."""
    for word, field in (
        ("made of", "material"),
        ("measurements", "dimensions"),
        ("made?", "made_in"),
        ("clean", "care"),
    ):
        if word in question:
            return AnswerRef("guide", "Details", f"The Sunday Teapot: {TEAPOT.attributes[field]}.")
    found = next((each for each in ARTICLES if each.title == question), None)
    if found is not None:
        return AnswerRef("article", found.id, f"About {found.id}.")
    return AnswerRef("article", "returns", "Within 30 days.") if "days" in question else None


def texts(*found: Any) -> list[str]:
    return [each.text for each in found]


def test_facts_articles_and_the_page_s_usual_questions_come_the_most_useful_first() -> None:
    catalog = Catalog([TEAPOT, product("The Monday Mug", kind="Mug")])
    found = suggested_questions(TEAPOT, answer=honest, catalog=catalog, articles=ARTICLES, k=9)
    assert texts(*found) == [
        "What are the measurements of the Sunday Teapot?",
        "What is the Sunday Teapot made of?",
        "How do I clean the Sunday Teapot?",
        "Where is the Sunday Teapot made?",
        "How many days do I have to send something back?",
    ]
    assert [each.source for each in found] == ["fact", "fact", "fact", "fact", "article"]
    assert found[0].answered_by.text == "The Sunday Teapot: 12 cm high."
    assert suggested_questions(TEAPOT, answer=honest, articles=ARTICLES, k=2) == found[:2]
    assert suggested_questions(TEAPOT, answer=honest, k=0) == ()


def test_an_article_asks_only_where_the_product_has_no_fact_for_it() -> None:
    bare = product(attributes={})
    assert "How do I look after stoneware?" in texts(*suggested_questions(bare, answer=honest, articles=ARTICLES, k=9))


def test_articles_for_the_team_in_other_languages_of_other_things_and_products_are_passed_over() -> None:
    other = product("The Monday Mug", kind="Mug")
    asked: list[str] = []

    def listening(question: str) -> AnswerRef | None:
        asked.append(question)
        return None

    catalog = Catalog([product(attributes={}), other])
    assert suggested_questions(product(attributes={}), answer=listening, catalog=catalog, articles=ARTICLES, k=9) == ()
    assert [question for question in asked if "stoneware" in question.casefold()] == ["How do I look after stoneware?"]
    assert not any("gift" in question for question in asked)


def test_an_answer_that_doesn_t_tell_the_fact_is_none() -> None:
    def vague(question: str) -> AnswerRef | None:
        return AnswerRef("guide", "Details", "All its details are on the page.")

    def wrong(question: str) -> AnswerRef | None:
        return AnswerRef("article", "linen", f"At 40 °C. It is 13 cm high. Question {question}")

    assert suggested_questions(TEAPOT, answer=vague) == ()
    assert all(each.source == "article" for each in suggested_questions(TEAPOT, answer=wrong))


@pytest.mark.parametrize(
    ("answer", "fact", "does"),
    [
        ("It measures 12 cm high.", "12 cm high", True),
        ("It measures 13 cm high.", "12 cm high", False),
        ("95% Cotton and 5% elastane", "95% cotton, 5% elastane", True),
        ("Anything", "", False),
        ("Cork.", "Stoneware, cork lid", False),
    ],
)
def test_an_answer_tells_a_fact_with_its_words_and_figures(answer: str, fact: str, does: bool) -> None:
    assert tells(answer, fact) is does


def test_an_article_for_men_answers_nothing_on_what_is_for_women() -> None:
    sizes = tuple(
        Variant(id=size, options={"Size": size}, price=Money.of(1, "EUR"), available=True) for size in ("S", "M", "L")
    )
    dress = product("The Slip Dress", kind="Dress", attributes={"audience": "women"}, options=("Size",), variants=sizes)
    articles = (
        Article(id="m", title="Which size do I take? Men"),
        Article(id="w", title="Which size do I take? Women"),
    )

    def answer(article: str) -> Any:
        return lambda question: AnswerRef("article", article, "Measure.") if "size" in question.casefold() else None

    assert suggested_questions(dress, answer=answer("m"), articles=articles) == ()
    assert len(suggested_questions(dress, answer=answer("w"), articles=articles)) == 1


def test_near_identical_products_are_told_apart_when_the_answer_names_both() -> None:
    one, plus = product("Pip One", kind="Lamp", attributes={}), product("Pip One+", kind="Lamp", attributes={})
    catalog = Catalog([one, plus, product()])

    def answer(question: str) -> AnswerRef | None:
        return (
            AnswerRef("article", "compare", "Pip One has 5 watts, Pip One+ has 8.")
            if "difference" in question
            else None
        )

    (found,) = suggested_questions(one, answer=answer, catalog=catalog)
    assert found.text == "What is the difference between the Pip One and the Pip One+?"
    assert suggested_questions(product(attributes={}), answer=answer, catalog=catalog) == ()


@pytest.mark.parametrize(
    ("language", "asked"),
    [("de", "Welche Maße hat The Sunday Teapot?"), ("fr", "Quelles sont les dimensions de The Sunday Teapot ?")],
)
def test_questions_are_asked_in_the_page_s_language(language: str, asked: str) -> None:
    def answer(question: str) -> AnswerRef | None:
        return AnswerRef("guide", "", "12 cm high") if question == asked else None

    assert texts(*suggested_questions(TEAPOT, answer=answer, language=language)) == [asked]


def yes(question: str) -> AnswerRef | None:
    return AnswerRef("guide", "", question) if "hob" in question or "fit" in question or "Teapot" in question else None


def past(*questions: str, product_id: str | None = TEAPOT.id, language: str = "en") -> list[PastQuestion]:
    return [PastQuestion(text, language, str(number), product_id) for number, text in enumerate(questions)]


def test_what_several_customers_asked_is_asked_in_its_commonest_words() -> None:
    asked = past("Can it go on the hob?", "can the Sunday Teapot go on the hob?", "Can it go on the hob?")
    (found,) = suggested_questions(product(attributes={}), answer=yes, past=asked)
    assert (found.text, found.source) == ("Can it go on the hob?", "past")
    assert suggested_questions(product(attributes={}), answer=yes, past=asked[:1]) == ()
    once = [PastQuestion(each.text, "en", "the same conversation", TEAPOT.id) for each in asked]
    assert suggested_questions(product(attributes={}), answer=yes, past=once, min_asked=1) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Will it fit my sister Ada's kitchen?",
        "Does it fit ada@example.com?",
        "Does order 10042 fit the box?",
        "Herr Klein, does it fit?",
        "Does it fit <b>here</b>?",
        "It broke. Does it fit?\u202e",
        "Does it fit, and does it fit, and " + "so " * 20 + "?",
        "Fit?",
        "Does it fit? Or not?",
    ],
)
def test_what_tells_of_somebody_or_is_no_plain_question_is_never_shown(text: str) -> None:
    assert suggested_questions(product(attributes={}), answer=yes, past=past(text, text, text)) == ()


def test_past_questions_on_other_products_or_in_other_languages_are_passed_over() -> None:
    ask = "Can it go on the hob?"
    bare = product(attributes={})
    assert suggested_questions(bare, answer=yes, past=past(ask, ask, product_id="another")) == ()
    assert suggested_questions(bare, answer=yes, past=past(ask, ask, language="de")) == ()
    assert suggested_questions(bare, answer=yes, past=past(ask, ask, product_id=None)) == ()
    named = "Can the Sunday Teapot go on the hob?"
    assert texts(*suggested_questions(bare, answer=yes, past=past(named, named, product_id=None))) == [named]


def test_questions_of_past_conversations_come_with_language_and_product() -> None:
    said = (Said("customer", "Kann sie auf den Herd?"), Said("agent", "Nein. Warum?"), Said("customer", "Danke."))
    (found,) = past_questions(
        [PastConversation("c", said, facts={"product": {"id": "teapot"}})], languages=("en", "de")
    )
    assert found == PastQuestion("Kann sie auf den Herd?", "de", "c", "teapot")


words = st.sampled_from(
    ["material", "care", "dimensions", "made_in", "age", "allergens", "max_load", "warranty", "fit", "delivery"]
)
values = st.sampled_from(["12 cm", "From 3 years", "None", "40 kg", "", "Oak", "2 years"])


@given(
    st.dictionaries(words, values), st.integers(0, 6), st.sampled_from(["en", "de", "fr", "es"]), st.integers(0, 2**32)
)
def test_no_question_is_without_an_answer_and_none_comes_twice(
    attributes: dict[str, str], k: int, language: str, seed: int
) -> None:
    given: dict[str, AnswerRef | None] = {}

    def answer(question: str) -> AnswerRef | None:
        known = [None, AnswerRef("article", "a", "2 years"), AnswerRef("guide", "g", " ".join(attributes.values()))]
        given[question] = known[(seed + len(question)) % 3]
        return given[question]

    item = product(attributes=attributes)
    found = suggested_questions(item, answer=answer, k=k, language=language, articles=ARTICLES)
    assert len(found) <= k
    assert len({each.text for each in found}) == len(found) == len({each.about for each in found})
    assert all(given[each.text] == each.answered_by for each in found)
    assert found == suggested_questions(item, answer=answer, k=k, language=language, articles=ARTICLES)


def test_on_the_demo_shop_every_question_is_answered_when_it_is_asked(demo_agent: Agent) -> None:
    catalog, knowledge = demo_agent.shop.catalog, demo_agent.shop.knowledge
    assert catalog is not None
    assert knowledge is not None
    for language, name, least in (
        ("en", "sprig-acorn-cot", 4),
        ("de", "sprig-acorn-cot", 3),
        ("fr", "the-monday-mug", 2),
    ):
        item = catalog.product(name)
        assert item is not None
        answer = answers_of(demo_agent, item, language=language)
        found = suggested_questions(
            item, answer=answer, catalog=catalog, articles=knowledge.articles, language=language
        )
        assert len(found) >= least
        facts = {"product": item.model_dump(mode="json")}
        for each in found:
            turn = demo_agent.decide(each.text, conversation="page", facts=facts)
            assert turn.outcome.name == "Answered"
            assert turn.reply is not None
            assert turn.reply.language == language
            assert turn.reply.text == each.answered_by.text


def test_what_would_go_to_a_person_is_no_answer(demo_agent: Agent) -> None:
    catalog = demo_agent.shop.catalog
    assert catalog is not None
    item = catalog.product("pip-one")
    assert item is not None
    answer = answers_of(demo_agent, item)
    assert answer("I want to talk to a human") is None
    assert answer("What are the measurements of the Pip One?") is None  # its page doesn't say
    assert answers_of(demo_agent, item, language="de")("How many days do I have to send something back?") is None


def test_a_field_that_only_this_shop_has_is_asked_for_where_its_answer_exists() -> None:
    pot = product(attributes={"spout length": "9 cm", "infuser": "yes", "warmer": "no"})
    told = {"spout length": "Spout length: 9 cm.", "infuser": "Infuser: yes."}

    def answer(text: str) -> AnswerRef | None:
        return next((AnswerRef("guide", name, said) for name, said in told.items() if name in text), None)

    found = suggested_questions(pot, answer=answer)
    assert [each.text for each in found] == [
        "What is the spout length of the Sunday Teapot?",
        "Does the Sunday Teapot have infuser?",
    ]
    assert {each.source for each in found} == {"fact"}


@pytest.mark.parametrize(
    ("field", "de", "fr"),
    [
        ("scale", "scale", "scale"),
        ("Maßstab", "Maßstab", "maßstab"),
        ("custom.track_width", "track width", "track width"),
        ("players", "Spieler", "joueurs"),
    ],
)
def test_a_field_is_asked_for_by_a_sure_name_or_by_the_shops_own(field: str, de: str, fr: str) -> None:
    train = Product(id="t", title="Branch Line", kind="Model train", attributes={field: "1:87"})
    assert [name for _, name, _, _ in own_facts(train, language="de")] == [de]
    assert [name for _, name, _, _ in own_facts(train, language="fr")] == [fr]
