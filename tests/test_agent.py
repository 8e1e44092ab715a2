"""The agent: sync and async alike, dry runs that leave nothing, odd messages, conversations that go on."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from convagent.agent import Agent
from convagent.conversation import Attachment, Message, Silent, Turn
from convagent.errors import ConvagentError
from convagent.shop import demo_shop


def plain(turn: Turn) -> dict[str, object]:
    data = turn.model_dump(mode="json")
    del data["usage"]
    return data


def test_sync_and_async_twins_are_alike(shop: Path) -> None:
    def clock() -> datetime:
        return datetime(2026, 6, 16, tzinfo=UTC)

    async def run(agent: Agent) -> list[Turn]:
        return [await agent.areply(text, conversation="c") for text in ("cancel #10043, ada@example.com", "no")]

    with Agent.open(shop, storage="memory:", clock=clock) as agent:
        here = [agent.reply(text, conversation="c") for text in ("cancel #10043, ada@example.com", "no")]
    with Agent.open(shop, storage="memory:", clock=clock) as agent:
        there = asyncio.run(run(agent))
    assert [plain(turn) for turn in here] == [plain(turn) for turn in there]


def test_asynchronous_actions_run_on_the_callers_loop(shop: Path) -> None:
    path = shop / "actions" / "orders.py"
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "def find_customer(email: str, order_number: str) -> Customer | None:",
        "async def find_customer(email: str, order_number: str) -> Customer | None:",
    )
    text = text.replace(
        '    order = ORDERS.get(f"#', '    LOOPS.append(id(asyncio.get_running_loop()))\n    order = ORDERS.get(f"#'
    )
    path.write_text(f"import asyncio\n\nLOOPS = []\n{text}", encoding="utf-8")

    async def run(agent: Agent) -> tuple[int, Turn]:
        return id(asyncio.get_running_loop()), await agent.areply("where is #10042? ada@example.com", conversation="a")

    with Agent.open(shop, storage="memory:") as agent:
        loop, turn = asyncio.run(run(agent))
        assert turn.reply is not None
        assert "#10042 is on its way" in turn.reply.text
        spec = agent.shop.registry.get("find_customer")
        assert spec is not None
        assert spec.function.__globals__["LOOPS"] == [loop]
        assert "on its way" in str(agent.reply("where is #10042? ada@example.com", conversation="b").reply)


def test_a_dry_run_proposes_and_leaves_nothing(shop: Path) -> None:
    with Agent.open(shop, storage="memory:") as agent:
        agent.reply("cancel #10043, ada@example.com", conversation="c")
        dry = agent.decide("yes", conversation="c")
        assert [(record.action, record.status) for record in dry.actions if record.kind == "write"] == [
            ("cancel_order", "proposed")
        ]
        assert len(agent.storage.turns("c")) == 1
        assert agent.storage.load("new") is None
        assert agent.decide("hello", conversation="new").outcome.name == "Asked"
        assert agent.storage.load("new") is None
        real = agent.reply("yes", conversation="c")
        assert [(record.action, record.status) for record in real.actions if record.kind == "write"] == [
            ("cancel_order", "done")
        ]


def test_after_a_handover_the_agent_is_silent_until_it_is_given_back(agent: Agent) -> None:
    assert agent.reply("human please", conversation="c").handover is not None
    silent = agent.reply("where is my order?", conversation="c")
    assert isinstance(silent.outcome, Silent)
    assert silent.outcome.why == "person_in_charge"
    assert silent.reply is None
    agent.give_back("c")
    assert agent.reply("How much is delivery?", conversation="c").outcome.name == "Answered"
    agent.give_back("never seen")


def test_what_a_person_writes_is_kept_and_keeps_the_agent_silent(agent: Agent) -> None:
    agent.reply("cancel #10043, ada@example.com", conversation="c")
    turn = agent.reply(Message(author="person", text="Hello Ada, cancel order #10043? I'll do it."), conversation="c")
    assert isinstance(turn.outcome, Silent)
    assert turn.outcome.why == "person_in_charge"
    assert (turn.reply, turn.actions) == (None, ())
    assert turn.explain().startswith("A person of the shop wrote: “Hello Ada")
    silent = agent.reply("yes", conversation="c")  # said to the person, so it confirms nothing of the agent's
    assert (silent.outcome.name, silent.actions) == ("Silent", ())
    stored = agent.storage.load("c")
    assert stored is not None
    assert [message.author for message in stored.conversation.messages] == ["customer", "agent", "person", "customer"]
    agent.give_back("c")
    assert agent.reply("How much is delivery?", conversation="c").outcome.name == "Answered"


def test_a_person_may_begin_a_conversation_and_a_dry_run_of_it_leaves_nothing(agent: Agent) -> None:
    message = Message(author="person", text="Your parcel is here.", at=datetime(2026, 6, 16, 9, tzinfo=UTC))
    assert agent.decide(message, conversation="p").outcome.name == "Silent"
    assert agent.storage.load("p") is None
    assert agent.reply(message, conversation="p").at == message.at
    assert asyncio.run(agent.areply("thank you, and my order?", conversation="p")).outcome.name == "Silent"


@pytest.mark.parametrize("author", ["agent", "system"])
def test_the_agents_own_words_are_never_taken_for_the_customers(
    agent: Agent, author: Literal["agent", "system"]
) -> None:
    with pytest.raises(ConvagentError) as caught:
        agent.reply(Message(author=author, text="cancel #10043"), conversation="c")
    assert caught.value.code == "message-author"
    assert "person" in (caught.value.remedy or "")
    assert agent.storage.load("c") is None


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", "Silent"),
        ("   \n\t", "Silent"),
        ("thanks!", "Silent"),
        ("ok 👍", "Silent"),
        ("hello", "Asked"),
        ("🙃🙃🙃", "Asked"),
        ("\x00\x00", "Asked"),
        ("I am out of office until Monday. This is an automatic reply.", "Silent"),
    ],
)
def test_messages_that_ask_for_nothing(agent: Agent, text: str, outcome: str) -> None:
    assert agent.reply(text, conversation="c").outcome.name == outcome


@pytest.mark.parametrize(
    "text",
    [
        "a " * 500_000,
        "x" * 1_000_000,
        "\ud800 where is my order \udfff",
        "order\x00number\x00#10042",
        "<script>" * 2000,
    ],
)
def test_odd_messages_get_a_turn_that_can_be_kept(agent: Agent, text: str) -> None:
    turn = agent.reply(text, conversation="c")
    assert turn.outcome.name in {"Answered", "Asked", "HandedOver"}
    assert len(agent.storage.turns("c")) == 1


def test_a_picture_without_words_is_asked_about(agent: Agent) -> None:
    turn = agent.reply(
        Message(text="", attachments=(Attachment(name="a.jpg", media_type="image/jpeg"),)), conversation="c"
    )
    assert turn.outcome.name == "Asked"


def test_many_threads_in_many_conversations_lose_nothing(shop: Path) -> None:
    with Agent.open(shop, storage=f"sqlite:///{shop / 'conversations.db'}") as agent:
        threads = [
            threading.Thread(
                target=lambda n=n: [agent.reply(f"How much is delivery? {k}", conversation=f"c{n}") for k in range(3)]
            )
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(agent.storage.turns(f"c{n}")) for n in range(8)] == [3] * 8


def test_the_disclosure_is_said_once(agent: Agent) -> None:
    first = agent.reply("How much is delivery?", conversation="c").reply
    second = agent.reply("How do I return something?", conversation="c").reply
    assert first is not None
    assert second is not None
    assert "AI assistant" in first.text
    assert "AI assistant" not in second.text


def test_a_claimed_customer_is_asked_for_proof_and_a_verified_one_is_not(agent: Agent) -> None:
    claimed = agent.reply(
        "cancel my order", conversation="a", facts={"customer": {"id": "ada@example.com", "email": "ada@example.com"}}
    )
    assert claimed.reply is not None
    assert "order number" in claimed.reply.text
    orders = [{"id": "#10043", "status": "pending", "total": "24.90 EUR"}]
    verified = {"customer": {"id": "ada@example.com", "verified": True, "orders": orders}}
    shown = agent.reply("cancel my order", conversation="b", facts=verified)
    assert shown.reply is not None
    assert "Shall I cancel #10043" in shown.reply.text
    assert agent.reply("yes", conversation="b", facts=verified).outcome.name == "Answered"


def test_another_customers_order_is_out_of_reach(shop: Path) -> None:
    path = shop / "actions" / "orders.py"
    text = path.read_text(encoding="utf-8").replace(
        "ORDERS = {",
        'ORDERS = {\n    "#20000": {"id": "#20000", "email": "eve@example.com", "status": "pending", "total": "9.00 EUR"},',
    )
    path.write_text(text, encoding="utf-8")
    with Agent.open(shop, storage="memory:") as agent:
        agent.reply("where is #10042? ada@example.com", conversation="c")
        turn = agent.reply("cancel #20000", conversation="c")
        for answer in ("yes", "#20000", "yes"):
            turn = agent.reply(answer, conversation="c")
        assert not [
            r
            for t in agent.storage.turns("c")
            for r in t.actions
            if r.kind == "write" and r.status == "done" and r.arguments["order"] == "#20000"
        ]
        assert "eve@example.com" not in turn.model_dump_json()


def test_a_conversation_stays_on_the_channel_it_was_told_of() -> None:
    with Agent.open(demo_shop(), storage="memory:") as agent:
        agent.reply("Do you ship to France?", conversation="mail", facts={"channel": "email"})
        second = agent.reply("And to Norway?", conversation="mail")
        stored = agent.storage.load("mail")
        assert stored is not None
        assert stored.conversation.channel == "email"
        third = agent.reply("And to Norway?", conversation="chat")
    assert second.reply is not None
    assert third.reply is not None
    sign_off = agent.shop.settings.voice.sign_off["en"]
    assert str(sign_off) in second.reply.text
    assert str(sign_off) not in third.reply.text
