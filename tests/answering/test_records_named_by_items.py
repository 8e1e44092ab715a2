"""Which records a reply speaks of: those it numbers, and those it calls by an item that no numbered one has."""

from __future__ import annotations

from convagent.answering import states_of

BED = {"id": "#1023", "status": "delivered", "items": [{"name": "Stepladder Bed"}]}
TEA = {"id": "SUB-7", "status": "paused", "items": [{"name": "Evening Tea"}]}
LAMP = {"id": "#1101", "status": "pending", "items": [{"name": "Long Lamp"}]}
SECOND_LAMP = {"id": "#1102", "status": "cancelled", "items": [{"name": "Long Lamp"}]}


def test_a_record_called_by_its_item_counts_beside_one_that_is_numbered() -> None:
    assert {"delivered", "paused"} <= states_of(
        [BED, TEA], "Evening Tea is paused. Collect from #1023: Stepladder Bed?"
    )


def test_the_same_item_of_another_order_lends_the_numbered_one_no_state() -> None:
    assert "cancelled" not in states_of([LAMP, SECOND_LAMP], "#1101 (Long Lamp) is cancelled.")


def test_an_item_that_is_not_named_lends_nothing() -> None:
    assert "paused" not in states_of([BED, TEA], "The bed of #1023 is paused.")
