"""Cases out of spreadsheets, tickets and chats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from convagent.errors import EvalError
from convagent.evals import Bench, Case, from_csv, from_tickets, from_turns, load_cases, read_cases, to_yaml

CSV = (
    "id;title;customer;outcome;reason;says;cites;tags;facts;refused\n"
    'a;First;"Where is it; please?";Answered;;30 days|free;returns;x|y;"{""channel"": ""email""}";\n'
    "a;;Grüße;HandedOver;upset_customer;;;;;\n"
    ";;Noch eine;;;;;;;\n"
    "b;;Another one;Answered;;;;;;yes\n"
)


def loaded(tmp_path: Path, text: str) -> tuple[Case, ...]:
    (tmp_path / "made.yaml").write_text(text, encoding="utf-8")
    cases, faults = read_cases([tmp_path / "made.yaml"])
    assert faults == ()
    return cases


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_rows_become_turns_whatever_wrote_the_file(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(CSV.encode(encoding))
    found = from_csv(path)
    assert found.faults == ()
    one, two = loaded(tmp_path, to_yaml(found.cases, suite="sheet"))
    assert (one.id, one.title, one.tags) == ("sheet/a", "First", ("x", "y"))
    assert [turn.customer for turn in one.turns] == ["Where is it; please?", "Grüße", "Noch eine"]
    assert [phrase.text for phrase in one.turns[0].expect.says] == ["30 days", "free"]
    assert one.turns[1].expect.reason == ("upset_customer",)
    assert one.facts == {"channel": "email"}
    assert (two.title, two.turns[0].expect.refused) == ("Another one", True)


def test_faults_of_a_spreadsheet_are_told_and_the_rest_is_there(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("id,customer,facts\na,hello,\nb,,\nc,hi,{oops\nd,x,y,z\ne,last,\na,again,\n")
    found = from_csv(path)
    assert [(fault.place.line, fault.code) for fault in found.faults] == [(n, "eval-import") for n in (3, 4, 5, 7)]
    assert [case["id"] for case in found.cases] == ["a", "e"]
    for text, told in (("customer,oops\n", "oops"), ("id\n", "customer is missing"), ("customer,customer\n", "twice")):
        path.write_text(text)
        with pytest.raises(EvalError, match=told):
            from_csv(path)


def test_tickets_become_cases_that_expect_nothing_yet(tmp_path: Path, shop: Path) -> None:
    path = tmp_path / "tickets.jsonl"
    ticket = {
        "id": "T 1", "subject": "Return", "channel": "email", "tags": ["returns"],
        "messages": [
            {"author": "customer", "text": "Hello"}, {"author": "customer", "text": "I want to return it"},
            {"author": "person", "text": "Sure.\nHere is a label"}, {"author": "customer", "text": "thanks"},
        ],
    }  # fmt: skip
    lines = [json.dumps(ticket), "", "no json", json.dumps(ticket), json.dumps({"id": "x"}), json.dumps({"id": "y", "messages": []}),
             json.dumps({"id": "z", "messages": [{"author": "robot", "text": "x"}]}), "[" * 3000]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    found = from_tickets(path)
    assert [fault.place.line for fault in found.faults] == [3, 4, 5, 6, 7, 8]
    (case,) = loaded(tmp_path, to_yaml(found.cases))
    assert case.id == "made/T-1"
    assert [turn.customer for turn in case.turns] == ["Hello\n\nI want to return it", "thanks"]
    assert "1. Sure. Here is a label" in case.notes
    assert case.facts == {"channel": "email"}
    assert Bench.open(shop).run(case).verdict == "unscored"
    with pytest.raises(EvalError, match="can't be read"):
        from_tickets(tmp_path / "nowhere")


def test_a_chat_that_was_saved_passes_until_something_changes(
    cases: tuple[Case, ...], bench: Bench, tmp_path: Path
) -> None:
    turns = bench.run(cases[0]).turns
    (tmp_path / "chat.yaml").write_text(to_yaml([from_turns(turns, title="A chat: saved", facts={"channel": "chat"})]))
    (case,) = load_cases([tmp_path / "chat.yaml"])
    assert bench.run(case).verdict == "pass"
    last = case.turns[-1].expect
    assert [(call.action, call.arguments) for call in last.actions] == [("cancel_order", {"order": "#10043"})]
    assert case.turns[0].expect.asks == ("confirm",)
    assert bench.run(cases[0].model_copy(update={"expect": case.expect})).verdict == "pass"


def test_half_characters_become_readable_and_strange_authors_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text(
        '{"id": "\\ud800", "messages": [{"author": "customer", "text": "Hi \\ud83d\\ude00 \\udfff!"}]}\n'
        '{"id": "B", "messages": [{"author": ["customer"], "text": "x"}]}\n',
        encoding="utf-8",
    )
    found = from_tickets(path)
    assert [case["turns"] for case in found.cases] == [[{"customer": "Hi 😀 �!"}]]
    assert found.lines == (1,)
    assert [fault.place.line for fault in found.faults] == [2]
    suite = tmp_path / "odd.yaml"
    suite.write_text(to_yaml(found.cases), encoding="utf-8")
    assert [case.turns[0].customer for case in load_cases([suite])] == ["Hi 😀 �!"]
