"""What every ledger promises: in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import SecretStr

from convagent.actions import AmountLimit, CallContext, Intent, Ledger, Limit, Secret, action, call_action
from convagent.actions.declare import spec_of
from convagent.errors import ActionError, MissingExtraError, StorageError
from convagent.facts import Money
from convagent.guidance.codec import to_json
from convagent.storage import MemoryStorage, open_storage

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    url = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'x.db'}"}.get(request.param)
    with Ledger.open(url or request.getfixturevalue("postgresql_url")) as opened:
        yield opened


def intent(key: str = "k-1", **parts: Any) -> Intent:
    given = {"effect": f"e-{key}", "conversation": "c-1", "action": "refund", "customer": "C1", **parts}
    return Intent(key=key, **given)


def test_an_effect_is_begun_once_and_its_entry_says_everything(ledger: Ledger) -> None:
    said = intent(
        arguments={"order": "#1"}, arguments_hash="abc", guide="Refund/3", confirmed_by="C1", confirmed_at=NOON,
        issue={"arguments": {"order": "#1"}},
    )  # fmt: skip
    begun = ledger.begin(said, at=NOON)
    assert begun.fresh
    assert begun.entry.status == "intended"
    again = ledger.begin(replace(said, guide="elsewhere"), at=NOON)
    assert not again.fresh
    assert again.entry == begun.entry
    assert ledger.end("k-1", status="done", at=NOON + timedelta(seconds=2), result={"$": "number", "v": "1"})
    (entry,) = ledger.entries(conversation="c-1")
    assert entry.to_json() == {
        "number": 1, "key": "k-1", "effect": "e-k-1", "conversation": "c-1", "action": "refund", "arguments": {"order": "#1"},
        "arguments_hash": "abc", "status": "done", "begun_at": "2026-06-16T12:00:00+00:00", "guide": "Refund/3",
        "customer": "C1", "confirmed_by": "C1", "confirmed_at": "2026-06-16T12:00:00+00:00",
        "result": {"$": "number", "v": "1"}, "error": None, "reason": None, "ended_at": "2026-06-16T12:00:02+00:00",
        "attempts": 1, "settled_by": None,
    }  # fmt: skip
    assert entry.issue is not None
    ledger.forget_issues(["k-1"])
    assert ledger.entries()[0].issue is None  # what issuing it takes is kept no longer than that
    assert ledger.entries(conversation="c-2") == ()


def test_of_all_who_begin_an_effect_at_once_one_issues_it(ledger: Ledger) -> None:
    start, fresh = threading.Barrier(8), []

    def begin() -> None:
        start.wait()
        fresh.append(ledger.begin(intent(), at=NOON).fresh)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fresh) == [False] * 7 + [True]


def test_what_was_refused_may_be_begun_later_and_nothing_else_may(ledger: Ledger) -> None:
    ledger.refuse(intent(), error="identity: needs verified", reason="unverified_customer", at=NOON)
    (entry,) = ledger.entries(status="refused")
    assert (entry.error, entry.attempts, entry.issue) == ("identity: needs verified", 0, None)
    assert ledger.begin(intent(), at=NOON).fresh
    ledger.end("k-1", status="failed", at=NOON, error="no stock")
    assert not ledger.begin(intent(), at=NOON).fresh
    ledger.refuse(intent(), error="too late", reason=None, at=NOON)
    assert [entry.status for entry in ledger.entries()] == ["failed"]


def test_a_count_within_a_time_is_held_whatever_became_of_the_effects(ledger: Ledger) -> None:
    limits = (Limit(3, within=timedelta(days=1)),)
    came_to = iter(("done", "uncertain", "failed", None))
    for number in range(4):
        assert ledger.begin(intent(f"k-{number}"), at=NOON, limits=limits).fresh
        if status := next(came_to):
            ledger.end(f"k-{number}", status=status, at=NOON)  # type: ignore[arg-type]
    # done, uncertain and under way count; failed does not
    refused = ledger.begin(intent("k-5"), at=NOON, limits=limits)
    assert (refused.fresh, refused.entry.status) == (False, "refused")
    assert refused.exceeded == "limit: refund may be done 3 times in 1 day per customer"
    assert ledger.exceeded(intent("k-5"), at=NOON, limits=limits) == refused.exceeded
    assert ledger.begin(intent("k-6", customer="C2"), at=NOON, limits=limits).fresh
    assert ledger.begin(intent("k-7"), at=NOON + timedelta(days=1, seconds=1), limits=limits).fresh


def test_a_clock_that_is_set_back_opens_no_limit(ledger: Ledger) -> None:
    limits = (Limit(1, within=timedelta(hours=1)),)
    assert ledger.begin(intent("k-1"), at=NOON, limits=limits).fresh
    assert not ledger.begin(intent("k-2"), at=NOON - timedelta(days=400), limits=limits).fresh
    ledger.end("k-1", status="done", at=NOON - timedelta(days=400))
    (entry, _) = ledger.entries()
    assert entry.ended_at == entry.begun_at == NOON


def test_a_limit_counts_the_conversation_where_the_customer_is_not_known(ledger: Ledger) -> None:
    limits = (Limit(1),)
    assert ledger.begin(intent("k-1", customer=None), at=NOON, limits=limits).fresh
    assert not ledger.begin(intent("k-2", customer=None), at=NOON, limits=limits).fresh
    assert ledger.begin(intent("k-3", customer=None, conversation="c-2"), at=NOON, limits=limits).fresh
    assert not ledger.begin(intent("k-4"), at=NOON, limits=(Limit(2, per="action"),)).fresh
    assert not ledger.begin(intent("k-5"), at=NOON, limits=(Limit(0),)).fresh


def test_of_all_who_begin_at_once_a_limit_lets_through_no_more_than_it_says(ledger: Ledger) -> None:
    start, fresh = threading.Barrier(6), []

    def begin(number: int) -> None:
        start.wait()
        fresh.append(ledger.begin(intent(f"k-{number}"), at=NOON, limits=(Limit(2),)).fresh)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fresh) == [False] * 4 + [True] * 2


def test_amounts_within_a_time_are_added_up(ledger: Ledger) -> None:
    amounts = (AmountLimit("amount", "50.00 EUR", within=timedelta(days=1)),)

    def begin(key: str, amount: object) -> bool:
        return ledger.begin(intent(key, arguments={"amount": to_json(amount)}), at=NOON, amounts=amounts).fresh

    assert begin("k-1", Money.of("30.00", "EUR"))
    assert not begin("k-2", Money.of("20.01", "EUR"))
    assert begin("k-3", Money.of("20.00", "EUR"))
    for odd in (Money.of("0.01", "EUR"), Money.of("1.00", "USD"), Decimal(1), "much", None):
        assert not begin(f"k-{odd}", odd)


def test_a_person_settles_what_is_uncertain_and_only_that(ledger: Ledger) -> None:
    ledger.begin(intent(), at=NOON)
    with pytest.raises(ActionError, match="intended") as caught:
        ledger.settle("k-1", done=True, by="Kim")
    assert "recover" in (caught.value.remedy or "")
    ledger.end("k-1", status="uncertain", at=NOON, error="no answer")
    entry = ledger.settle("k-1", done=True, by="Kim", at=NOON, note="found in the bank's list")
    assert (entry.status, entry.settled_by, entry.error) == ("done", "Kim", "found in the bank's list")
    assert not ledger.end("k-1", status="failed", at=NOON)  # a worker that wakes up late changes nothing
    for key, code in (("k-1", "ledger-settled"), ("nowhere", "ledger-unknown")):
        with pytest.raises(ActionError) as caught:
            ledger.settle(key, done=False, by="Kim")
        assert caught.value.code == code
        assert caught.value.remedy
    with pytest.raises(ActionError, match="nobody is named"):
        ledger.settle("k-1", done=True, by="  ")


def test_a_worker_that_comes_back_late_says_what_became_of_an_uncertain_effect(ledger: Ledger) -> None:
    ledger.begin(intent(), at=NOON)
    ledger.end("k-1", status="uncertain", at=NOON)
    assert ledger.end("k-1", status="done", at=NOON)
    assert [entry.status for entry in ledger.entries()] == ["done"]


def test_any_text_can_be_kept(ledger: Ledger) -> None:
    odd = "a\0b \\ \U0001f600 'x' %s"
    ledger.begin(intent(conversation=odd, customer=f"{odd}\ud800", guide=odd, arguments={"x": odd}), at=NOON)
    ledger.end("k-1", status="failed", at=NOON, error=f"{odd}\ud800", result=odd)
    (entry,) = ledger.entries(conversation=odd)
    assert (entry.conversation, entry.arguments, entry.result) == (odd, {"x": odd}, odd)
    assert entry.customer is not None
    assert entry.customer.startswith("a")


def test_entries_stand_in_the_order_of_their_beginning(ledger: Ledger) -> None:
    for number in range(5):
        ledger.begin(intent(f"k-{number}"), at=NOON - timedelta(days=number))
    assert [entry.key for entry in ledger.entries()] == [f"k-{number}" for number in range(5)]
    assert [entry.key for entry in ledger.entries(last=2)] == ["k-3", "k-4"]
    ledger.end("k-2", status="done", at=NOON)
    assert ledger.pending() == ("c-1",)
    assert [entry.key for entry in ledger.entries(status=("done", "uncertain"))] == ["k-2"]


def test_a_ledger_lies_beside_its_storage(tmp_path: Path) -> None:
    with open_storage(tmp_path / "x.db") as storage:
        Ledger.beside(storage).begin(intent(), at=NOON)
    with Ledger.open(tmp_path / "x.db") as ledger:
        assert len(ledger.entries()) == 1
    memory = MemoryStorage()
    Ledger.beside(memory).begin(intent(), at=NOON)
    assert len(Ledger.beside(memory).entries()) == 1
    assert Ledger.beside(MemoryStorage()).entries() == ()


def test_a_database_that_is_gone_full_or_locked_lets_nothing_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convagent.storage.sqlite._BUSY_SECONDS", 0.1)
    file = tmp_path / "x.db"
    with Ledger.open(file) as ledger, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="storage-busy"):
            ledger.begin(intent(), at=NOON)
        other.execute("ROLLBACK")
        ledger.begin(intent(), at=NOON)
        other.execute("DROP TABLE ledger")
        with pytest.raises(StorageError):
            ledger.begin(intent("k-2"), at=NOON)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StorageError) as caught:
        Ledger.open(f"postgresql://shop:hunter2@/x?host={tmp_path}&connect_timeout=1")
    assert caught.value.code == "storage-unreachable"
    assert "hunter2" not in f"{caught.value}{caught.value.place}{caught.value.remedy}"


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"convagent\[postgresql\]"):
        Ledger.open("postgresql://shop@nowhere/x")


@action(kind="write", requires="anonymous", confirm=False)
def log_in(
    account: str, password: str, phrase: Annotated[str, Secret()], hidden: SecretStr, note: str, card_number: str
) -> str:
    """Logs in."""
    return "in"


def test_secrets_in_arguments_are_shown_nowhere() -> None:
    spec = spec_of(log_in)
    assert spec is not None
    given = {
        "account": "ada", "password": "hunter2", "phrase": "open sesame", "hidden": "hush", "card_number": "1",
        "note": "my card is 4111 1111 1111 1111, order 4111 1111 1111 1112",
    }  # fmt: skip
    call = call_action(spec, given, CallContext("c-1", None, NOON))
    assert call.result.status == "done"
    shown = call.record.arguments
    secret = dict.fromkeys(("password", "phrase", "hidden", "card_number"), "(secret)")
    assert shown == {"account": "ada", "note": "my card is •••• 1111, order 4111 1111 1111 1112", **secret}
