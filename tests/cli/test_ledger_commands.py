"""`convagent ledger` and `convagent storage`: what a person does with them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from convagent.actions import Intent, Ledger
from convagent.cli.app import app
from convagent.errors import ActionError, StorageError

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A ledger with a done and an uncertain effect."""
    address = f"sqlite:///{tmp_path / 'x.db'}"
    with Ledger.open(address) as ledger:
        for key in ("aaaa1111", "bbbb2222"):
            intent = Intent(key=key, effect=key, conversation="c-1", action="refund", arguments={"order": "#1"})
            ledger.begin(intent, at=NOON)
        ledger.end("aaaa1111", status="done", at=NOON)
        ledger.end("bbbb2222", status="uncertain", at=NOON, error="no answer")
    return address


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_a_person_finds_what_is_uncertain_and_settles_it(url: str) -> None:
    listed = json.loads(run("ledger", "list", "--storage", url, "--status", "uncertain", "--json"))
    assert [entry["key"] for entry in listed] == ["bbbb2222"]
    assert "convagent ledger settle bbbb2222" in " ".join(run("ledger", "show", "bbbb", "--storage", url).split())
    run("ledger", "settle", "bbbb", "--not-done", "--by", "Kim", "--note", "not in the list", "--storage", url)
    shown = json.loads(run("ledger", "show", "bbbb2222", "--storage", url, "--json"))
    assert (shown["status"], shown["settled_by"], shown["error"]) == ("failed", "Kim", "not in the list")
    assert "refund" in run("ledger", "list", "--storage", url)


@pytest.mark.parametrize("key", ["nothing", "aa"])
def test_a_key_that_names_no_effect_is_told(url: str, key: str) -> None:
    done = CliRunner().invoke(app, ["ledger", "show", key, "--storage", url])
    assert isinstance(done.exception, ActionError)
    assert done.exception.code == "ledger-unknown"


def test_a_status_that_there_is_not_is_told(url: str) -> None:
    assert "none of" in run("ledger", "list", "--storage", url, "--status", "lost", code=2)


def test_recover_tells_what_it_did(shop: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'kept.db'}"
    with Ledger.open(address) as ledger:
        ledger.begin(Intent(key="k" * 8, effect="e", conversation="c-1", action="gone"), at=NOON)
    told = json.loads(run("ledger", "recover", "--shop", str(shop), "--storage", address, "--json"))
    assert told["handed_over"] == ["c-1"]
    assert [entry["key"] for entry in told["uncertain"]] == ["k" * 8]
    assert "0 conversations handed over, 1 effects uncertain" in run(
        "ledger", "recover", "--shop", str(shop), "--storage", address
    )


def test_storage_check_and_upgrade(tmp_path: Path, url: str) -> None:
    assert "up to date" in run("storage", "check", url)
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("UPDATE convagent_schema SET version_num = '9999'")
    assert json.loads(run("storage", "check", url, "--json", code=1))["state"] == "newer"
    done = CliRunner().invoke(app, ["storage", "upgrade", url])
    assert isinstance(done.exception, StorageError)
    assert done.exception.code == "storage-schema"
    assert "up to date" in run("storage", "upgrade", f"sqlite:///{tmp_path / 'new.db'}")
