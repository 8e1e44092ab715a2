"""What a model is told of the customer's own records: what guides read of them in the turn, no other field, and it may be said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from convagent.agent import Agent
from convagent.cli.init import new_shop
from convagent.conversation import Turn
from convagent.models import ScriptedModel

GUIDE = """

# May it still be changed

When the customer asks whether an order can still be changed:
- "can I still change my order?"
- "is it too late to change the order"

1. Need customer
1. Need order: one of customer.orders
1. If order.status is "shipped":
   - say in your own words "Your order is on its way and can't be changed."
   - answer from "How do I return something?"
1. If order.note is known:
   - say "It was cancelled on {{ order.cancelled_at | day }}."
   - answer from "How do I return something?"
"""
ORDER = {
    "id": "#1042", "customer_id": "c-1", "status": "shipped", "placed_at": "2026-06-10T10:00:00+00:00", "total": "83.50 EUR",
    "note": "suspected of fraud", "shipping_method": "night mail", "address": {"street": "12 Harbour Road", "city": "Howth"},
}  # fmt: skip
OWN = "Your order is on its way and can't be changed."
RETURNED = "You have 30 days from delivery to return something that is unused [1]."


class Desk:
    """An agent whose model says what a test gives it."""

    def __init__(self, shop: Path, *, shares: str = "") -> None:
        new_shop(shop, name="Test shop")
        with (shop / "guidance" / "orders.md").open("a", encoding="utf-8") as file:
            file.write(GUIDE)
        with (shop / "convagent.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[model]\nunderstand_below = 0\n{shares}")
        self.model = ScriptedModel({"compose": lambda _request: self.said})
        self.said = ""
        self.agent = Agent.open(shop, storage="memory:", model=self.model)
        self.number = 0

    def ask(self, said: str, *, customer: str = "c-1", **changed: Any) -> Turn:
        self.number, self.said = self.number + 1, said
        self.model.requests.clear()
        order = {**ORDER, **changed}
        facts = {"customer": {"id": customer, "first_name": "Grace", "last_name": "Hopper", "email": "grace@example.com",
                              "verification": "verified", "orders": [order]}}  # fmt: skip
        return self.agent.reply("can I still change my order #1042?", conversation=f"c{self.number}", facts=facts)

    @property
    def prompt(self) -> str:
        return self.model.requests[0].messages[-1].text


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = Desk(tmp_path_factory.mktemp("records") / "shop")
    yield opened
    opened.agent.close()


def text_of(turn: Turn) -> str:
    assert turn.reply is not None
    return turn.reply.text


def test_the_model_is_told_what_the_guide_read_and_no_other_field(desk: Desk) -> None:
    desk.ask(f"## A\n{OWN}\n## B\n{RETURNED}")
    told = desk.prompt.partition("<customer's records>")[2].partition("</customer's records>")[0]
    assert told.strip() == "Your order #1042: status shipped."
    for other in ("fraud", "83.50", "night mail", "10 June", "Harbour", "Grace", "grace@"):
        assert other not in desk.prompt


def test_a_free_text_and_an_answer_may_say_it(desk: Desk) -> None:
    turn = desk.ask(
        f"## A\nYour order #1042 has the status shipped. It is on its way and can't be changed.\n## B\n{RETURNED}"
    )
    assert "Your order #1042 has the status shipped. It is on its way and can't be changed." in text_of(turn)
    turn = desk.ask(f"## A\n{OWN}\n## B\n{RETURNED} Your order #1042 has the status shipped.")
    assert (
        "that is unused. Your order #1042 has the status shipped.\n\nMore on this: How do I return something?"
        in text_of(turn)
    )
    assert len(turn.citations) == 1


@pytest.mark.parametrize("wrong", ["Your order #1043 has the status shipped.", "Your order #1042 has the status delivered.",
                                   "Your order #1042 was placed on 10 June 2026.", "Your order #1042 costs 83.50 EUR.",
                                   "Your order #1042 isn't shipped.", "Your order #1042 was shipped to Howth."])  # fmt: skip
def test_what_it_was_not_told_is_not_sent(desk: Desk, wrong: str) -> None:
    turn = desk.ask(f"## A\n{OWN}\n## B\n{RETURNED} {wrong}")
    assert wrong not in text_of(turn)
    assert "You have 30 days" in text_of(turn)


def test_what_a_fixed_text_was_filled_with_may_be_taken_up(desk: Desk) -> None:
    said = f"{RETURNED} It was cancelled on Friday, 12 June."
    turn = desk.ask(said, status="cancelled", cancelled_at="2026-06-12T10:00:00+00:00")
    assert text_of(turn).count("12 June") == 2
    assert "note" not in desk.prompt.partition("<customer's records>")[2].partition("</customer's records>")[0]


def test_another_customers_record_is_not_told(desk: Desk) -> None:
    desk.ask(f"## A\n{OWN}\n## B\n{RETURNED}", customer="c-2")
    assert all("status shipped" not in request.messages[-1].text for request in desk.model.requests)


def test_without_facts_to_share_nothing_of_it_leaves(tmp_path: Path) -> None:
    opened = Desk(tmp_path / "shop", shares='shares = ["messages", "articles"]\n')
    with opened.agent:
        turn = opened.ask(f"{RETURNED} Your order #1042 has the status shipped.")
        assert "status shipped" not in opened.prompt
        assert "status shipped" not in text_of(turn)
