"""What is said while a question is open, in shops that nobody tuned on: asides are answered, and the question comes again.

Nor does the address of an article count for our own words, and what is asked is quoted as its language quotes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.guidance.reader import Talk, texts

from convagent import Agent, Answered, Asked, HandedOver
from convagent.conversation import Turn
from convagent.guidance.interpreter.requests import Request
from convagent.shop import demo_shop, open_shop
from convagent.storage import MemoryStorage
from convagent.understanding.choose import Choice, choose
from convagent.understanding.gist import leans_on_what_was_said

SETTINGS = """
[shop]
name = "Schirmwerk"
currency = "EUR"
language = "de"
languages = ["de"]

[agent]
name = "Mara"

[knowledge]
url = "https://schirmwerk.example/hilfe/{id}"

[clock]
fixed = "2026-04-14T10:30:00+01:00"
"""

ARTICLES = {
    "garantie-auf-gestelle": """---
id: garantie-auf-gestelle
title: Wie lange halten die Gestelle?
language: de
---

Ein Gestell hält bei täglichem Gebrauch zehn Jahre.
""",
    "reparaturkosten": """---
id: reparaturkosten
title: Was kostet eine Reparatur?
language: de
---

Eine Reparatur kostet 18 Euro, gleich an welchem Schirm.
""",
    "versandkosten": """---
id: versandkosten
title: Was kostet der Versand?
language: de
---

Der Versand kostet 5 Euro.
""",
}

GUIDES = """# Etwas reparieren

When: the customer wants something mended
  - "Ich möchte etwas reparieren lassen"
  - "Können Sie das richten?"
  - "Eine Reparatur bitte"
  - "Es ist gebrochen, bitte reparieren"

1. Need kind: one of "Schirm Niesel", "Sessel Anna", "Taschenknirps"
   - ask "Was sollen wir reparieren: {{ choices | either }}?"
1. say "{{ kind }}: bringen Sie das Stück am Freitag vorbei."

# Unsere Worte

