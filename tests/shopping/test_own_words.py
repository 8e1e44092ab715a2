"""What the shop says of a product itself, and how articles would put a question about it."""

from __future__ import annotations

import pytest
from tests.shopping.shopping_cases import demo

from convagent.facts import Product
from convagent.shopping.article_questions import in_plain_kinds, of_returning
from convagent.shopping.own_words import says_it_itself, tells


def product(handle: str) -> Product:
    found = demo().product(handle)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "handle", "says"),
    [
        ("It's rusty. Do I need a new one?", "the-patience-pan", True),
        ("Der Lack ist ab, brauche ich eine neue?", "the-patience-pan", True),
        ("La poêle a rouillé, dois-je la jeter ?", "the-patience-pan", True),
        ("The pan from #1042 is rusty. Do I need a new one?", "the-patience-pan", False),
        ("It arrived rusty. Do I need a new one?", "the-patience-pan", False),
        ("Do I need a new one?", "wrenfold-gift-card", False),
        ("Can I send them back if they don't fit?", "the-pier-espadrille", True),
        ("Can I send them back if they don't fit?", "the-cobble-boot", False),
        ("I want to send them back.", "the-pier-espadrille", False),
        ("I take it every month, is that cheaper somehow?", "brightroot-evening-magnesium", True),
        ("I take it every month.", "brightroot-evening-magnesium", False),
    ],
)
def test_a_field_of_the_product_answers_before_an_order_is_asked_for(text: str, handle: str, says: bool) -> None:
    assert says_it_itself(text, product(handle)) is says


def test_a_field_that_is_beside_the_question_tells_nothing() -> None:
    board = product("kitchen-oath-board")
    assert tells("How much text can I have on it?", board)
    assert not tells("How long does the engraving take?", board)


@pytest.mark.parametrize(
    ("text", "handle", "plain"),
    [
        ("My Patience Pan has gone rusty.", "the-patience-pan", "My cookware has gone rusty."),
        ("is the Straight Line Bracelet silver", "the-straight-line-bracelet", "is the bracelet silver"),
        ("nothing by that name", "the-patience-pan", "nothing by that name"),
    ],
)
def test_articles_are_asked_for_what_a_product_is(text: str, handle: str, plain: str) -> None:
    assert in_plain_kinds(text, [product(handle)]) == plain


@pytest.mark.parametrize(
    ("text", "language", "asked"),
    [
        ("If she doesn't like the engraved bracelet, can I send it back?", "en", "Can I return the engraved bracelet?"),
        (
            "Kann das gravierte Bracelet zurück, falls es nicht gefällt?",
            "de",
            "Kann ich das gravierte Bracelet zurückgeben?",
        ),
        ("et si elle n'aime pas ?", "fr", "Puis-je renvoyer bracelet ?"),
    ],
)
def test_whether_it_comes_back_is_asked_as_articles_have_it(text: str, language: str, asked: str) -> None:
    assert of_returning(text, product("the-straight-line-bracelet"), language=language) == asked
