"""Drafts: what the agent would say and do, with nothing sent and nothing done; and the feedback on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from convagent import Agent
from convagent.cli.app import app
from convagent.conversation import Message, Turn
from convagent.drafts import DraftFeedback
from convagent.errors import ConvagentError
from convagent.insights.drafting import feedback_kept, report_on
from convagent.shop import demo_shop

QUESTION = "How long do I have to return something?"


def kept_turns(agent: Agent) -> tuple[Turn, ...]:
    stored = agent.storage.load("c")
    assert stored is not None
    return stored.conversation.turns


@pytest.fixture
def agent() -> Iterator[Agent]:
    with Agent.open(demo_shop(), storage="memory:") as opened:
        yield opened


def test_a_draft_has_the_reply_and_its_sources_and_keeps_nothing(agent: Agent) -> None:
    draft = agent.draft(QUESTION, conversation="c")
    assert "30 days" in draft.text
    assert draft.sources
    assert agent.storage.load("c") is None


def test_a_draft_proposes_the_writes_and_does_none(agent: Agent) -> None:
    facts = {"customer": {"email": "ada.quinn@example.com"}}
    conversation = "c"
    agent.reply(
        "Please send me the login link again, my e-mail is ada.quinn@example.com",
        conversation=conversation,
        facts=facts,
    )
    before = len(kept_turns(agent))
    draft = agent.draft("yes please", conversation=conversation, facts=facts)
    assert all(action.status != "done" for action in draft.actions)
    assert len(kept_turns(agent)) == before


def test_a_conversation_that_a_person_has_is_drafted_for(agent: Agent) -> None:
    agent.reply(QUESTION, conversation="c")
    agent.reply(Message(author="person", text="I'm looking into it."), conversation="c")
    assert agent.decide(QUESTION, conversation="c").reply is None
    assert "30 days" in agent.draft(QUESTION, conversation="c").text
    assert agent.decide(QUESTION, conversation="c").reply is None  # still in the person's hands


def test_the_same_message_at_the_same_point_is_the_same_draft(agent: Agent) -> None:
    first, again = agent.draft(QUESTION, conversation="c"), agent.draft(QUESTION, conversation="c")
    assert first.id == again.id
    assert agent.draft("Do you ship to France?", conversation="c").id != first.id


def test_feedback_is_kept_with_the_conversation_through_later_turns(agent: Agent) -> None:
    draft = agent.draft(QUESTION, conversation="c")
    noted = agent.feedback(draft, "edited", text="You have 30 days.", by="ann", why="too long")
    assert 0 < noted.changed <= 1
    agent.reply("Do you ship to France?", conversation="c")
    agent.reply("I want to talk to a person", conversation="c")
    agent.handover_accepted("c", by="ann")
    agent.give_back("c")
    assert agent.feedback_of("c") == (noted,)


def test_a_second_verdict_on_a_draft_replaces_the_first(agent: Agent) -> None:
    draft = agent.draft(QUESTION, conversation="c")
    agent.feedback(draft, "rejected", why="wrong country")
    agent.feedback(draft, "accepted")
    (kept,) = agent.feedback_of("c")
    assert (kept.verdict, kept.sent, kept.changed) == ("accepted", draft.text, 0.0)


def test_feedback_survives_the_storage(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with Agent.open(demo_shop(), storage=url) as agent:
        noted = agent.feedback(agent.draft(QUESTION, conversation="c"), "accepted", by="ann")
    with Agent.open(demo_shop(), storage=url) as agent:
        assert agent.feedback_of("c") == (noted,)
        assert list(feedback_kept(agent.storage)) == [("c", noted)]


@pytest.mark.parametrize(
    ("verdict", "text", "code"),
    [("sent", None, "draft-verdict"), ("edited", None, "draft-text"), ("accepted", "other words", "draft-text")],
)
def test_feedback_that_makes_no_sense_is_refused(agent: Agent, verdict: str, text: str | None, code: str) -> None:
    draft = agent.draft(QUESTION, conversation="c")
    with pytest.raises(ConvagentError) as refused:
        agent.feedback(draft, verdict, text=text)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert agent.feedback_of("c") == ()


def test_feedback_is_counted() -> None:
    given = [
        DraftFeedback(draft="1", verdict="accepted"),
        DraftFeedback(draft="2", verdict="accepted"),
        DraftFeedback(draft="3", verdict="edited", changed=0.25, why="too  long"),
        DraftFeedback(draft="4", verdict="rejected", changed=1.0, why="too long"),
    ]
    report = report_on(given)
    assert (report.count, report.accepted, report.edited, report.rejected) == (4, 2, 1, 1)
    assert report.sent_as_is is not None
    share, low, high = report.sent_as_is
    assert low < share == 0.5 < high
    assert report.changed == 0.25
    assert report.reasons == (("too long", 2),)
    assert report_on([]).sent_as_is is None


def test_the_commands_show_a_draft_and_count_feedback(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["draft", QUESTION, "--shop", str(demo_shop())])
    assert shown.exit_code == 0
    assert "30 days" in shown.output
    assert "from “" in shown.output
    (tmp_path / "convagent.toml").write_text(
        '[shop]\nname = "S"\n[storage]\nurl = "sqlite:///kept.db"\n', encoding="utf-8"
    )
    counted = CliRunner().invoke(app, ["drafts", "--shop", str(tmp_path)])
    assert counted.exit_code == 0, counted.output
    assert "no feedback" in counted.output
