"""Between answering and handing over: articles that may answer are asked about, once, and what the customer says to it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent import Agent, Answered, Asked, HandedOver, Silent
from convagent.conversation import Turn
from convagent.guidance.interpreter.decision import Memory

SETTINGS = """
[shop]
name = "Spoke & Chain"
currency = "EUR"
languages = ["en", "de", "fr"]

[agent]
answer_from = 0.97
ask_from = {ask_from}

[clock]
fixed = "2026-04-14T10:30:00+01:00"
"""

ARTICLES = {
    "true-a-wheel": """---
id: true-a-wheel
---
# How do I get a bent wheel straight?

Bring the wheel to our workshop. Straightening costs €18.00 and takes 2 days.

## Do you also do it while I wait?

On Saturdays we straighten a wheel while you wait, for €25.00.
""",
    "oil-a-chain": """---
id: oil-a-chain
---
# How often should I oil the chain?

Oil it every 200 km, and wipe off what is too much.
""",
    "de/zahlen": """---
id: zahlen
language: de
---
# Wie kann ich bezahlen?

Sie zahlen mit Karte oder auf Rechnung, innerhalb von 14 Tagen.
""",
    "fr/payer": """---
id: payer
language: fr
---
# Comment puis-je payer ?

Vous payez par carte ou sur facture, dans les 14 jours.
""",
}

GUIDE = """# Sell us a bicycle

When: the customer wants to sell us a used bicycle
  - "I'd like to sell you my old bike"
  - "do you buy used bicycles"

1. say "We buy bicycles on Fridays."
"""


def _shop(folder: Path, *, ask_from: float = 0.2) -> Path:
    (folder / "guidance").mkdir(parents=True)
    (folder / "convagent.toml").write_text(SETTINGS.format(ask_from=ask_from), encoding="utf-8")
    (folder / "guidance" / "sell.md").write_text(GUIDE, encoding="utf-8")
    for name, text in ARTICLES.items():
        path = folder / "knowledge" / "articles" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bicycle workshop that wants to be very sure before it answers."""
    return _shop(tmp_path_factory.mktemp("spoke"))


@pytest.fixture
def agent(shop: Path) -> Agent:
    """Its agent, with a memory of its own."""
    return Agent.open(shop, storage="memory:")


QUESTION = "my rim has a dent, can you get the wheel straight again?"


def _text(turn: Turn) -> str:
    return "" if turn.reply is None else turn.reply.text


def _said(agent: Agent, *texts: str) -> Turn:
    turns = [agent.reply(text, conversation="c") for text in texts]
    return turns[-1]


def test_an_article_that_may_answer_is_asked_about_by_its_title(agent: Agent) -> None:
    turn = _said(agent, QUESTION)
    assert turn.outcome == Asked(needs=("request",))
    assert turn.reply is not None
    assert turn.reply.text.endswith("Is it about “How do I get a bent wheel straight?”?")
    assert turn.reply.buttons == ("How do I get a bent wheel straight?",)
    assert "asks whether it is about" in turn.explain()


@pytest.mark.parametrize("yes", ["yes", "ok", "Yes please!", "exactly", "the first one", "the bent wheel",
                                 "How do I get a bent wheel straight?"])  # fmt: skip
def test_a_yes_or_the_articles_own_words_bring_its_answer(agent: Agent, yes: str) -> None:
    turn = _said(agent, QUESTION, yes)
    assert isinstance(turn.outcome, Answered), yes
    assert [citation.article_id for citation in turn.citations] == ["true-a-wheel"]
    assert "€18.00" in _text(turn)


@pytest.mark.parametrize("no", ["no", "no thanks", "No, thank you.", "neither", "something else"])
def test_a_no_hands_over_with_the_question_that_was_asked_first(agent: Agent, no: str) -> None:
    outcome = _said(agent, QUESTION, no).outcome
    assert isinstance(outcome, HandedOver), no
    assert outcome.handover.reason == "missing_knowledge"
    assert QUESTION in outcome.handover.summary
    assert "it isn't about" in outcome.handover.summary


def test_it_is_never_asked_twice_in_a_row(agent: Agent) -> None:
    again = _said(agent, QUESTION, "no, the chain: mine squeaks, how often must it be oiled in winter rain")
    assert isinstance(again.outcome, HandedOver)


def test_who_asks_something_else_instead_gets_that(agent: Agent) -> None:
    turn = _said(agent, QUESTION, "forget the wheel, do you buy used bicycles?")
    assert isinstance(turn.outcome, Answered)
    assert "Fridays" in _text(turn)


def test_who_drops_it_is_left_in_peace(agent: Agent) -> None:
    assert isinstance(_said(agent, QUESTION, "never mind").outcome, Silent)


def test_it_is_forgotten_once_it_was_answered(agent: Agent) -> None:
    _said(agent, QUESTION, "yes")
    later = _said(agent, "and do you straighten it while I wait, on which day?")
    assert not isinstance(later.outcome, HandedOver) or "it isn't about" not in later.outcome.handover.summary
    assert isinstance(_said(agent, "yes").outcome, Asked | Answered | Silent)


@pytest.mark.parametrize(
    ("question", "asked", "yes", "article"),
    [
        ("Kann ich bei Ihnen auch auf Raten bezahlen?", "Geht es um „Wie kann ich bezahlen?“?", "Ja, genau", "zahlen"),
        (
            "Acceptez-vous de payer en plusieurs fois ?",
            "Est-ce au sujet de « Comment puis-je payer ? » ?",
            "Oui",
            "payer",
        ),
    ],
)
def test_it_is_asked_in_the_customers_language(agent: Agent, question: str, asked: str, yes: str, article: str) -> None:
    turn = _said(agent, question)
    assert asked in _text(turn)
    assert [citation.article_id for citation in _said(agent, yes).citations] == [article]


def test_strangers_and_what_is_grave_are_not_asked_about_articles(agent: Agent) -> None:
    assert isinstance(_said(agent, "who won the world cup in 1990?").outcome, HandedOver)
    hurt = agent.reply("the bent wheel broke and I am bleeding, my lawyer will sue you", conversation="hurt")
    assert isinstance(hurt.outcome, HandedOver)
    assert hurt.outcome.handover.reason != "missing_knowledge"


def test_a_shop_may_do_without(tmp_path: Path) -> None:
    agent = Agent.open(_shop(tmp_path, ask_from=1), storage="memory:")
    assert isinstance(_said(agent, QUESTION).outcome, HandedOver)


def test_what_was_offered_survives_storage() -> None:
    memory = Memory(offered=((("a", "One?"), ("", "A guide")), "what then?"))
    assert Memory.from_json(memory.to_json()) == memory
    assert "offered" not in Memory().to_json()
