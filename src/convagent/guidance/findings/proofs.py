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
        1. say "{{ amount | money }} are on their way."

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
        1. say "{{ amount | money }} are on their way."

        # What the agent must never do

        1. Never do refund_order when amount > 50 EUR
        """,
        command="prove",
    ),
    entry(
        "G702", "warning", "A branch that no customer opens",
        why="""Its condition can't hold, whoever writes: what stands in it is never said or done. `check` tells the plain cases
        (G304); this one takes several parts together. A branch that could open and is kept from it by those before it is
        G705.""",
        avoid="""
        1. If cart.total > 50 EUR and cart.total + 5 EUR < 20 EUR:
           - say "Shipping is free."
        1. say "Shipping is 4.90 EUR."
        """,
        prefer="""
        1. If cart.total > 50 EUR:
           - say "Shipping is free."
        1. say "Shipping is 4.90 EUR."
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
        1. say "It is cancelled."
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. If order.status is not "pending":
           - refuse "{{ order.id }} has left already. You can send it back when it is there."
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        1. say "It is cancelled."
        """,
        command="prove",
    ),
    entry(
        "G704", "error", "A case that nothing covers",
        why="""For some customer no branch opens and nothing stands behind them: no reply, no question, no person. They hear only
        that they should say more, and say it in vain. `prove` names such a customer.""",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.total < 20 EUR:
           - say "Shipping was 4.90 EUR."
        1. If order.total > 20 EUR:
           - say "Shipping was free."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.total < 20 EUR:
           - say "Shipping was 4.90 EUR."
        1. Otherwise:
           - say "Shipping was free."
        """,
        command="prove",
    ),
    entry(
        "G705", "warning", "A statement that earlier branches hide",
        why="""Its condition can hold, but whoever it holds for is taken by a branch before it, which ends the guide. `check`
        tells the plain cases (G303); this one takes several branches together. `prove` names such a customer, and the
        branches.""",
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
        "G706", "error", "Two guides that contradict one another",
        why="""The same words start both, and for one and the same customer the one acts or promises and the other refuses or
        hands over. What customers get then hangs on chance. `prove` names such a customer and where both guides end.""",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. If order.status is not "pending":
           - refuse "{{ order.id }} has left already. You can send it back when it is there."
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        1. say "It is cancelled."

        # Large orders

        When the customer asks for help with a large order:
        - "something is wrong with my order"
        - "I ordered fifty of them"
        - "it is an order for my company"

        1. Need customer
        1. Need order: one of customer.orders
        1. hand over to "care" because guidance
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. If order.status is not "pending":
           - refuse "{{ order.id }} has left already. You can send it back when it is there."
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        1. say "It is cancelled."

        # Large orders

        When the customer asks for help with a large order:
        - "something is wrong with the fifty I ordered"
        - "I ordered fifty of them"
        - "it is an order for my company"

        1. hand over to "care" because guidance
        """,
        command="prove",
    ),
    entry(
        "G707", "error", "A circle that some customer is led round",
        why="""`check` tells of every circle on paper (G310, G311). This is one that somebody really is led round: `prove` names
        the way and the customer. A circle that no customer can go is proven to be harmless.""",
        avoid="""
        1. If cart.total >= 60 EUR:
           - say "Delivery is free."
        1. go to "Delivery costs"

        # Delivery costs

        When the customer asks what delivery costs:
        - "how much is shipping?"
        - "what do you charge for delivery?"
        - "is delivery free?"

        1. go to "Help with an order"
        """,
        prefer="""
        1. If cart.total >= 60 EUR:
           - say "Delivery is free."
        1. go to "Delivery costs"

        # Delivery costs

        When the customer asks what delivery costs:
        - "how much is shipping?"
        - "what do you charge for delivery?"
        - "is delivery free?"

        1. say "Delivery is 4.90 EUR."
        """,
        command="prove",
    ),
    entry(
        "G708", "error", "An amount without a cap",
        why="""A write or an offer takes an amount that no condition, `must` or `Never` bounds: it grows as far as the customer
        says, while everything that the shop knows stays as it is. What is reckoned from the shop's own records alone, such as an
        order's total, is bounded by them.""",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. Need amount: money
        1. confirm "Pay {{ amount | money }} back for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = amount
        1. say "{{ amount | money }} are on their way."
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. Need amount: money
           - must it <= order.total, else say "You paid {{ order.total | money }}. How much shall it be?"
        1. confirm "Pay {{ amount | money }} back for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = amount
        1. say "{{ amount | money }} are on their way."
        """,
        command="prove",
    ),
    entry(
        "G709", "error", "A write for somebody who isn't verified",
        why="""The action wants a customer who is verified, and the guide comes to it for one who isn't. Nothing is done, since
        the action refuses, but the customer was asked for a yes and gets a person instead. `check` tells of guides that never ask
        who writes (G402); this one finds the way on which they don't.""",
        avoid="""
        1. Need order: order
        1. If order.total > 100 EUR:
           - Need customer
           - If not customer.verified:
              - refuse "I can cancel a large order only for whoever placed it. Please sign in, and write again."
           - go on
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        1. say "It is cancelled."
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        1. say "It is cancelled."
        """,
        command="prove",
    ),
)  # fmt: skip
