"""G3: logic. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["LOGIC_CODES"]

_GIVER = """
        # Find the order

        Gives order

        1. Need order_number
        1. Let found be look up find_order with order_number = order_number
        1. give order = found
"""

LOGIC_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G301", "error", "A statement that is never read",
        why="The guide ends before it: with `refuse`, `hand over`, `go to`, `give` or an `Otherwise`.",
        avoid="""
        1. hand over to "care" because guidance
        1. say "A colleague will look at it."
        """,
        prefer="""
        1. hand over to "care" because guidance
           - say "A colleague will look at it."
        """,
    ),
    entry(
        "G302", "error", "A condition that depends on nothing",
        why="It is always the same: either the branch or what stands behind it is never read.",
        avoid="""
        1. If 60 EUR > 50 EUR:
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 50 EUR:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G303", "error", "A branch that repeats an earlier one",
        why="The earlier branch ended the guide when the condition held, so this one never opens.",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.status is "pending":
           - say "{{ order.id }} has not left yet."
        1. If order.status is "pending" and cart.items is empty:
           - say "{{ order.id }} is being packed."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.status is "pending":
           - say "{{ order.id }} has not left yet."
        1. If order.status is "processing" and cart.items is empty:
           - say "{{ order.id }} is being packed."
        """,
    ),
    entry(
        "G304", "error", "A condition that is never true",
        why="Nothing can be two things at once. Often `or` was meant.",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.status is "pending" and order.status is "processing":
           - say "{{ order.id }} has not left yet."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.status is one of "pending", "processing":
           - say "{{ order.id }} has not left yet."
        """,
    ),
    entry(
        "G305", "error", "A condition that is always true",
        why="Whatever the value is, it is not one of the two. Often `and` was meant.",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.status is not "pending" or order.status is not "processing":
           - say "{{ order.id }} has left."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.status is not one of "pending", "processing":
           - say "{{ order.id }} has left."
        """,
    ),
    entry(
        "G307", "warning", "A branch that does nothing",
        why="Its only step is `go on`. Perhaps the step was forgotten.",
        avoid="""
        1. If cart.total >= 60 EUR:
           - go on
        1. say "Delivery takes 2 to 4 working days."
        """,
        prefer="""
        1. If cart.total >= 60 EUR:
           - say "Delivery is free."
           - go on
        1. say "Delivery takes 2 to 4 working days."
        """,
    ),
    entry(
        "G308", "error", "`Otherwise` behind a branch that goes on",
        why="""`Otherwise` is simply the next statement: branches end the guide. A branch that ends with `go on` doesn't, so
        both would be read.""",
        avoid="""
        1. If cart.total >= 60 EUR:
           - say "Delivery is free."
           - go on
        1. Otherwise:
           - say "Delivery is 4.90 EUR."
        """,
        prefer="""
        1. If cart.total >= 60 EUR:
           - say "Delivery is free."
           - go on
        1. If cart.total < 60 EUR:
           - say "Delivery is 4.90 EUR."
        """,
    ),
    entry(
        "G310", "error", "`go to` leads in a circle",
        why="A conversation would be led round until a person has to take over.",
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
    ),
    entry(
        "G311", "error", "A guide needs what only it can give",
        why="To find the customer it would need the order, and to find the order the customer: neither is ever known.",
        avoid=f"""
        # Find the customer

        Gives customer

        1. Need order: order
        1. Let found be look up find_customer with email = order.email
        1. give customer = found
        {_GIVER.replace("1. Need order_number", "1. Need customer: customer").replace("= order_number", "= customer.id")}
        """,
        prefer=f"""
        # Find the customer

        Gives customer

        1. Need order: order
        1. Let found be look up find_customer with email = order.email
        1. give customer = found
        {_GIVER}
        """,
    ),
    entry(
        "G312", "error", "Two guides of one title",
        why="Titles name guides in `go to`, in traces and before customers. Upper and lower case don't tell them apart.",
        avoid="""
        1. say "One moment."

        # Help with an order

        When the customer asks why an order is late:
        - "it should be here by now"
        - "my parcel is late"
        - "why does it take so long?"

        1. say "Let me look."
        """,
        prefer="""
        1. say "One moment."

        # Help with a late order

        When the customer asks why an order is late:
        - "it should be here by now"
        - "my parcel is late"
        - "why does it take so long?"

        1. say "Let me look."
        """,
    ),
    entry(
        "G313", "error", "`After` leads in a circle",
        why="Each of the guides would have to come before the other.",
        avoid="""
        # Change the address

        When the customer asks to send an order elsewhere:
        - "ship it to my new place"
        - "the address is wrong"
        - "can it go to my office?"
        After "Change the items"

        1. hand over because guidance

        # Change the items

        When the customer asks to change an item:
        - "make it the purple one"
        - "I want another size"
        - "swap the lamp"
        After "Change the address"

        1. hand over because guidance
        """,
        prefer="""
        # Change the address

        When the customer asks to send an order elsewhere:
        - "ship it to my new place"
        - "the address is wrong"
        - "can it go to my office?"

        1. hand over because guidance

        # Change the items

        When the customer asks to change an item:
        - "make it the purple one"
        - "I want another size"
        - "swap the lamp"
        After "Change the address"

        1. hand over because guidance
        """,
    ),
    entry(
        "G314", "error", "A safeguard without a `When`",
        why="It would be tried on every message and never apply.",
        avoid="""
        # A person, please

        Safeguard

        1. hand over because customer_request
        """,
        prefer="""
        # A person, please

        Safeguard
        When the customer asks for a human:
        - "let me talk to someone"
        - "a real person please"
        - "agent!"

        1. hand over because customer_request
        """,
    ),
    entry(
        "G315", "warning", "A guide that nothing starts",
        why="No message, event, Need or other guide leads to it.",
        avoid="""
        # Opening hours

        1. say "We are open from 9:00 to 18:00."
        """,
        prefer="""
        # Opening hours

        When the customer asks when the shop is open:
        - "when do you open?"
        - "are you there on Saturdays?"
        - "how late can I call?"

        1. say "We are open from 9:00 to 18:00."
        """,
    ),
    entry(
        "G316", "error", "Two guides give the same",
        why="Only the first is ever read.",
        avoid=f"""
        {_GIVER}
        {_GIVER.replace("Find the order", "Look for the order")}
        """,
        prefer=f"""
        {_GIVER}
        """,
    ),
    entry(
        "G317", "warning", "A question that waits without end",
        why="""Opening hours say which days are for business. A shop without any has no business days: they never pass, and
        what stands behind `else` never happens.""",
        avoid="""
        1. Ask "Is the box damaged as well?" for box_damaged: yes or no
           - within 2 business days, else close
        1. If box_damaged:
           - hand over because guidance
        1. say "Thank you."
        """,
        prefer="""
        1. Ask "Is the box damaged as well?" for box_damaged: yes or no
           - within 2 calendar days, else close
        1. If box_damaged:
           - hand over because guidance
        1. say "Thank you."
        """,
        configure="Give the shop opening hours, `[hours.care]` in `convagent.toml`, and business days can be counted.",
    ),
)  # fmt: skip
