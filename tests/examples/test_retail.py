"""The retail example: what its scenarios come to, what breaks when one of them is changed, and its plain parts.

The scenarios and the database lie outside the repository; tests that need them skip where they are absent. The figures
are those of `tasks-train.json`.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.guidance.reader import NOW

from convagent.actions import CallContext, Ledger, call_action
from convagent.facts import Customer
from convagent.shop import open_shop

EXAMPLE = ROOT / "examples" / "retail"
REFUSED = "105"
"""The scenario that asks for what the policy forbids: its gift card doesn't cover the difference."""

Task = dict[str, Any]


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("retail_replay", EXAMPLE / "replay.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


replay: Any = _load()


@pytest.fixture(scope="module")
def data(shared_data: Path) -> Path:
    return shared_data / "retail-policy"


@pytest.fixture(scope="module")
def tasks(data: Path) -> list[Task]:
    loaded: list[Task] = json.loads((data / "tasks-train.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def database(data: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((data / "db.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def run(data: Path) -> Callable[[Task], Any]:
    runner: Callable[[Task], Any] = replay.Replay(data / "db.json").run
    return runner


def actions(task: Task) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = task["evaluation_criteria"]["actions"]
    return found


def scenario(*expected: dict[str, Any], known: str = "") -> Task:
    return {
        "id": "made up",
        "user_scenario": {"instructions": {"known_info": known}},
        "evaluation_criteria": {"actions": [{"action_id": f"m_{n}", **action} for n, action in enumerate(expected)]},
    }


# ---- the scenarios as they are
def test_all_scenarios_but_one_are_permitted_and_reached_and_every_write_is_proposed_by_a_guide(
    tasks: list[Task], run: Callable[[Task], Any]
) -> None:
    results = {str(task["id"]): run(task) for task in tasks}
    refused = {name: result for name, result in results.items() if not result.permitted}
    assert set(refused) == {REFUSED}
    assert {name for name, result in results.items() if not result.reached} == {REFUSED}
    assert [(r.action, r.reason) for r in refused[REFUSED].refusals] == [
        ("exchange_delivered_order_items", "gift_card_too_small")
    ]
    assert all(result.proposed_by_guides for result in results.values())
    assert [result.broken for result in results.values() if result.broken] == [], "the engine broke"
    expected = [a for task in tasks for a in actions(task) if a["name"] in replay.plain_actions.WRITES]
    writes = [write for result in results.values() for write in result.writes]
    assert len(writes) == len(expected) - 1 == 119
    assert all(write["guide"] for write in writes)


def test_look_ups_that_match_nobody_are_normal(tasks: list[Task], run: Callable[[Task], Any]) -> None:
    result = run(next(task for task in tasks if task["id"] == "67"))  # two wrong ZIP codes, then the right one
    assert (result.permitted, result.reached, result.unanswered) == (True, True, [])
    result = run(next(task for task in tasks if task["id"] == "46"))  # two orders that don't exist
    assert (result.permitted, result.reached, len(result.unanswered)) == (True, True, 2)


def test_sequences_drawn_from_the_whole_database_are_permitted_and_reached(
    database: dict[str, Any], run: Callable[[Task], Any]
) -> None:
    draw = random.Random(7)
    for user in draw.sample(list(database["users"].values()), 12):
        task = drawn(copy.deepcopy(database), user["user_id"], draw)
        result = run(task)
        assert (result.permitted, result.reached) == (True, True), (actions(task), result.refusals)


def drawn(db: dict[str, Any], user: str, draw: random.Random) -> Task:
    """A scenario that the policy permits: something for each order of a customer."""
    person, out = db["users"][user], []
    variants = {item: product for product in db["products"].values() for item in product["variants"]}
    for number in person["orders"]:
        order, name = db["orders"][number], ""
        items = draw.sample([line["item_id"] for line in order["items"]], draw.randint(1, len(order["items"])))
        given: dict[str, Any] = {"order_id": number}
        paid = order["payment_history"][0]["payment_method_id"]
        if order["status"] == "delivered" and draw.random() < 0.5:
            name, given = "return_delivered_order_items", {**given, "item_ids": items, "payment_method_id": paid}
        elif order["status"] == "pending" and draw.random() < 0.3:
            name, given = "cancel_pending_order", {**given, "reason": "ordered by mistake"}
        elif order["status"] in {"delivered", "pending"}:
            others = [
                [i for i, v in variants[item]["variants"].items() if v["available"] and i != item] for item in items
            ]
            ways = [way["id"] for way in person["payment_methods"].values() if way["source"] != "gift_card"]
            if not all(others) or not ways:
                continue
            name = {"delivered": "exchange_delivered_order_items", "pending": "modify_pending_order_items"}[
                order["status"]
            ]
            given |= {
                "item_ids": items,
                "new_item_ids": [draw.choice(o) for o in others],
                "payment_method_id": draw.choice(ways),
            }
        if name:
            out.append({"name": name, "arguments": given})
    known = (
        f"You are {person['name']['first_name']} {person['name']['last_name']}, zip code {person['address']['zip']}."
    )
    return scenario(*out, known=known)


# ---- single changes that the policy forbids
def changed(task: Task, place: int, **arguments: Any) -> Task:
    other = copy.deepcopy(task)
    actions(other)[place]["arguments"].update(arguments)
    return other


def with_more(task: Task, place: int, name: str, arguments: dict[str, Any]) -> Task:
    other = copy.deepcopy(task)
    actions(other).insert(place + 1, {"action_id": "added", "name": name, "arguments": arguments})
    return other


NEEDED = {
    "cancel_pending_order": "pending", "exchange_delivered_order_items": "delivered", "modify_pending_order_address": "pending",
    "modify_pending_order_items": "pending", "return_delivered_order_items": "delivered",
}  # fmt: skip
SWAPS = {"exchange_delivered_order_items", "modify_pending_order_items"}

Mutation = Callable[[Task, int, dict[str, Any]], Task | None]


def wrong_status(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    action = actions(task)[place]
    user = db["users"][db["orders"][action["arguments"]["order_id"]]["user_id"]]
    others = [o for o in user["orders"] if db["orders"][o]["status"] != NEEDED[action["name"]]]
    touched = {other["arguments"].get("order_id") for other in actions(task)}
    free = [order for order in others if order not in touched]
    return changed(task, place, order_id=free[0]) if free else None


def another_customers_order(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    action = actions(task)[place]
    owner = db["orders"][action["arguments"]["order_id"]]["user_id"]
    status = NEEDED[action["name"]]
    other = next(o for o, order in db["orders"].items() if order["user_id"] != owner and order["status"] == status)
    return changed(task, place, order_id=other)


def unlisted_reason(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    if actions(task)[place]["name"] != "cancel_pending_order":
        return None
    return changed(task, place, reason=("changed my mind", "found a better price", "wrong size")[place % 3])


def second_change(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    action = actions(task)[place]
    return with_more(task, place, action["name"], action["arguments"]) if action["name"] in SWAPS else None


def cancelled_after_a_change(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    action = actions(task)[place]
    if action["name"] != "modify_pending_order_items":
        return None
    order = action["arguments"]["order_id"]
    return with_more(task, place, "cancel_pending_order", {"order_id": order, "reason": "no longer needed"})


def another_product(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    action = actions(task)[place]
    if action["name"] not in SWAPS:
        return None
    first, *rest = action["arguments"]["new_item_ids"]
    others = (product["variants"] for product in db["products"].values() if first not in product["variants"])
    item = next(v["item_id"] for variants in others for v in variants.values() if v["available"])
    return changed(task, place, new_item_ids=[item, *rest])


def unavailable_variant(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    action = actions(task)[place]
    if action["name"] not in SWAPS:
        return None
    old, (first, *rest) = action["arguments"]["item_ids"], action["arguments"]["new_item_ids"]
    product = next(product for product in db["products"].values() if first in product["variants"])
    gone = [v["item_id"] for v in product["variants"].values() if not v["available"] and v["item_id"] not in old]
    return changed(task, place, new_item_ids=[gone[0], *rest]) if gone else None


def refund_to_a_foreign_method(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    return changed(task, place, payment_method_id="paypal_1234567") if _returns(task, place) else None


def refund_to_another_own_method(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    if not _returns(task, place):
        return None
    order = db["orders"][actions(task)[place]["arguments"]["order_id"]]
    paid = order["payment_history"][0]["payment_method_id"]
    ways = db["users"][order["user_id"]]["payment_methods"].values()
    others = [way["id"] for way in ways if way["id"] != paid and way["source"] != "gift_card"]
    return changed(task, place, payment_method_id=others[0]) if others else None


def item_of_another_order(task: Task, place: int, db: dict[str, Any]) -> Task | None:
    if not _returns(task, place):
        return None
    given = actions(task)[place]["arguments"]
    own = {line["item_id"] for line in db["orders"][given["order_id"]]["items"]}
    other = next(
        line["item_id"] for order in db["orders"].values() for line in order["items"] if line["item_id"] not in own
    )
    return changed(task, place, item_ids=[other, *given["item_ids"]])


def _returns(task: Task, place: int) -> bool:
    return bool(actions(task)[place]["name"] == "return_delivered_order_items")


@pytest.mark.parametrize(
    ("mutation", "reason"),
    [
        (wrong_status, "wrong_status"),
        (unlisted_reason, "reason_not_accepted"),
        (another_customers_order, "not_own_order"),
        (second_change, "already_modified"),
        (cancelled_after_a_change, "already_modified"),
        (another_product, "other_product"),
        (unavailable_variant, "not_available"),
        (refund_to_a_foreign_method, "payment_not_allowed"),
        (refund_to_another_own_method, "payment_not_allowed"),
        (item_of_another_order, "not_in_order"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_single_change_that_the_policy_forbids_is_refused_for_its_reason_and_nothing_else_is(
    mutation: Mutation, reason: str, tasks: list[Task], database: dict[str, Any], run: Callable[[Task], Any]
) -> None:
    for task, action_id in mutated(mutation, tasks, database, most=4):
        result = run(task)
        assert [(r.action_id, r.reason) for r in result.refusals] == [(action_id, reason)], (
            task["id"],
            result.refusals,
        )
        assert not result.permitted
        assert not result.reached
        assert all(refusal.words for refusal in result.refusals)
        writes = [a for a in actions(task) if a["name"] in replay.plain_actions.WRITES]
        assert len(result.writes) == len(writes) - 1


def mutated(mutation: Mutation, tasks: list[Task], db: dict[str, Any], *, most: int) -> Iterator[tuple[Task, str]]:
    """Changed scenarios, one for each of the scenarios that the mutation fits, with the id of the forbidden action."""
    found = 0
    for task in tasks:
        places = [n for n, action in enumerate(actions(task)) if action["name"] in NEEDED]
        for place in places if str(task["id"]) != REFUSED else ():
            other = mutation(task, place, db)
            if other is not None:
                known = {str(action["action_id"]) for action in actions(task)}
                added = [a["action_id"] for a in actions(other) if a["action_id"] not in known]
                yield other, (added or [actions(task)[place]["action_id"]])[0]
                found += 1
                break
        if found == most:
            return
    assert found, f"no scenario fits {mutation.__name__}"


def test_a_gift_card_that_does_not_cover_is_refused_and_one_that_does_is_not(
    database: dict[str, Any], tmp_path: Path
) -> None:
    expected = {"order_id": "#W4316152", "item_ids": ["7292993796", "7292993796"],
                "new_item_ids": ["3761330360", "9647374798"], "payment_method_id": "gift_card_7245904"}  # fmt: skip
    task = scenario(
        {"name": "exchange_delivered_order_items", "arguments": expected}, known="You are Aarav Anderson, 19031."
    )
    for balance, permitted in ((21.09, False), (21.10, True)):
        database = copy.deepcopy(database)
        database["users"]["aarav_anderson_8794"]["payment_methods"]["gift_card_7245904"]["balance"] = balance
        file = tmp_path / f"{balance}.json"
        file.write_text(json.dumps(database), encoding="utf-8")
        result = replay.Replay(file).run(task)
        assert (result.permitted, result.reached) == (permitted, permitted)
        assert [r.reason for r in result.refusals] == ([] if permitted else ["gift_card_too_small"])


def test_paying_a_pending_order_another_way_follows_the_same_rules(
    database: dict[str, Any], run: Callable[[Task], Any]
) -> None:
    def paid(method: str) -> Any:
        given = {"order_id": order["order_id"], "payment_method_id": method}
        return run(scenario({"name": "modify_pending_order_payment", "arguments": given}, known=known))

    order, user, other, small = next(
        (order, user, cards[0], small[0])
        for order in database["orders"].values()
        if order["status"] == "pending"
        for user in (database["users"][order["user_id"]],)
        for first in (order["payment_history"][0],)
        for ways in ([way for way in user["payment_methods"].values() if way["id"] != first["payment_method_id"]],)
        for cards in ([way["id"] for way in ways if way["source"] != "gift_card"],)
        for small in ([way["id"] for way in ways if way["source"] == "gift_card" and way["balance"] < first["amount"]],)
        if cards and small
    )
    known = f"My email is {user['email']}."
    result = paid(other)
    assert (result.permitted, result.reached, result.proposed_by_guides) == (True, True, True)
    assert [r.reason for r in paid(small).refusals] == ["gift_card_too_small"]
    assert [r.reason for r in paid(order["payment_history"][0]["payment_method_id"]).refusals] == [
        "payment_not_allowed"
    ]
    assert [r.reason for r in paid("credit_card_7654321").refusals] == ["payment_not_allowed"]


def test_nothing_is_written_for_who_is_not_identified_or_does_not_confirm(data: Path, tasks: list[Task]) -> None:
    some = [task for task in tasks if any(a["name"] in NEEDED for a in actions(task))][:6]
    for options, reason in (({"identifies": False}, "not_identified"), ({"confirms": False}, "not_confirmed")):
        runner = replay.Replay(data / "db.json", **options)
        for task in some:
            result = runner.run(task)
            writes = [a["action_id"] for a in actions(task) if a["name"] in NEEDED]
            assert [(r.action_id, r.reason) for r in result.refusals] == [(name, reason) for name in writes]
            assert (result.permitted, result.writes) == (False, [])


def test_details_that_match_nobody_identify_nobody(tasks: list[Task], run: Callable[[Task], Any]) -> None:
    task = copy.deepcopy(next(task for task in tasks if task["id"] == "1"))
    actions(task)[0]["arguments"]["zip"] = "00000"
    result = run(task)
    assert [r.reason for r in result.refusals] == ["not_identified"]
    assert result.writes == []


def test_another_customers_account_is_not_changed(run: Callable[[Task], Any]) -> None:
    address = {
        "address1": "1 Elm Street",
        "address2": "",
        "city": "Austin",
        "state": "TX",
        "country": "USA",
        "zip": "78701",
    }
    given = {"user_id": "noah_brown_6181", **address}
    result = run(
        scenario({"name": "modify_user_address", "arguments": given}, known="You are Yusuf Rossi in zip code 19122.")
    )
    assert [r.reason for r in result.refusals] == ["not_own_order"]
    assert result.writes == []


def test_an_action_that_nobody_knows_and_arguments_that_are_missing_are_refused(run: Callable[[Task], Any]) -> None:
    known = "You are Yusuf Rossi in zip code 19122."
    result = run(
        scenario(
            {"name": "give_discount", "arguments": {}}, {"name": "cancel_pending_order", "arguments": {}}, known=known
        )
    )
    assert [r.reason for r in result.refusals] == ["unknown_action", "not_said"]
    assert not result.reached


# ---- the last door, and the parts that need no data
def test_an_action_refuses_what_its_own_records_forbid_even_when_no_guide_asks(data: Path) -> None:
    office = replay.RetailOffice(data / "db.json")
    registry = replay.ActionRegistry()
    registry.add_from(office)
    rossi = Customer(id="yusuf_rossi_9620", verification="verified")
    known = CallContext("c", rossi, NOW, confirmed=True)
    orders = call_action(registry.get("orders_of"), {"customer": rossi.id}, known).result.value
    methods = call_action(registry.get("payment_methods_of"), {"customer": rossi.id}, known).result.value
    known = CallContext(
        "c", rossi.model_copy(update={"orders": orders, "payment_methods": methods}), NOW, confirmed=True
    )

    def tried(action: str, context: CallContext = known, **arguments: Any) -> str:
        return str(call_action(registry.get(action), arguments, context).result.error)

    card = "credit_card_9513926"
    assert tried("cancel_order", order="#W2378156", reason="no longer needed").startswith("wrong_status")
    assert tried("cancel_order", order="#W4776164", reason="too late").startswith("reason_not_accepted")
    assert tried("cancel_order", order="#W2611340", reason="no longer needed").startswith("own record")
    assert tried("return_items", order="#W2378156", items=["1"], method=card).startswith("not_in_order")
    assert tried("return_items", order="#W2378156", items=["4602305039"], method="paypal_1").startswith("own record")
    swap: dict[str, Any] = {"order": "#W2378156", "items": ["4983901480"], "method": card}
    assert tried("exchange_items", **swap, replacements=["7706410293"]).startswith("other_product")
    assert tried("exchange_items", **swap, replacements=["4983901480"]).startswith("other_product")
    unconfirmed = CallContext("c", known.customer, NOW)
    assert tried("exchange_items", unconfirmed, **swap, replacements=["7747408585"]).startswith("confirmation")
    claimed = CallContext("c", Customer(id=rossi.id, verification="claimed"), NOW, confirmed=True)
    assert tried("exchange_items", claimed, **swap, replacements=["7747408585"]).startswith("identity")
    before = json.loads((data / "db.json").read_text(encoding="utf-8"))
    assert office.data == before


def test_the_shop_opens_without_its_database_and_its_guidance_has_no_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVAGENT_SHARED_DATA", str(tmp_path))
    shop = open_shop(EXAMPLE)
    assert shop.check() == ()
    with pytest.raises(replay.ConvagentError, match="database is missing"):
        _ = replay.RetailOffice(replay.database_path(EXAMPLE)).data


def test_the_command_prints_what_each_scenario_came_to(data: Path, tasks: list[Task], tmp_path: Path) -> None:
    file = tmp_path / "tasks.json"
    some = [task for task in tasks if task["id"] in {"88", REFUSED}]
    file.write_text(json.dumps(some), encoding="utf-8")
    command = [sys.executable, str(EXAMPLE / "replay.py"), str(file), "--db", str(data / "db.json"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    printed = json.loads(done.stdout)
    assert {k: printed[k] for k in ("scenarios", "permitted", "reached", "refused", "writes", "writes_proposed_by_guides")} == {
        "scenarios": 2, "permitted": 1, "reached": 1, "refused": 1, "writes": 1, "writes_proposed_by_guides": 1,
    }  # fmt: skip
    first, second = printed["results"]
    assert (first["id"], first["permitted"], first["reached"], first["refusals"], first["proposed_by_guides"]) == (
        "88", True, True, [], True,
    )  # fmt: skip
    assert {k: second["refusals"][0][k] for k in ("action_id", "action", "reason")} == {
        "action_id": "106_0", "action": "exchange_delivered_order_items", "reason": "gift_card_too_small",
    }  # fmt: skip
    broken = subprocess.run(
        [*command[:2], str(tmp_path / "none.json")], capture_output=True, text=True, check=False, timeout=120
    )
    assert broken.returncode == 2
    assert "couldn't run" in broken.stderr


class Misinformed(replay.Agent):  # type: ignore[misc]
    """An agent that is given facts which don't fit: its engine breaks in every turn."""

    def reply(self, text: str, *, conversation: str) -> Any:
        return super().reply(text, conversation=conversation, facts={"customer": 5})


def test_a_broken_engine_is_no_result(
    data: Path, tasks: list[Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([task for task in tasks if task["id"] == "88"]), encoding="utf-8")
    command = [str(file), "--db", str(data / "db.json"), "--json"]
    monkeypatch.setattr(replay, "Agent", Misinformed)
    assert replay.main(command) == 2
    told = capsys.readouterr()
    assert "the engine broke in scenario 88 (engine_error): something broke: " in told.err
    assert "these facts don't fit" in told.err
    assert json.loads(told.out)["results"][0]["broken"]
    monkeypatch.undo()
    assert replay.main(command) == 0
    told = capsys.readouterr()
    assert "engine_error" not in told.err
    assert json.loads(told.out)["results"][0]["broken"] == []


@pytest.mark.parametrize(
    ("known", "ways"),
    [
        ("You are Ada Loo in zip code 19122.", ["My name is Ada Loo, ZIP code 19122."]),
        ("You are ada_loo_8020 living in zipcode 28236.", ["My name is Ada Loo, ZIP code 28236."]),
        ("You name is Ada Loo and your email is ada@example.com.", ["My e-mail address is ada@example.com."]),
        ("You are Ada, and you have a@example.com and b@example.com.",
         ["My e-mail address is a@example.com.", "My e-mail address is b@example.com."]),
        ("You're an interesting guy called Bo Lee, living in the Big Apple in 10108.", ["My name is Bo Lee, ZIP code 10108."]),
        ("You like tea.", []),
    ],
)  # fmt: skip
def test_a_customer_identifies_themselves_by_what_they_know(known: str, ways: list[str]) -> None:
    assert replay.identities(known, []) == ways


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the agent's processes are forked and killed")
@pytest.mark.parametrize("receiver", ["idempotent", "plain"])
def test_whatever_crashes_comes_twice_late_or_too_early_each_effect_is_there_once_and_none_is_forgotten(
    data: Path, tasks: list[Task], tmp_path: Path, receiver: str
) -> None:
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps(tasks[:4]), encoding="utf-8")
    command = [sys.executable, str(EXAMPLE / "replay.py"), str(file), "--db", str(data / "db.json"), "--json"]
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    chaos = ["--chaos", "3", "--receiver", receiver, "--ledger", url]
    done = subprocess.run([*command, *chaos], capture_output=True, text=True, check=True, timeout=300)
    printed = json.loads(done.stdout)
    assert printed["crashes"] > 2
    assert printed["duplicates"] > 2
    assert printed["overtaken"] > 1
    assert [result["broken"] for result in printed["results"] if result["broken"]] == []
    assert printed["effects_twice"] == printed["effects_lost"] == 0
    if receiver == "idempotent":
        assert printed["uncertain"] == 0
        assert printed["reached"] == 4
    with Ledger.open(url) as ledger:
        entries = ledger.entries()
    assert sum(entry.status == "uncertain" for entry in entries) == printed["uncertain"]
    assert sum(entry.status == "done" for entry in entries) <= printed["effects_once"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the agent's processes are forked and killed")
def test_what_was_written_in_a_row_is_answered_in_a_row_whichever_is_delivered_first(
    data: Path, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    chaos = sys.modules["chaos"]
    monkeypatch.setattr(chaos, "HURRY", 1.0)
    monkeypatch.setattr(chaos, "CRASH", 0.0)
    monkeypatch.setattr(chaos, "TWICE", 0.5)
    reached = {}
    for overtakes in (0.0, 1.0):
        monkeypatch.setattr(chaos, "OVERTAKES", overtakes)
        runner = replay.Replay(data / "db.json", chaos="9")
        try:
            several = next(task for task in tasks if sum(a["name"] in NEEDED for a in actions(task)) > 1)
            result, truth = runner.run(several), runner.truth()
        finally:
            runner.close()
        reached[overtakes] = (result.permitted, result.reached, result.turns, result.refusals, result.writes)
        assert (truth.overtaken > 1) == bool(overtakes)
        assert (truth.effects_twice, truth.effects_lost, truth.uncertain, truth.crashes) == (0, 0, 0, 0)
        assert truth.effects_once == len(result.writes)
    assert reached[0.0] == reached[1.0]
    assert reached[1.0][:2] == (True, True)


def test_chaos_needs_a_ledger_that_outlives_the_processes(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "tasks.json"
    file.write_text("[]", encoding="utf-8")
    command = [sys.executable, str(EXAMPLE / "replay.py"), str(file), "--db", str(data / "db.json"), "--chaos", "1"]
    done = subprocess.run([*command, "--ledger", "memory:"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert "takes this ledger with it" in done.stderr
