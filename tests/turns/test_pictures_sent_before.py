"""A picture that came before a guide asks for one: the customer isn't asked again, and a person sees what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.conversation import Answered, Asked, Attachment, HandedOver, Message, Turn
from convagent.guidance.phrases import phrase
from convagent.storage import MemoryStorage

GUIDES = """\
# Ask for the money back

When the customer asks for their money back:
- "I want my money back, it came like this"
- "give me my money back"
- "refund it, it arrived broken"

1. Need email
1. Need photo: text
   - ask "Would you send a photo of it?"
1. say "Thank you, {{ email }}: {{ photo }}"

# Report a crack

When the customer reports a crack:
- "I want to report a crack"
- "there is a crack in my vase, please note it down"

1. Need photo: text
   - ask "Would you send a photo of the crack?"
1. Need picture_of_label: text
   - ask "And one of the label?"
1. say "Noted: {{ photo }}, {{ picture_of_label }}"

# Register a guarantee

When the customer asks to register a guarantee:
- "register my guarantee"
- "I want to register the guarantee of the thing on the photo"

1. Need serial: text
   - ask "What is its serial number?"
1. say "Registered: {{ serial }}."
"""
ADA = "ada@example.com"
Say = Callable[..., Turn]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    from convagent.cli.init import new_shop

    folder: Path = tmp_path_factory.mktemp("sent_before") / "shop"
    new_shop(folder, name="Pictured")
    (folder / "guidance" / "more.md").write_text(GUIDES, encoding="utf-8")
    with Agent.open(folder, storage="memory:") as agent:
        yield agent


@pytest.fixture
def say(shop: Agent) -> Say:
    """A conversation: each call is a message, with a picture or another file where it says so."""
    agent = Agent(shop.shop, storage=MemoryStorage())

    def write(text: str, media_type: str = "") -> Turn:
        with_it = (Attachment(name="p", media_type=media_type),) if media_type else ()
        return agent.reply(Message(text=text, attachments=with_it), conversation="c")

    return write


JPEG = "image/jpeg"
WANTED = "I want my money back, it came like this"


def asks_for_photo(turn: Turn) -> bool:
    return isinstance(turn.outcome, Asked) and turn.outcome.needs == ("photo",)


def is_for_a_person(turn: Turn) -> bool:
    if not isinstance(turn.outcome, HandedOver):
        return False
    assert turn.reply is None or "photo" not in turn.reply.text
    assert any(event.kind == "picture" for event in turn.trace)
    return turn.outcome.handover.reason == "low_confidence"


def test_without_a_picture_one_is_asked_for(say: Say) -> None:
    say(WANTED)
    assert asks_for_photo(say(ADA))


@pytest.mark.parametrize("words", ["", "look at this", "hello"])
def test_a_picture_that_came_before_what_is_wanted_counts(say: Say, words: str) -> None:
    assert not isinstance(say(words, JPEG).outcome, HandedOver)
    assert isinstance(say(WANTED).outcome, Asked)
    assert is_for_a_person(say(ADA))


def test_a_picture_that_comes_with_what_is_wanted_counts(say: Say) -> None:
    assert isinstance(say(WANTED, JPEG).outcome, Asked)
    assert is_for_a_person(say(ADA))


def test_a_picture_that_comes_with_the_answer_to_the_question_before_counts(say: Say) -> None:
    say(WANTED)
    assert is_for_a_person(say(ADA, JPEG))


def test_the_person_is_told_that_there_is_a_picture(say: Say) -> None:
    say(WANTED, JPEG)
    handover = say(ADA).handover
    assert handover is not None
    assert "photo" in handover.summary


@pytest.mark.parametrize("media_type", ["application/pdf", "audio/mpeg"])
def test_another_file_is_no_picture(say: Say, media_type: str) -> None:
    say(WANTED, media_type)
    assert asks_for_photo(say(ADA))


def test_a_picture_of_what_is_done_with_is_not_meant(say: Say) -> None:
    say("I want to register the guarantee of the thing on the photo", JPEG)
    assert isinstance(say("AB-1234").outcome, Answered)
    say(WANTED)
    assert asks_for_photo(say(ADA))


def test_the_picture_that_answers_is_not_taken_for_the_next_one_that_is_asked_for(say: Say) -> None:
    assert asks_for_photo(say("I want to report a crack"))
    assert say("here it is", JPEG).outcome == Asked(needs=("picture_of_label",))
    assert isinstance(say("this is the label", JPEG).outcome, Answered)


def test_a_picture_of_long_ago_is_not_meant(say: Say) -> None:
    say("", JPEG)
    for _ in range(6):
        say("How much is delivery?")
    say(WANTED)
    assert asks_for_photo(say(ADA))


def test_a_picture_sent_before_changes_nothing_for_who_is_asked_something_else(say: Say) -> None:
    assert phrase("unseen", "en") in str(say("", JPEG).reply)
    assert say("register my guarantee").outcome == Asked(needs=("serial",))