1. Never say "Garantie"
"""

REPAIR = "Ich möchte etwas reparieren lassen"


@pytest.fixture
def demo() -> Iterator[Agent]:
    with Agent(open_shop(demo_shop()), storage=MemoryStorage()) as agent:
        yield agent


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """A shop that mends umbrellas, and never says “Garantie”."""
    folder = tmp_path_factory.mktemp("schirme")
    (folder / "guidance").mkdir()
    (folder / "knowledge" / "articles").mkdir(parents=True)
    (folder / "convagent.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "guidance" / "reparatur.md").write_text(GUIDES, encoding="utf-8")
    for name, text in ARTICLES.items():
        (folder / "knowledge" / "articles" / f"{name}.md").write_text(text, encoding="utf-8")
    with Agent(open_shop(folder), storage=MemoryStorage()) as agent:
        yield agent


def _said(agent: Agent, conversation: str, *texts: str) -> list[Turn]:
    return [agent.reply(text, conversation=conversation) for text in texts]


def _text(turn: Turn) -> str:
    return "" if turn.reply is None else turn.reply.text


def test_an_articles_address_may_hold_what_we_never_say(german: Agent) -> None:
    (turn,) = _said(german, "address", "Wie lange halten die Gestelle?")
    assert isinstance(turn.outcome, Answered), turn.outcome
    assert "https://schirmwerk.example/hilfe/garantie-auf-gestelle" in _text(turn)


def test_a_question_of_what_is_at_hand_is_answered_and_the_open_one_comes_again(german: Agent) -> None:
    first, turn = _said(german, "cost", REPAIR, "Was kostet das denn?")
    assert isinstance(first.outcome, Asked)
    assert isinstance(turn.outcome, Asked)
    assert "18 Euro" in _text(turn)
    assert turn.outcome.needs == first.outcome.needs
    assert "Was sollen wir reparieren" in _text(turn)


def test_a_compound_of_few_words_names_the_choice_that_it_is_one_of(german: Agent) -> None:
    for said, meant in (
        ("den Regenschirm", "Schirm Niesel"),
        ("Ohrensessel", "Sessel Anna"),
        ("Knirps", "Taschenknirps"),
    ):
        first, turn = _said(german, said, REPAIR, said)
        assert isinstance(first.outcome, Asked)
        assert isinstance(turn.outcome, Answered)
        assert meant in _text(turn)


def test_what_is_not_understood_twice_is_told_in_other_words_and_then_passed_on(german: Agent) -> None:
    _, once, twice, end = _said(german, "vain", REPAIR, "ja gerne", "ja bitte", "ja, gut")
    assert isinstance(once.outcome, Asked)
    assert isinstance(twice.outcome, Asked)
    assert _text(once) != _text(twice)
    assert "Menschen" in _text(twice)
    assert isinstance(end.outcome, HandedOver)
    assert end.outcome.handover.reason == "no_progress"


@pytest.mark.parametrize("question", ["hm, and do you have rugs?", "Well... do you have rugs?", "do you sell rugs"])
def test_products_are_shown_beside_an_open_question_without_a_model(demo: Agent, question: str) -> None:
    first, turn = _said(demo, question, "Please cancel order #1101", question)
    assert isinstance(first.outcome, Asked)
    assert isinstance(turn.outcome, Asked)
    assert turn.reply is not None
    assert any("Rug" in product.title for product in turn.reply.products)
    assert set(first.outcome.needs) <= set(turn.outcome.needs)


def test_articles_and_products_beside_a_confirmation_leave_it_open(demo: Agent) -> None:
    asked, refund, rugs, done = _said(
        demo, "confirm", "Please cancel order #1101, bruno@example.com", "how long does the refund take?",
        "hm, and do you have rugs?", "yes",
    )  # fmt: skip
    assert isinstance(asked.outcome, Asked)
    for turn in (refund, rugs):
        assert isinstance(turn.outcome, Asked)
        assert turn.outcome.needs == asked.outcome.needs
        assert "Cancel #1101" in _text(turn)
    assert "working days" in _text(refund)
    assert rugs.reply is not None
    assert rugs.reply.products
    assert any(record.action == "cancel_order" and record.status == "done" for record in done.actions)


def test_an_answer_to_the_open_question_is_no_wish_for_products(demo: Agent) -> None:
    _, turn = _said(demo, "answer", "Please cancel order #1101", "bruno@example.com, it's the lamp")
    assert turn.reply is not None
    assert turn.reply.products == ()
    assert "Cancel #1101" in _text(turn)


def test_a_bare_name_that_is_none_of_the_choices_begins_nothing_else_unless_it_plainly_does() -> None:
    guides = """# Mend

When: the customer asks
  - "x"

1. Need kind: one of "chair", "table"
1. say "{{ kind }}"

# Find

When: the customer asks
  - "y"

1. say "Found."
"""
    for text, probability, found in (
        ("the bench", 0.7, False), ("the bench", 0.95, True), ("do find me a bench", 0.7, True), ("bench?", 0.7, True),
    ):  # fmt: skip
        talk = Talk(guides)
        talk.say("mend it", "Mend")
        decision = talk.say(text, Request(text, "Find", probability))
        assert ("Found." in texts(decision)) is found, text
        assert decision.outcome == "asked"


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("Was kostet das denn?", True),
        ("Wann kommt es?", True),
        ("combien ça coûte ?", True),
        ("Wo ist das Paket?", False),
        ("Kostet das Fahrrad viel?", False),
        ("Gibt es Helme?", False),
    ],
)
def test_a_pronoun_leans_on_what_was_said_and_an_article_does_not(text: str, leans: bool) -> None:
    assert leans_on_what_was_said(text) is leans


def test_a_part_at_the_end_that_several_share_settles_nothing() -> None:
    choices = [Choice("a", ("Kinderhelm Blau",)), Choice("b", ("Reithelm Rot",), position=1)]
    picked = choose("den Velohelm", choices, many=False)
    assert picked.keys == ()
    assert choose("einen Anhänger", choices, many=False).keys == ()
    longer = "ich hätte da noch eine Frage zu meinem alten Velohelm"
    assert choose(longer, [Choice("a", ("Helm Kuppe",)), Choice("b", ("Jacke",), position=1)], many=False).keys == ()
