"""G7: what `guidance prove` finds with a solver. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["PROOF_CODES"]

PROOF_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G701", "error", "A `Never` that some customer breaks",
        why="""The guide leads some customer to an action that the rule blocks. Nothing is done, since rules are held where
        actions run, but the customer was asked for a yes and gets a person instead. `prove` names such a customer.""",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. Need amount: money
        1. confirm "Pay {{ amount | money }} back for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = amount

        # What the agent must never do

        1. Never do refund_order when amount > 50 EUR
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. Need amount: money
           - must it <= 50 EUR, else say "I can pay back 50 EUR at most. How much shall it be?"
        1. confirm "Pay {{ amount | money }} back for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = amount

        # What the agent must never do

        1. Never do refund_order when amount > 50 EUR
        """,
        command="prove",
    ),
    entry(
        "G702", "warning", "A branch that no customer opens",
        why="""Together, the conditions before it and its own leave nobody: what stands in it is never said or done. `check`
        tells the plain cases (G303, G304); this one takes several conditions together.""",
        avoid="""
        1. If cart.total < 20 EUR and cart.total >= 0 EUR:
           - say "Shipping is 4.90 EUR."
        1. If cart.total >= 20 EUR or cart.total < 0 EUR:
           - say "Shipping is free."
        1. If cart.total is 25 EUR:
           - say "Shipping is free today."
        """,
        prefer="""
        1. If cart.total is 25 EUR:
           - say "Shipping is free today."
        1. If cart.total < 20 EUR:
           - say "Shipping is 4.90 EUR."
        1. say "Shipping is free."
        """,
        command="prove",
    ),
    entry(
        "G703", "error", "A write that some customer never said yes to",
        why="""On some way through the guide the yes does not cover the action: it was given in a branch only, or before a
        question on whose answer the action hangs. The action refuses to run, and the customer gets a
        person. `prove` names such a customer.""",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. If order.status is "pending":
           - confirm "Cancel {{ order.id }}?"
           - go on
        1. do cancel_order with order = order.id
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. If order.status is not "pending":
           - refuse "{{ order.id }} has left already. You can send it back when it is there."
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        """,
        command="prove",
    ),
)  # fmt: skip
