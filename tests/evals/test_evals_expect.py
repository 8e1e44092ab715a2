"""Turns against expectations."""

from __future__ import annotations

from typing import Any

import pytest
from tests.evals.conftest import handed, result, turn

from convagent.evals.calls import FinalState, matches
from convagent.evals.cases import Case
from convagent.evals.expect import branches_of, guide_of, judge
from convagent.evals.results import verdict_of

REPLY = {
    "text": "Shipping  is 4.90 EUR.\nSee you!", "language": "en",
    "citations": [{"article_id": "shipping", "title": "S", "passage": "p"}],
    "products": [{"product_id": "p1", "title": "The Teapot"}],
}  # fmt: skip
TRACE = [
    {"kind": "understood", "text": "…", "data": {}},
    {"kind": "guide", "text": "read", "data": {"guide": "Where is it", "line": 1}},
    {"kind": "condition", "text": "…", "data": {"guide": "Where is it/2", "result": "no"}},
    {"kind": "condition", "text": "…", "data": {"guide": "Find the customer/3", "result": "yes"}},
]
WRITE = {
    "action": "cancel",
    "kind": "write",
    "status": "done",
    "arguments": {"order": "#1", "n": {"$": "number", "v": "2"}},
}


@pytest.mark.parametrize(
    ("expect", "fails"),
    [
        ({"outcome": "Answered"}, []), ({"outcome": ["Asked", "Answered"]}, []), ({"outcome": "Asked"}, ["outcome"]),
        ({"refused": False}, []), ({"refused": True}, ["refused"]), ({"asks": "email"}, ["asks"]), ({"reason": "guidance"}, ["reason"]),
        ({"team": "care"}, ["team"]), ({"priority": "high"}, ["priority"]), ({"why": "thanks"}, ["why"]),
        ({"guide": "Where is it"}, []), ({"guide": "Other"}, ["guide"]), ({"guide": None}, ["guide"]),
        ({"guides": ["Where is it", "Find the customer"]}, []), ({"not_guides": "Find the customer"}, ["not_guides"]),
        ({"branches": "Find the customer/3"}, []), ({"branches": "Where is it/2"}, ["branches"]), ({"not_branches": "Where is it/2"}, []),
        ({"cites": "shipping"}, []), ({"cites": ["shipping", "returns"]}, ["cites"]), ({"not_cites": "shipping"}, ["not_cites"]),
        ({"says": "shipping is 4.90 eur"}, []), ({"says": {"pattern": r"\d\.\d\d eur\b"}}, []), ({"says": "free"}, ["says"]),
        ({"says_not": "free"}, []), ({"says_not": "see  you"}, ["says_not"]), ({"language": "en"}, []), ({"language": "de"}, ["language"]),
        ({"shows": True}, []), ({"shows": False}, ["shows"]), ({"shows": ["p1", "the teapot"]}, []), ({"shows_not": "P1"}, ["shows_not"]),
        ({"model_calls": 0}, ["model_calls"]), ({"model_calls": 1}, []), ({"seconds": 1}, ["seconds"]), ({"seconds": 3}, []),
        ({"not_actions": "look"}, []),
    ],
)  # fmt: skip
def test_each_expectation_holds_or_fails_by_itself(expect: dict[str, Any], fails: list[str]) -> None:
    made = turn(reply=REPLY, trace=TRACE, usage={"model_calls": 1, "seconds": 2.0})
    judged = result([made], [expect])
    assert [check.name for check in judged.failures] == fails
    assert judged.verdict == ("fail" if fails else "pass")


def test_what_a_turn_shows_of_guidance() -> None:
    made = turn(trace=TRACE)
    assert guide_of(made) == "Where is it"
    assert branches_of(made) == ["Find the customer/3"]
    assert guide_of(turn()) is None


@pytest.mark.parametrize(
    ("actions", "fails"),
    [
        ("cancel", []), ({"action": "cancel", "arguments": {"order": "#1", "n": 2}}, []),
        ({"action": "cancel", "arguments": {"order": {"pattern": r"^#\d$"}}}, []),
        ({"action": "cancel", "arguments": {"order": {"one_of": ["#2", "#1"]}}}, []),
        ({"action": "cancel", "arguments": {"order": {"given": True}}}, []),
        ({"action": "cancel", "arguments": {"order": "#2"}}, ["actions", "other writes"]),
        ({"action": "cancel", "arguments": {"extra": 1}}, ["actions", "other writes"]),
        ({"action": "cancel", "times": 2}, ["actions"]), ({"action": "cancel", "status": "refused"}, ["actions", "other writes"]),
        ([], ["other writes"]),
    ],
)  # fmt: skip
def test_a_write_is_expected_with_its_arguments_or_it_is_a_failure(actions: Any, fails: list[str]) -> None:
    judged = result([turn(actions=[WRITE])], [{"outcome": "Answered", "actions": actions}])
    assert [check.name for check in judged.failures] == fails


