"""Point 2 of the meaning, on facts: what the caller left out stops a guide; it neither opens nor skips a branch."""

from __future__ import annotations

from typing import Any

import pytest
from tests.guidance.reader import Run

from convagent.facts import Customer

REFUND = """# Refund an item

1. Need order: one of customer.orders
1. Need item: one of order.items
1. If item.final_sale:
   - refuse "{{ item.name }} was final sale."
1. Otherwise:
   - confirm "Refund {{ item.name }} of {{ order.id }}?"
   - do refund with order = order.id, item = item.id
   - say "Done."
"""


def refund(item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    lamp = {"id": "l1", "name": "Lamp", "price": "20 EUR", **item}
    order = {"id": "#1", "status": "delivered", "items": [lamp]}
    customer = Customer.model_validate({"id": "c", "verification": "verified", "orders": [order]})
    run = Run(REFUND, facts={"customer": customer})
    reading = run.say("please")
    for _ in range(3):
        if reading.status != "asked":
            break
        reading = run.say("yes")
    return reading.status, dict(run.writes)


@pytest.mark.parametrize("item", [{}, {"final_sale": None}, {"personalised": False}])
def test_a_refund_on_an_item_not_known_to_be_final_sale_is_handed_over(item: dict[str, Any]) -> None:
    assert refund(item) == ("handed_over", {})


def test_a_refund_goes_by_what_the_caller_said() -> None:
    assert refund({"final_sale": False}) == ("done", {"refund": {"order": "#1", "item": "l1"}})
    assert refund({"final_sale": True}) == ("refused", {})


@pytest.mark.parametrize(
    ("condition", "customer"),
    [
        ("order.returns is empty", {}), ("order.returns is not empty", {}), ("count of order.refunds is 0", {}),
        ("customer.loyalty.points < 100", {"loyalty": {}}), ("not order.items", {}), ("order.discount_codes is empty", {}),
        ("any of customer.subscriptions where its status is \"active\"", {"subscriptions": None}),
        ("customer.tags does not contain \"vip\"", {}), ("sum of its price over lines < 100 EUR", {}),
    ],
)  # fmt: skip
def test_neither_a_condition_on_what_was_left_out_nor_its_otherwise_opens(
    condition: str, customer: dict[str, Any]
) -> None:
    line = {"id": "l", "name": "Lamp", "price": "20 EUR"}
    order = {"id": "#1", "status": "delivered"}
    text = f'# Odd\n\n1. If {condition}:\n   - say "It is."\n1. Otherwise:\n   - say "It is not."\n'
    given = Customer.model_validate({"id": "c", "orders": [{**order, "id": "#2", "items": [line]}], **customer})
    facts = {
        "customer": given, "order": given.orders[0].model_validate(order) if given.orders else None,
        "lines": given.orders[0].items if given.orders else (),
    }  # fmt: skip
    reading = Run(text, facts=facts).say("please")
    assert reading.status == "handed_over"
