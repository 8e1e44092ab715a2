"""For how long somebody is who they proved to be, whose word counts, and how often one may guess."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.actions.identity_shop import PEOPLE, SECRET, calls, make_shop

from convagent.actions.identity import TokenSettings, sign_customer_token
from convagent.agent import Agent
from convagent.conversation import Turn

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)
TOKENS = TokenSettings(secrets={"new": "TEST_TOKEN_NEW"}, audience="convagent")
COUNT = itertools.count()
OWN_PROOF = '''

@action(kind="lookup", proves=True)
def find_customer(email: str, order_number: str) -> Customer | None:
    """The customer with an address and an order."""
    ASKED.append((email, order_number))
    for id, (address, _, order) in PEOPLE.items():
        if address == email.strip().lower() and order.strip("#") == order_number.strip("# "):
            return _customer(id).model_copy(update={"verification": "verified"})
    return None


ASKED: list[tuple[str, str]] = []
'''


@pytest.fixture(scope="module", autouse=True)
def secrets() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TEST_TOKEN_NEW", "TEST_TOKEN_OLD", "TEST_CODE_SECRET"):
            patch.setenv(name, SECRET)
        yield


def opened(folder: Path, settings: str = "", *, own_proof: bool = False) -> Agent:
    shop = make_shop(folder)
    path = shop / "convagent.toml"
    path.write_text(path.read_text(encoding="utf-8") + settings, encoding="utf-8")
    if own_proof:
        actions, guides = shop / "actions.py", shop / "guidance" / "guides.md"
        actions.write_text(actions.read_text(encoding="utf-8") + OWN_PROOF, encoding="utf-8")
        guides.write_text(guides.read_text(encoding="utf-8").replace("verify_order", "find_customer"), encoding="utf-8")
    agent = Agent.open(shop, storage="memory:")
    calls(agent).clear()
    return agent


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    with opened(tmp_path_factory.mktemp("standing") / "shop") as made:
        yield made


def token(who: str, at: datetime = NOW) -> dict[str, Any]:
    return {"customer_token": sign_customer_token(who, settings=TOKENS, secrets={"new": SECRET}, now=at)}


def say(agent: Agent, name: str, text: str, *, after: timedelta = timedelta(0), **facts: Any) -> Turn:
    return agent.reply(text, conversation=name, facts={**facts, "now": NOW + after})


def shows(turn: Turn, who: str) -> bool:
    return turn.reply is not None and f"{PEOPLE[who][2]} is" in turn.reply.text


# ---- for how long
@pytest.mark.parametrize(
    ("after", "still"),
    [
        (timedelta(minutes=5), True), (timedelta(hours=12), True), (timedelta(hours=12, seconds=1), False),
        (timedelta(days=300), False), (timedelta(seconds=-30), True), (timedelta(hours=-2), False),
    ],
)  # fmt: skip
def test_a_conversation_stays_verified_for_a_while(agent: Agent, after: timedelta, still: bool) -> None:
    name = f"while-{next(COUNT)}"
    assert shows(say(agent, name, "where is my order", **token("C1")), "C1")
    later = say(agent, name, "where is my order", after=after)
    assert shows(later, "C1") is still
    assert any("too long ago" in event.text for event in later.trace) is not still


def test_another_token_begins_the_time_anew_and_reading_on_does_not(agent: Agent) -> None:
    hours = timedelta(hours=1)
    say(agent, "anew", "where is my order", **token("C1"))
    assert shows(say(agent, "anew", "where is my order", after=11 * hours, **token("C1", NOW + 11 * hours)), "C1")
    assert shows(say(agent, "anew", "where is my order", after=22 * hours), "C1")
    assert not shows(say(agent, "anew", "where is my order", after=24 * hours), "C1")
    say(agent, "words", "where is my order 1002, bob@example.com")
    for hour in (4, 8, 12):
        assert shows(say(agent, "words", "where is my order", after=hour * hours), "C2")
    assert not shows(say(agent, "words", "where is my order", after=13 * hours), "C2")


def test_a_yes_after_the_proof_has_lapsed_does_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "shop", "\n[identity]\nverified_minutes = 10\n") as agent:
        say(agent, "yes", "I want my money back", **token("C1"))
        late = say(agent, "yes", "yes", after=timedelta(minutes=11))
        assert calls(agent) == []
        assert PEOPLE["C1"][2] not in late.model_dump_json()
        say(agent, "yes again", "I want my money back", **token("C1"))
        say(agent, "yes again", "yes", after=timedelta(minutes=9))
        assert [call[:2] for call in calls(agent)] == [("#1001", "C1")]


# ---- whose word
@pytest.mark.parametrize("first", [{"id": "C1", "email": "ada@example.com"}, {"email": "ada@example.com"}])
@pytest.mark.parametrize(
    "second", [{"id": "C2"}, {"id": "C2", "email": "bob@example.com"}, {"email": "bob@example.com"}]
)
def test_whoever_else_is_signed_in_starts_afresh_by_id_or_by_address(
    agent: Agent, first: dict[str, Any], second: dict[str, Any]
) -> None:
    name, orders = f"afresh-{next(COUNT)}", [{"id": "#1001", "status": "delivered", "total": "20.00 EUR"}]
    asked = say(agent, name, "I want my money back", customer={**first, "verified": True, "orders": orders})
    assert asked.reply is not None
    assert "#1001" in asked.reply.text
    before = len(calls(agent))
    turn = say(agent, name, "yes", customer={**second, "verified": True})
    assert len(calls(agent)) == before
    assert "#1001" not in turn.model_dump_json()


def test_somebody_else_who_goes_on_with_a_thread_is_not_taken_for_who_began_it(agent: Agent) -> None:
    claimed = {"email": "ada@example.com"}
    assert shows(say(agent, "thread", "where is my order 1001", customer=claimed), "C1")
    assert shows(say(agent, "thread", "where is my order", customer=claimed), "C1")
    other = say(agent, "thread", "where is my order", customer={"email": "eve@example.com"})
    assert not shows(other, "C1")
    assert any("another address" in event.text for event in other.trace)


def test_who_ordered_with_another_address_than_they_write_from_goes_on(agent: Agent) -> None:
    work = {"email": "work@example.org"}
    first = say(agent, "work", "where is my order 1002, I ordered as bob@example.com", customer=work)
    assert shows(first, "C2")
    assert shows(say(agent, "work", "where is my order", customer=work), "C2")


def test_a_claim_of_the_caller_proves_only_where_the_shop_says_so(tmp_path: Path, agent: Agent) -> None:
    claimed = {"email": "ada@example.com", "first_name": "Ada"}
    assert shows(say(agent, "claims", "where is my order 1001", customer=claimed), "C1")
    with opened(tmp_path / "shop", "\n[identity]\nclaims_count_as_said = false\n") as strict:
        asked = say(strict, "claims", "where is my order 1001", customer=claimed)
        assert asked.reply is not None
        assert "Which e-mail address" in asked.reply.text
        assert shows(say(strict, "claims", "ada@example.com", customer=claimed), "C1")


def test_a_guide_that_hands_on_a_claim_proves_nobody_with_it(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop")
    guides = shop / "guidance" / "guides.md"
    text = guides.read_text(encoding="utf-8").replace("email = email", "email = customer.email")
    guides.write_text(text, encoding="utf-8")
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "\n[identity]\nclaims_count_as_said = false\n", encoding="utf-8"
    )
    with Agent.open(shop, storage="memory:") as strict:
        claimed = {"email": "ada@example.com"}
        say(strict, "hands on", "where is my order 1001", customer=claimed)
        assert not shows(say(strict, "hands on", "my address is eve@example.com", customer=claimed), "C1")


# ---- guesses at the shop's own look-up
def test_guesses_at_a_look_up_of_the_shops_own_are_bounded(tmp_path: Path) -> None:
    with opened(
        tmp_path / "shop", "\n[identity.tries]\nper_conversation = 3\nper_value = 5\n", own_proof=True
    ) as agent:
        spec = agent.shop.registry.get("find_customer")
        assert spec is not None
        asked: list[Any] = spec.function.__globals__["ASKED"]
        asked.clear()
        for number in range(2000, 2012):
            say(agent, "guess", f"where is my order {number}, ada@example.com")
        assert len(asked) == 3
        right = say(agent, "guess", "where is my order 1001, ada@example.com")
        assert not shows(right, "C1")
        assert any("used up" in event.text for event in right.trace)
        for number in range(3000, 3012):  # a new conversation each time: the address is bounded too
            say(agent, f"guess {number}", f"where is my order {number}, ada@example.com")
        assert len(asked) == 5
        assert shows(say(agent, "somebody else", "where is my order 1002, bob@example.com"), "C2")


def test_right_answers_cost_nothing(tmp_path: Path) -> None:
    with opened(
        tmp_path / "shop", "\n[identity.tries]\nper_conversation = 1\nper_value = 1\n", own_proof=True
    ) as agent:
        for number in range(4):
            assert shows(say(agent, f"right {number}", "where is my order 1001, ada@example.com"), "C1")