def test_a_write_may_be_expected_at_the_end_only() -> None:
    assert result([turn(actions=[WRITE])], [{}], end={"actions": "cancel"}).verdict == "pass"
    uncertain = turn(actions=[{**WRITE, "status": "uncertain"}])
    assert [check.name for check in result([uncertain], [{}]).failures] == ["other writes"]
    refused = turn(actions=[{**WRITE, "status": "refused"}])
    assert result([refused], [{"outcome": "Answered"}]).verdict == "pass"


def test_actions_come_in_any_order_unless_it_is_said() -> None:
    calls = [{**WRITE, "action": name, "kind": "lookup"} for name in ("b", "a")]
    any_order = result([turn(actions=calls)], [{"actions": ["a", "b"]}])
    assert any_order.verdict == "pass"
    assert [c.name for c in result([turn(actions=calls)], [{"actions": ["a", "b"], "in_order": True}]).failures] == [
        "in_order"
    ]
    assert result([turn(actions=calls)], [{"actions": ["b", "a"], "in_order": True}]).verdict == "pass"


def test_meaning_is_unscored_without_an_embedder_and_judged_with_one() -> None:
    data = {
        "id": "s/c",
        "suite": "s",
        "title": "T",
        "turns": [{"customer": "hi", "expect": {"says": {"means": "It costs money"}}}],
    }
    case = Case.model_validate(data)
    made = turn(reply=REPLY)
    assert verdict_of(judge(case, [made])) == "unscored"
    assert verdict_of(judge(case, [made], likeness=lambda one, other: 0.9)) == "pass"
    assert verdict_of(judge(case, [made], likeness=lambda one, other: 0.1)) == "fail"


def test_a_case_that_expects_nothing_is_unscored() -> None:
    assert result([turn()], [{}]).verdict == "unscored"


def test_an_engine_that_broke_is_an_error_unless_it_is_expected() -> None:
    broken = handed("engine_error")
    assert result([broken], [{"outcome": "HandedOver"}]).verdict == "error"
    assert result([broken], [{"reason": "engine_error"}]).verdict == "pass"


def test_the_end_sees_the_whole_conversation() -> None:
    first, last = turn(reply={"text": "One"}), turn(reply={"text": "Two"}, outcome="Asked")
    assert result([first, last], [{}, {}], end={"says": ["One", "Two"], "outcome": "Asked"}).verdict == "pass"
    assert [c.turn for c in result([first, last], [{}, {}], end={"outcome": "Answered"}).failures] == [None]


def test_the_state_at_the_end_is_what_a_lookup_gave() -> None:
    state = [
        {"lookup": "order", "arguments": {"n": 1}, "holds": {"items.0.name": "Pen", "status": {"one_of": ["a", "b"]}}}
    ]
    seen = FinalState(lookup="order", arguments={"n": 1}, value={"items": [{"name": "Pen"}], "status": "b"})
    assert result([turn()], [{}], end={"state": state}, state=[seen]).verdict == "pass"
    other = seen.model_copy(update={"value": {"items": [], "status": "b"}})
    assert result([turn()], [{}], end={"state": state}, state=[other]).verdict == "fail"
    assert result([turn()], [{}], end={"state": state}).verdict == "unscored"
    gone = [{"lookup": "order", "arguments": {"n": 1}, "found": False}]
    assert (
        result([turn()], [{}], end={"state": gone}, state=[seen.model_copy(update={"value": None})]).verdict == "pass"
    )


@pytest.mark.parametrize(
    ("wish", "got", "fits"),
    [
        (1, "1", True), (1, 1.0, True), (True, 1, False), (None, None, True), (None, 0, False), ([1, 2], [1, 2], True), ([1], [1, 2], False),
        ({"a": 1}, {"a": 1, "b": 2}, True), ({"a": 1}, {}, False), ({"pattern": "^x"}, None, False), ({"given": False}, None, True),
    ],
)  # fmt: skip
def test_values_match_by_what_they_say(wish: Any, got: Any, fits: bool) -> None:
    assert matches(wish, got) is fits
