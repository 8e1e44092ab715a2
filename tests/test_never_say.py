"""Whole turns: what the shop never says is not said, and what was not done is not claimed; a person takes over instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, HandedOver, Turn
from convagent.errors import GuidanceError

ASK = """# About {title}

When the customer asks about {title}:
- "tell me about {title}"
- "what about {title}"
- "{title} please"

"""


def guide(shop: Path, title: str, statements: str) -> None:
    (shop / "guidance" / f"{title}.md").write_text(ASK.format(title=title) + statements, encoding="utf-8")


def ask(shop: Path, title: str, **options: str) -> Turn:
    with Agent.open(shop, storage="memory:") as agent:
        return agent.reply(
            f"tell me about {title}", conversation="c", facts={"customer": {"first_name": options.get("name", "Ada")}}
        )


def why(turn: Turn, kind: str) -> list[str]:
    return [event.text for event in turn.trace if event.kind == kind]


def test_a_name_may_hold_what_we_never_say(shop: Path) -> None:
    guide(shop, "zebras", '1. say "Zebras are striped, {{ customer.first_name }}."\n')
    turn = ask(shop, "zebras", name="Guaranteed Promise, I have refunded you")
    assert isinstance(turn.outcome, Answered)
    assert turn.reply is not None
    assert "Guaranteed" in turn.reply.text


def test_a_guide_that_says_it_is_found_before_anything_is_said(shop: Path) -> None:
    guide(shop, "zebras", '1. say "Zebras are guaranteed to be striped."\n')
    with pytest.raises(GuidanceError, match="G410"):
        Agent.open(shop, storage="memory:")


def test_voice_and_translations_and_our_own_sentences_are_looked_through_too(shop: Path) -> None:
    settings = shop / "convagent.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + '\n[voice.sign_off]\nen = "Answers are guaranteed."\n', encoding="utf-8")
    with pytest.raises(GuidanceError, match=r"voice\.sign_off"):
        Agent.open(shop, storage="memory:")
    settings.write_text(before, encoding="utf-8")
    (shop / "guidance" / "more.md").write_text('# More\n\n1. Never say "rather not guess"\n', encoding="utf-8")
    with pytest.raises(GuidanceError, match="missing_knowledge"):
        Agent.open(shop, storage="memory:")


def test_a_translated_phrase_binds_in_its_language(shop: Path) -> None:
    guide(shop, "zebras", '1. say "Zebras are striped."\n')
    (shop / "guidance" / "more.md").write_text('# What else\n\n1. Never say "sorry to hear"\n', encoding="utf-8")
    folder = shop / "guidance" / "translations"
    folder.mkdir()
    texts = 'About zebras:\n  "Zebras are striped.": "Zebras haben Streifen, garantiert."\n'
    (folder / "de.yaml").write_text(texts, encoding="utf-8")
    Agent.open(shop, storage="memory:").close()
    (folder / "de.yaml").write_text(
        texts + 'What else:\n  "sorry to hear": "Garantie | garantieren"\n', encoding="utf-8"
    )
    with pytest.raises(GuidanceError, match=r"“zebras are striped.” says \"garantiert\""):
        Agent.open(shop, storage="memory:")


@pytest.mark.parametrize(
    "text",
    ["I have refunded you.", "Your order has been cancelled.", "Someone will call you.", "I’ve  refunded you."],
)
def test_what_nothing_backs_goes_to_a_person(shop: Path, text: str) -> None:
    guide(shop, "zebras", f'1. say "{text}"\n')
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[guidance]\nignore = ["G406"]\n', encoding="utf-8")
    turn = ask(shop, "zebras")
    assert isinstance(turn.outcome, HandedOver)
    assert why(turn, "unbacked-claim")
    assert turn.reply is not None
    assert "refunded" not in turn.reply.text


def test_an_action_that_was_done_backs_what_is_said_then_and_later(shop: Path) -> None:
    guide(shop, "zebras", '1. say "Your order has been cancelled."\n')
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[guidance]\nignore = ["G406"]\n', encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        agent.reply("cancel #10043 please, ada@example.com", conversation="c")
        done = agent.reply("yes", conversation="c")
        assert [r.status for r in done.actions if r.kind == "write"] == ["done"]
        assert done.reply is not None
        assert "cancelled" in done.reply.text
        assert isinstance(agent.reply("tell me about zebras", conversation="c").outcome, Answered)
        assert isinstance(agent.reply("tell me about zebras", conversation="another").outcome, HandedOver)


def test_what_a_record_says_may_be_told(shop: Path) -> None:
    with Agent.open(shop, storage="memory:") as agent:
        turn = agent.reply("where is #10042? ada@example.com", conversation="c")
    assert turn.reply is not None
    assert why(turn, "unbacked-claim") == []
    assert isinstance(turn.outcome, Answered)
