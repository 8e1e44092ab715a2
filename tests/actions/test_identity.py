"""Who writes: tokens, order numbers with what belongs to them, one-time codes; what they prove, and how often one may guess."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.actions.identity_shop import PEOPLE, SECRET, calls, make_shop, sent

from convagent.actions import Confirmation
from convagent.actions.identity import TokenProof, TokenSettings, sign_customer_token
from convagent.actions.identity.proof import Proven
from convagent.agent import Agent
from convagent.conversation import Asked, Turn
from convagent.errors import ConvagentError, ShopError
from convagent.storage import RESERVED_PREFIX

NOW = datetime(2026, 6, 16, 9, 30, tzinfo=UTC)
OLD = SECRET[::-1]
NO_KEY: Any = None
SETTINGS = TokenSettings(secrets={"new": "TEST_TOKEN_NEW", "old": "TEST_TOKEN_OLD"}, audience="convagent")
KEYS = {"new": SECRET, "old": OLD}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("identity") / "shop")


@pytest.fixture
def agent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    monkeypatch.setenv("TEST_TOKEN_NEW", SECRET)
    monkeypatch.setenv("TEST_TOKEN_OLD", OLD)
    monkeypatch.setenv("TEST_CODE_SECRET", SECRET)
    with Agent.open(folder, storage="memory:") as opened:
        calls(opened).clear()
        sent(opened).clear()
        yield opened


def token(customer: str = "C1", **options: Any) -> str:
    return sign_customer_token(customer, settings=SETTINGS, secrets=KEYS, now=options.pop("now", NOW), **options)


def prove(text: Any, *, now: datetime = NOW) -> Proven:
    return TokenProof(SETTINGS, secrets=KEYS).prove({"customer_token": text}, conversation="c", now=now)


def signed(key: str = SECRET, head: dict[str, Any] | None = None, alg: str = "HS256", **changes: Any) -> str:
    at = int(NOW.timestamp())
    claims = {"sub": "C1", "aud": "convagent", "iat": at, "exp": at + 600, **changes}
    kept = {name: value for name, value in claims.items() if value is not ...}
    return jwt.encode(kept, key, algorithm=alg, headers=head or {"kid": "new"})


# ---- tokens
def test_a_signed_token_proves_its_customer() -> None:
    proven = prove(token(email="ada@example.com")).customer
    assert proven is not None
    assert (proven.id, proven.email, proven.verified) == ("C1", "ada@example.com", True)


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (lambda: token(now=NOW - timedelta(minutes=32)), "token-expired"), (lambda: token(now=NOW + timedelta(minutes=2)), "token-not-yet"),
        (lambda: signed(nbf=int(NOW.timestamp()) + 90), "token-not-yet"), (lambda: signed(aud="other"), "token-audience"),
        (lambda: signed(aud=...), "token-incomplete"), (lambda: signed(exp=...), "token-incomplete"),
        (lambda: signed(iat=...), "token-incomplete"), (lambda: signed(sub=...), "token-incomplete"),
        (lambda: signed(exp=int(NOW.timestamp()) + 10**7), "token-too-long"), (lambda: signed(exp="soon"), "token-unreadable"),
        (lambda: signed(exp=float("inf")), "token-unreadable"), (lambda: signed(exp=float("nan")), "token-unreadable"),
        (lambda: signed(sub=" "), "token-incomplete"), (lambda: signed(key="x" * 40), "token-signature"),
        (lambda: signed(key=OLD), "token-signature"), (lambda: signed(head={"kid": "gone"}), "token-key"),
        (lambda: signed(head={"kid": "../new"}), "token-key"), (lambda: signed(key=SECRET, alg="HS384"), "token-algorithm"),
        (lambda: jwt.encode({"sub": "C1"}, NO_KEY, algorithm="none"), "token-algorithm"), (lambda: "a.b.c", "token-unreadable"),
        (lambda: "", "token-unreadable"), (lambda: None, "token-unreadable"), (lambda: {"sub": "C1"}, "token-unreadable"),
        (lambda: "x" * 5_000, "token-unreadable"), (lambda: token() + "x", "token-signature"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_now_proves_nobody(made: Any, fault: str) -> None:
    assert prove(made()) == Proven(None, fault)


def test_the_clocks_may_be_a_little_apart_and_an_old_key_goes_on() -> None:
    assert prove(token(), now=NOW - timedelta(seconds=59)).customer is not None
    assert prove(token(), now=NOW + timedelta(minutes=30, seconds=59)).customer is not None
    assert prove(signed(key=OLD, head={"kid": "old"})).customer is not None


@given(st.text() | st.binary() | st.integers() | st.lists(st.text()))
def test_no_token_breaks_anything(odd: Any) -> None:
    assert prove(odd).customer is None


def test_secrets_come_from_the_environment_and_are_long(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_TOKEN_NEW", raising=False)
    monkeypatch.setenv("TEST_CODE_SECRET", SECRET)
    with pytest.raises(ShopError) as caught:
        Agent.open(folder, storage="memory:")
    assert caught.value.code == "identity-secret"
    with pytest.raises(ShopError, match="shorter than 32 bytes"):
        TokenProof(SETTINGS, secrets={"new": "short"})
    with pytest.raises(ShopError, match="can't count"):
        token(minutes=10**6)


def reply(agent: Agent, text: str, *, conversation: str = "c", at: datetime = NOW, **facts: Any) -> Turn:
    return agent.reply(text, conversation=conversation, facts={**facts, "now": at})


def test_a_token_among_the_facts_verifies_and_is_seen_nowhere(agent: Agent) -> None:
    given_ = token()
    assert isinstance(reply(agent, "I want my money back", customer_token=given_).outcome, Asked)
    turn = reply(agent, "yes please", customer_token=given_)
    assert [call[:2] for call in calls(agent)] == [("#1001", "C1")]
    stored = agent.storage.load("c")
    assert stored is not None
    assert given_ not in stored.model_dump_json() + turn.model_dump_json()
    (entry,) = agent.ledger.entries(conversation="c")
    assert (entry.confirmed_by, entry.confirmed_at) == ("C1", NOW)


def test_a_token_that_proves_nobody_takes_the_callers_word_away_too(agent: Agent) -> None:
    ada = {"id": "C1", "email": "ada@example.com", "verified": True}
    for bad in ("x", token(now=NOW - timedelta(days=2)), token("C1")[:-3]):
        turn = reply(agent, "where is my order", conversation=f"c{len(bad)}", customer=ada, customer_token=bad)
        assert "#1001" not in (turn.reply.text if turn.reply else "")
        assert any(event.kind == "identity" for event in turn.trace)
        assert bad == "x" or bad not in turn.model_dump_json()


def test_what_is_said_of_somebody_else_beside_a_token_is_dropped(agent: Agent) -> None:
    bob = {"id": "C2", "email": "bob@example.com", "verified": True}
    turn = reply(agent, "where is my order", customer=bob, customer_token=token("C1"))
    assert turn.reply is not None
    assert "#1001" in turn.reply.text
    assert "#1002" not in turn.reply.text


def test_another_customer_who_writes_on_starts_afresh(agent: Agent) -> None:
    reply(agent, "I want my money back", customer_token=token("C1"))
    turn = reply(agent, "yes", customer_token=token("C2"))
    assert calls(agent) == []
    assert "#1001" not in turn.model_dump_json()


def test_a_proof_of_the_shops_own_reads_its_own_evidence(folder: Path, agent: Agent) -> None:
    from convagent.facts import Customer

    class Cookie:
        evidence = ("cookie",)

        def prove(self, evidence: Any, *, conversation: str, now: datetime, storage: Any) -> Proven:
            return Proven(
                Customer(id="C3", verification="verified") if evidence["cookie"] == "good" else None, "bad-cookie"
            )

    with Agent.open(folder, storage="memory:", proofs=[Cookie()]) as opened:
        good = reply(opened, "where is my order", cookie="good")
        assert good.reply is not None
        assert "#1003" in good.reply.text
        bad = reply(opened, "where is my order", conversation="d", cookie="stolen-4711")
        assert "#1003" not in (bad.reply.text if bad.reply else "")
        assert "stolen-4711" not in bad.model_dump_json()


# ---- order numbers
def lookup(agent: Agent, action: str, conversation: str = "c", at: datetime = NOW, **arguments: Any) -> Any:
    return agent.act(action, arguments, conversation=conversation, effect="e", facts={"now": at}).result.value


def test_an_order_number_with_what_belongs_to_it_proves_its_customer(agent: Agent) -> None:
    ways: list[dict[str, Any]] = [
        {"email": "Ada@Example.com "},
        {"postcode": "d01a1"},
        {"email": "ada@example.com", "postcode": "D01 A1"},
    ]
    for more in ways:
        found = lookup(agent, "verify_order", f"c{len(more)}{list(more)}", order_number="1001", **more)
        assert found.id == "C1"
        assert found.verified


@pytest.mark.parametrize(
    "said",
    [
        {"order_number": "1001"}, {"order_number": "1001", "email": "bob@example.com"}, {"order_number": "9999", "email": "ada@example.com"},
        {"order_number": "1001", "email": "ada@example.com", "postcode": "D02 B2"}, {"order_number": "", "email": "ada@example.com"},
        {"order_number": "1001", "email": ""}, {"order_number": "1001", "postcode": " "},
    ],
)  # fmt: skip
def test_whatever_is_wrong_proves_nobody_and_says_the_same(agent: Agent, said: dict[str, str]) -> None:
    done = agent.act("verify_order", said, conversation="c", effect="e")
    assert (done.result.status, done.result.value, done.record.result) == ("done", None, "nothing found")


def test_guesses_are_bounded_in_a_conversation_and_for_an_order(agent: Agent) -> None:
    for guess in range(3):
        assert lookup(agent, "verify_order", order_number="1001", postcode=f"X{guess}") is None
    assert lookup(agent, "verify_order", order_number="1001", postcode="D01 A1") is None, (
        "the conversation has no tries left"
    )
    assert lookup(agent, "verify_order", "d", order_number="1001", postcode="D01 A1").id == "C1"
    assert lookup(agent, "verify_order", "e", order_number="1001", postcode="X9") is None
    assert lookup(agent, "verify_order", "f", order_number="1001", email="ada@example.com") is None, "nor has the order"
    later = NOW + timedelta(hours=25)
    assert lookup(agent, "verify_order", "f", at=later, order_number="1001", email="ada@example.com").id == "C1"


def test_the_same_try_again_costs_nothing_and_a_clock_that_goes_back_frees_nothing(agent: Agent) -> None:
    for _ in range(9):
        assert lookup(agent, "verify_order", order_number="1001", postcode="D01 A1").id == "C1"
    for guess in range(5):
        lookup(agent, "verify_order", f"g{guess}", order_number="1002", postcode=f"X{guess}")
    before = NOW - timedelta(days=30)
    assert lookup(agent, "verify_order", "h", at=before, order_number="1002", postcode="D02 B2") is None


def test_tries_are_kept_without_anything_personal_and_are_no_conversations(
    agent: Agent, tmp_path: Path, folder: Path
) -> None:
    file = tmp_path / "kept.db"
    with Agent.open(folder, storage=f"sqlite:///{file}") as first:
        for guess in range(5):
            lookup(first, "verify_order", f"g{guess}", order_number="1001", email=f"x{guess}@example.com")
        assert [name for name in first.storage.conversations(limit=50) if name.startswith(RESERVED_PREFIX)] == []
    with Agent.open(folder, storage=f"sqlite:///{file}") as second:
        assert lookup(second, "verify_order", "z", order_number="1001", email="ada@example.com") is None
    assert b"x1@example.com" not in file.read_bytes()
    with pytest.raises(ConvagentError, match="can't begin with"):
        agent.reply("hello", conversation=f"{RESERVED_PREFIX}identity:x")


def test_guidance_proves_by_order_number_and_goes_on(agent: Agent) -> None:
    reply(agent, "where is my order")
    reply(agent, "1001")
    turn = reply(agent, "ada@example.com")
    assert turn.reply is not None
    assert "#1001 is delivered" in turn.reply.text
    turn = reply(agent, "what about #1002, bob@example.com")
    assert "#1002 is" not in (turn.reply.text if turn.reply else "")


# ---- one-time codes
def code_for(agent: Agent, email: str, conversation: str = "c", at: datetime = NOW, effect: str = "1") -> str | None:
    before = len(sent(agent))
    done = agent.act("send_code", {"email": email}, conversation=conversation, effect=effect, facts={"now": at})
    assert (done.result.status, done.result.value, done.result.error) == ("done", None, "")
    return sent(agent)[-1][1] if len(sent(agent)) > before else None


def test_a_code_proves_once_in_its_own_conversation(agent: Agent) -> None:
    code = code_for(agent, "ada@example.com")
    assert code is not None
    assert sent(agent) == [("ada@example.com", code)]
    assert lookup(agent, "verify_code", "d", email="ada@example.com", code=code) is None
    assert lookup(agent, "verify_code", email="bob@example.com", code=code) is None
    assert lookup(agent, "verify_code", email="ada@example.com", code=f" {code[:3]} {code[3:]} ").id == "C1"
    assert lookup(agent, "verify_code", email="ada@example.com", code=code).verified, "the turn is read again"
    assert lookup(agent, "verify_code", "d", email="ada@example.com", code=code) is None


def test_nobody_learns_whether_an_address_is_known(agent: Agent) -> None:
    assert code_for(agent, "nobody@example.com") is None
    assert lookup(agent, "verify_code", email="nobody@example.com", code="000000") is None


@pytest.mark.parametrize("later", [timedelta(minutes=11), timedelta(seconds=-1)])
def test_a_code_expires_and_so_it_does_when_the_clock_goes_back(agent: Agent, later: timedelta) -> None:
    code = code_for(agent, "ada@example.com")
    assert lookup(agent, "verify_code", at=NOW + later, email="ada@example.com", code=code) is None


def test_a_code_can_be_guessed_a_few_times_only(agent: Agent) -> None:
    code = code_for(agent, "ada@example.com")
    assert code is not None
    for wrong in range(3):
        guess = f"{(int(code) + 1 + wrong) % 1_000_000:06}"
        assert lookup(agent, "verify_code", email="ada@example.com", code=guess) is None
    assert lookup(agent, "verify_code", email="ada@example.com", code=code) is None


def test_codes_are_sent_a_few_times_only_and_kept_as_hashes(agent: Agent) -> None:
    codes = [code_for(agent, "ada@example.com", f"c{number}", effect=str(number)) for number in range(5)]
    assert [code is not None for code in codes] == [True, True, True, False, False]
    kept = json.dumps([agent.storage.load(name) and str(agent.storage.load(name)) for name in ("c0", "c1")])
    entries = "".join(str(entry) for number in range(5) for entry in agent.ledger.entries(conversation=f"c{number}"))
    assert all(code not in kept + entries for code in codes if code)


def test_a_record_does_not_show_the_code(agent: Agent) -> None:
    done = agent.act("verify_code", {"email": "ada@example.com", "code": "471147"}, conversation="c", effect="e")
    assert "471147" not in done.record.model_dump_json()


# ---- settings
@pytest.mark.parametrize("change", [('lookup = "owner_of"', 'lookup = "gone"'), ('lookup = "owner_of"', 'lookup = "pay_back"'),
                                    ('send = "post_code"', 'send = "pay_back"'), ('send = "post_code"', 'send = "owner_of"')])  # fmt: skip
def test_a_look_up_that_cannot_prove_is_told_when_the_shop_opens(tmp_path: Path, change: tuple[str, str]) -> None:
    shop = make_shop(tmp_path / "shop")
    file = shop / "convagent.toml"
    file.write_text(file.read_text().replace(*change), encoding="utf-8")
    with pytest.raises(ShopError, match="can't be used to prove"):
        Agent.open(shop, storage="memory:")


# ---- confirmations, through the agent
SAID = {
    "en": ("I want my money back", "yes, but only half of it", "yes"),
    "de": ("Ich möchte mein Geld zurück", "ja, aber nur die Hälfte", "ja"),
    "fr": ("je veux être remboursé", "oui, mais seulement la moitié", "oui"),
}


@pytest.mark.parametrize("language", SAID)
def test_yes_but_is_no_yes_and_a_plain_one_is(agent: Agent, language: str) -> None:
    request, changed, plain = SAID[language]
    assert isinstance(reply(agent, request, customer_token=token()).outcome, Asked)
    reply(agent, changed, customer_token=token())
    assert calls(agent) == []
    reply(agent, plain, customer_token=token())
    assert len(calls(agent)) == 1


@pytest.mark.parametrize("late", [timedelta(minutes=31), timedelta(days=3), timedelta(minutes=-1)])
def test_a_yes_that_comes_too_late_or_before_its_question_is_asked_for_again(agent: Agent, late: timedelta) -> None:
    def at(moment: datetime, text: str) -> Turn:
        return reply(agent, text, at=moment, customer_token=token(now=moment))

    at(NOW, "I want my money back")
    again = at(NOW + late, "yes")
    assert isinstance(again.outcome, Asked), again.explain()
    assert calls(agent) == []
    at(NOW + late + timedelta(minutes=1), "yes")
    assert len(calls(agent)) == 1
    (entry,) = agent.ledger.entries(conversation="c")
    assert entry.confirmed_at == NOW + late + timedelta(minutes=1)


def test_an_expired_yes_never_answers_the_question_that_is_asked_again(agent: Agent) -> None:
    reply(agent, "I want my money back", customer_token=token())
    late = NOW + timedelta(hours=1)
    reply(agent, "yes", at=late, customer_token=token(now=late))
    for text in ("where is my order", "hm", "what is the status of my order"):
        reply(agent, text, at=late, customer_token=token(now=late))
    assert calls(agent) == []


def test_one_action_can_be_called_directly_under_the_same_rules(agent: Agent) -> None:
    arguments = {"order": "#1001", "amount": "20.00 EUR"}
    yes = Confirmation.of("pay_back", arguments, by="desk", at=NOW)

    def act(facts: dict[str, Any], confirmed: Confirmation | None, effect: str) -> str:
        done = agent.act("pay_back", arguments, conversation="d", effect=effect, facts=facts, confirmed=confirmed)
        return done.result.status

    assert act({}, yes, "1") == "refused"
    assert act({"customer_token": token("C2")}, yes, "2") == "refused"
    assert act({"customer_token": token("C1")}, None, "3") == "refused"
    assert calls(agent) == []
    assert act({"customer_token": token("C1")}, yes, "4") == "done"
    assert act({"customer_token": token("C1")}, yes, "4") == "done"
    assert len(calls(agent)) == 1
    assert PEOPLE["C1"][2] == calls(agent)[0][0]
