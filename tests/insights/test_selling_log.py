"""The log of sales: what can be used is used, what can't is told by its row, and the engine's own part comes from storage."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.agent import Agent
from convagent.conversation import ActionRecord, Answered, Message, ProductMention, Reply, Turn
from convagent.errors import EvalError, FactsError, StorageError
from convagent.facts import Discount
from convagent.insights.selling import (
    attribute,
    kept_selling_events,
    read_selling_log,
    selling_log,
    selling_report,
    to_html,
)
from convagent.settings import AttributionSettings
from convagent.shopping.events import StorefrontEvent
from convagent.shopping.selling_events import (
    SELLING_KINDS,
    SellingEvent,
    append_selling_events,
    of_storefront,
    of_turn,
    selling_line,
)

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
LINE = '{"kind": "recommended", "at": "2026-06-16T10:30:00Z", "customer": "ada", "products": ["pot"]}'


def turn(**rest: Any) -> Turn:
    data: dict[str, Any] = {"conversation": "c", "message": Message(text="a pot?"), "outcome": Answered(), "at": NOW}
    return Turn(**(data | rest))


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("{", "selling-json", "no JSON"),
        ("[" * 50_000, "selling-json", "no JSON"),
        ("[]", "selling-event", "an object, not a list"),
        ('{"kind": "recomended", "at": "2026-06-16T10:30:00Z"}', "selling-event", "did you mean recommended?"),
        ('{"kind": "clicked", "at": "2026-06-16T10:30:00Z", "customer": "a"}', "selling-event", "clicked needs products"),
        ('{"kind": "visited", "at": "2026-06-16T10:30:00Z"}', "selling-event", "a customer, a session or a conversation"),
        ('{"kind": "visited", "at": "2026-06-16", "customer": "a"}', "selling-event", "a moment needs a time zone"),
        (
            '{"kind": "purchased", "at": "2026-06-16T10:30:00Z", "customer": "a", "order": "1", "total": 12.5}',
            "selling-event", "total",
        ),
        (
            '{"kind": "purchased", "at": "2026-06-16T10:30:00Z", "customer": "a", "order": "1", "total": "-1.00 EUR"}',
            "selling-event", "isn't below zero",
        ),
        (LINE[:-1] + ', "note": "' + "x" * 1_000_001 + '"}', "selling-long", "1,000,"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_by_its_row_and_the_rest_counts(line: str, code: str, told: str) -> None:
    read = selling_log([LINE, "", line, LINE.replace("ada", "bob")])
    assert len(read.events) == 2
    (problem,) = read.problems
    assert (problem.row, problem.code) == (3, code)
    assert told in problem.message
    assert problem.remedy


def test_a_file_with_a_mark_and_a_line_that_is_no_utf_8_is_read(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(
        b"\xef\xbb\xbf" + LINE.encode() + b"\r\n" + LINE.replace("ada", "bj\xf6rn").encode("cp1252") + b"\n"
    )
    read = read_selling_log(file)
    assert len(read.events) == 1
    assert [(each.row, each.code) for each in read.problems] == [(2, "selling-encoding")]
    with pytest.raises(EvalError) as raised:
        read_selling_log(tmp_path)
    assert raised.value.code == "selling-log"


@given(
    st.lists(
        st.one_of(
            st.text(max_size=40), st.just(LINE), st.dictionaries(st.text(max_size=5), st.integers()).map(json.dumps)
        ),
        max_size=8,
    )
)
def test_no_line_breaks_the_reading(lines: list[str]) -> None:
    read = selling_log(lines)
    assert len(read.events) == (1 if LINE in lines else 0)
    assert {each.row for each in read.problems} == {
        row for row, line in enumerate(lines, 1) if line.strip() and line != LINE
    }


def test_lines_are_written_at_the_end_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "events.jsonl"
    one = SellingEvent(kind="recommended", at=NOW, conversation="c\ud800", products=("pot",), note="kept\ud800")
    two = SellingEvent(kind="purchased", at=NOW, customer="ada", order="1", total="12.50 EUR")
    assert append_selling_events(file, [one]) == 1
    assert append_selling_events(file, []) == 0
    assert append_selling_events(file, [two]) == 1
    assert read_selling_log(file).events == (one, two)
    assert file.read_text("utf-8") == selling_line(one) + selling_line(two)
    with pytest.raises(StorageError) as raised:
        append_selling_events(tmp_path, [one])
    assert raised.value.code == "selling-log"


def test_a_turn_tells_what_it_did_for_a_sale() -> None:
    shown = (ProductMention(product_id="pot", title="Pot"), ProductMention(product_id="pot", title="Pot"))
    gave = ActionRecord(
        action="give", kind="write", status="done", result=Discount(code="A1", percent=10, status="active")
    )
    as_json = gave.model_copy(update={"result": {"code": "B2", "amount": "5.00 EUR"}})
    looked = gave.model_copy(update={"kind": "lookup"})
    failed = gave.model_copy(update={"status": "failed"})
    other = gave.model_copy(update={"result": {"code": "tracking"}})
    done = turn(reply=Reply(text="This one.", products=shown), actions=(gave, as_json, looked, failed, other))
    found = of_turn(done, customer="ada", session="s", first=True)
    assert [(each.kind, each.products, each.code) for each in found] == [
        ("conversation_started", (), None), ("recommended", ("pot",), None), ("discount_offered", (), "A1"),
        ("discount_offered", (), "B2"),
    ]  # fmt: skip
    assert {(each.conversation, each.customer, each.session, each.at) for each in found} == {("c", "ada", "s", NOW)}
    again = of_turn(done)
    assert [each.id for each in again] == [each.id for each in found[1:]]
    assert len({each.id for each in found}) == 4
    assert of_turn(turn()) == ()
    assert of_turn(turn(at=None), first=True) == ()
    assert of_turn(turn(), customer="x" * 900, first=True)[0].customer is None


def test_a_cart_and_an_order_of_the_storefront_are_events_of_the_log() -> None:
    cart = StorefrontEvent.read({"name": "product_added_to_cart", "at": NOW, "session": "s", "product_ids": ["pot"]})
    added = of_storefront(cart)
    assert added is not None
    assert (added.kind, added.products, added.session) == ("added", ("pot",), "s")
    data = {"name": "checkout_completed", "at": NOW, "session": "s", "product_ids": ["pot"], "codes": ["A"]}
    bought = of_storefront(StorefrontEvent.read({**data, "order": "1", "value": "9.00 EUR"}))
    assert bought is not None
    assert (bought.kind, bought.order, str(bought.total), bought.codes) == ("purchased", "1", "9.00 EUR", ("A",))
    assert [line.product for line in bought.lines] == ["pot"]
    assert of_storefront(StorefrontEvent.read(data)) is None
    assert of_storefront(StorefrontEvent.read({**data, "name": "page_viewed"})) is None


def test_what_storage_keeps_is_the_assistant_s_part_of_the_log(root: Path) -> None:
    with Agent.open(root, storage="memory:") as agent:
        told = agent.reply("show me teapots", conversation="shopping")
        agent.reply("Where is my order?", conversation="support")
        kept = list(kept_selling_events(agent.storage))
    begun = [each.conversation for each in kept if each.kind == "conversation_started"]
    assert sorted(each or "" for each in begun) == ["shopping", "support"]
    shown = told.reply.products if told.reply else ()
    assert shown, "the demo shop shows no teapots any more"
    recommended = [each for each in kept if each.kind == "recommended"]
    assert [each.products for each in recommended] == [tuple(product.product_id for product in shown)]
    live = of_turn(told, customer="ada", first=True)
    joined = selling_log([*kept, *live])
    assert joined.twice == len(live)
    order = SellingEvent.read(
        {"kind": "purchased", "at": kept[0].at + timedelta(hours=2), "customer": "ada", "order": "1", "total": "38.00 EUR",
         "lines": [{"product": shown[0].product_id}]}
    )  # fmt: skip
    (found,) = attribute(selling_log([*live, order]).events, AttributionSettings())
    assert found.touch is not None
    assert (found.touch.method, found.touch.conversation) == ("product", "shopping")


def test_the_page_holds_everything_and_runs_nothing() -> None:
    lines = [
        LINE, '{"kind": "<script>"}',
        '{"kind": "purchased", "at": "2026-06-16T11:30:00Z", "customer": "ada", "order": "1", "total": "40.00 EUR", "lines": [{"product": "pot"}]}',
        '{"kind": "visited", "at": "2026-06-16T10:00:00Z", "customer": "ada", "group": "assistant"}',
        '{"kind": "visited", "at": "2026-06-16T10:00:00Z", "customer": "bob", "group": "holdout"}',
    ]  # fmt: skip
    page = to_html(selling_report(selling_log(lines)), title="Sales <b>")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Sales &lt;b&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page
    for words in ("Revenue influenced", "40.00 EUR", "Visitors who bought", "by a recommended product", "row 2:"):
        assert words in page
    assert page == to_html(selling_report(selling_log(lines)), title="Sales <b>")
    assert "There is no hold-out group" in to_html(selling_report(selling_log([])))


def test_every_kind_says_what_it_needs() -> None:
    for kind in SELLING_KINDS:
        data = {
            "kind": kind,
            "at": NOW,
            "customer": "a",
            "products": ["p"],
            "code": "A",
            "order": "1",
            "total": "1.00 EUR",
            "amount": "1.00 EUR",
        }
        assert SellingEvent.read(data).kind == kind
        if kind in {"recommended", "clicked", "added", "discount_offered", "purchased", "discount_used", "refunded"}:
            with pytest.raises(FactsError, match="needs"):
                SellingEvent.read({"kind": kind, "at": NOW, "customer": "a"})
