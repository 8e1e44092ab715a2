"""G2: names and types. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["NAME_CODES"]

NAME_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G201", "error", "A name that nothing stands for",
        why="It would be unknown in every conversation, and every conversation that reaches it would be handed over.",
        avoid="""
        1. say "Hello {{ custmer.first_name }}."
        """,
        prefer="""
        1. say "Hello {{ customer.first_name }}."
        """,
        configure="Names come from `convagent.facts`, from the shop's vocabulary and from `Need`, `Let` and `do … as`.",
    ),
    entry(
        "G202", "error", "A field that a record doesn't have",
        why="Like an unknown name: nobody can fill it. Often it is a slip, or the field stands one level deeper.",
        avoid="""
        1. Need order: one of customer.orders
        1. say "{{ order.id }} is {{ order.state }}."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. say "{{ order.id }} is {{ order.status }}."
        """,
        configure="A shop's own fields are added in its vocabulary: `order:` with `gift_wrap: yes or no` below.",
    ),
    entry(
        "G203", "error", "An action or look-up that doesn't exist",
        why="Guidance can run nothing but what the shop has registered.",
        avoid="""
        1. do send_lnik with link = "https://example.com/sizes"
        """,
        prefer="""
        1. do send_link with link = "https://example.com/sizes"
        """,
    ),
    entry(
        "G204", "error", "An argument that the action doesn't take",
        why="The action would refuse the call, after the customer has confirmed it.",
        avoid="""
        1. do send_link with link = "https://example.com/sizes", text = "Sizes"
        """,
        prefer="""
        1. do send_link with link = "https://example.com/sizes"
        """,
    ),
    entry(
        "G205", "error", "A missing argument",
        why="The action would refuse the call, after the customer has confirmed it.",
        avoid="""
        1. do send_link
        """,
        prefer="""
        1. do send_link with link = "https://example.com/sizes"
        """,
    ),
    entry(
        "G206", "error", "A value of the wrong kind",
        why="An amount where a text is wanted, a number where an amount is: the call would be refused, or mean something else.",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Refund 20 EUR for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = 20
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Refund 20 EUR for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = 20 EUR
        """,
    ),
    entry(
        "G207", "error", "A guide that doesn't exist",
        why="`go to` and `After` name guides by their titles; a title that was changed takes them along.",
        avoid="""
        1. go to "Retrun items"

        # Return items

        When the customer asks to return something:
        - "I want to send it back"
        - "how do I return this?"
        - "it doesn't fit, take it back"

        1. answer from "Returns and refunds"
        """,
        prefer="""
        1. go to "Return items"

        # Return items

        When the customer asks to return something:
        - "I want to send it back"
        - "how do I return this?"
        - "it doesn't fit, take it back"

        1. answer from "Returns and refunds"
        """,
    ),
    entry(
        "G208", "error", "An article that doesn't exist",
        why="The answer would have no source, and the conversation would be handed over.",
        avoid="""
        1. answer from "How to chose a size"
        """,
        prefer="""
        1. answer from "How to choose a size"
        """,
        configure="Checked when the shop's articles are known to the check.",
    ),
    entry(
        "G209", "error", "A team that doesn't exist",
        why="Nobody would get the conversation.",
        avoid="""
        1. hand over to "retuns" because guidance
        """,
        prefer="""
        1. hand over to "returns" because guidance
        """,
        configure="Checked when the shop's teams are known to the check.",
    ),
    entry(
        "G210", "error", "Values that can't be compared",
        why="""Dollars and days, dollars and euros, a text and a number: the comparison is unknown in every conversation, and
        unknown stops the reading.""",
        avoid="""
        1. If cart.total > 60:
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G211", "warning", "A value that the fact doesn't take",
        why="The branch would never open. Mostly it is a slip in the word.",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.status is "deliverd":
           - say "It was delivered."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.status is "delivered":
           - say "It was delivered."
        """,
        configure="The usual values of a fact are known, others may occur: hence a warning. See G230 for closed sets.",
    ),
    entry(
        "G212", "error", "`its` with nothing to refer to",
        why="`its` is the element at hand in `where`, `over`, `by` and `must`. Elsewhere there is none.",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.id is "#1042" and its status is "pending":
           - say "It has not left yet."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.id is "#1042" and order.status is "pending":
           - say "It has not left yet."
        """,
    ),
    entry(
        "G213", "error", "A name is used before it is declared",
        why="Guides are read from the top. A name that only a branch declares is unknown when the branch didn't open.",
        avoid="""
        1. say "Your refund comes to {{ refund | money }}."
        1. Let refund be 10% of cart.total
        1. say "That is {{ refund | money }}."
        """,
        prefer="""
        1. Let refund be 10% of cart.total
        1. say "Your refund comes to {{ refund | money }}."
        """,
    ),
    entry(
        "G214", "error", "A name declared twice",
        why="One name for two things in one guide: a reader can't tell which is meant. A branch that ends with `go on` may "
        "give a name another value.",
        avoid="""
        1. Let share be 10% of cart.total
        1. say "You save {{ share | money }}."
        1. Let share be 20% of cart.total
        1. say "With a friend you save {{ share | money }}."
        """,
        prefer="""
        1. Let share be 10% of cart.total
        1. say "You save {{ share | money }}."
        1. Let double_share be 20% of cart.total
        1. say "With a friend you save {{ double_share | money }}."
        """,
    ),
    entry(
        "G215", "warning", "A name that nothing depends on",
        why="Needs are asked for when something depends on them, look-ups run when their result is used: neither happens here.",
        avoid="""
        1. Need order_number
        1. say "I'm looking into it."
        """,
        prefer="""
        1. Need order_number
        1. say "I'm looking into {{ order_number }}."
        """,
    ),
    entry(
        "G216", "error", "A mark in a text that can't be read",
        why="A mark names a value and its filters, nothing else: no sums, no conditions. They belong into statements, where "
        "they are checked and traced.",
        avoid="""
        1. say "You save {{ cart.total / 10 }}."
        """,
        prefer="""
        1. Let share be cart.total / 10
        1. say "You save {{ share | money }}."
        """,
    ),
    entry(
        "G217", "error", "A filter that doesn't fit",
        why="The customer would read the value as it is, not as the filter's name promises.",
        avoid="""
        1. Need order: one of customer.orders
        1. say "{{ order.status | money }} is what I see."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. say "{{ order.status }} is what I see."
        """,
    ),
    entry(
        "G218", "warning", "A text names what may be missing",
        why="""A look-up may find nothing, and some of what it finds has gaps. A text with a gap is not said; the conversation
        is handed over instead.""",
        avoid="""
        1. Need order_number
        1. Let found be look up find_order with order_number = order_number
        1. say "{{ found.id }} is {{ found.status }}."
        """,
        prefer="""
        1. Need order_number
        1. Let found be look up find_order with order_number = order_number
        1. If found is none:
           - refuse "I can't find an order with this number. Please look into the e-mail that you got from us."
        1. say "{{ found.id }} is {{ found.status }}."
        """,
    ),
    entry(
        "G219", "error", "A condition that is neither yes nor no",
        why="A known amount, number or day counts as yes, even zero: the branch would always open.",
        avoid="""
        1. If cart.total:
           - say "There is something in your cart."
        """,
        prefer="""
        1. If cart.total > 0:
           - say "There is something in your cart."
        """,
    ),
    entry(
        "G220", "error", "A list is wanted",
        why="`some of`, `count of`, `sum of … over` and `where` go over the elements of a list; one thing has none.",
        avoid="""
        1. Need order: one of customer.orders
        1. say "One moment."
        1. If count of order > 1:
           - say "{{ order.id }} comes in several parcels."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. say "One moment."
        1. If count of order.shipments > 1:
           - say "{{ order.id }} comes in several parcels."
        """,
    ),
    entry(
        "G221", "error", "What is needed for each element has no value of its own",
        why="`Need replacement for each item in items` gives every item a replacement; there is no one replacement.",
        avoid="""
        1. Need order: one of customer.orders
        1. Need items: some of order.items
        1. Need replacement for each item in items: one of item.product.variants
        1. say "You would get {{ replacement.title }} for {{ items | list }}."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. Need items: some of order.items
        1. Need replacement for each item in items: one of item.product.variants
        1. say "You would get: {{ items | pairs }}."
        """,
    ),
    entry(
        "G222", "error", "Units that can't be reckoned together",
        why="The result would be unknown in every conversation.",
        avoid="""
        1. Let fee be cart.total + 5
        1. say "With delivery it is {{ fee | money }}."
        """,
        prefer="""
        1. Let fee be cart.total + 5 EUR
        1. say "With delivery it is {{ fee | money }}."
        """,
    ),
    entry(
        "G224", "error", "A type that doesn't exist",
        why="The type says how the answer is read: an e-mail address, an amount, a day.",
        avoid="""
        1. Need contact: emial
        1. say "We write to {{ contact }}."
        """,
        prefer="""
        1. Need contact: email
        1. say "We write to {{ contact }}."
        """,
    ),
    entry(
        "G225", "error", "`Gives` and `give` don't match",
        why="Other guides rely on what the header promises.",
        avoid="""
        # Find the customer

        Gives customer

        1. Need email
        1. Let found be look up find_customer with email = email
        1. give person = found
        """,
        prefer="""
        # Find the customer

        Gives customer

        1. Need email
        1. Let found be look up find_customer with email = email
        1. give customer = found
        """,
    ),
    entry(
        "G226", "error", "A look-up where an action is meant, or the reverse",
        why="Look-ups only read and run when needed; actions change something, at their place, under a confirmation.",
        avoid="""
        1. Need order_number
        1. do find_order with order_number = order_number
        """,
        prefer="""
        1. Need order_number
        1. Let found be look up find_order with order_number = order_number
        1. If found is none:
           - say "I can't find {{ order_number }}."
        """,
    ),
    entry(
        "G227", "error", "An event that doesn't exist",
        why="The guide would never start.",
        avoid="""
        # Second thoughts

        On product_vewed for 45 seconds
        At most once a day

        1. say "Can I help?"
        """,
        prefer="""
        # Second thoughts

        On product_viewed for 45 seconds
        At most once a day

        1. say "Can I help?"
        """,
        configure="Checked when the vocabulary names the storefront's events.",
    ),
    entry(
        "G230", "error", "A value that can't occur",
        why="The set is closed: the branch would never open.",
        avoid="""
        1. If customer.level is "platinum":
           - say "Delivery is free."
        """,
        prefer="""
        1. If customer.level is "gold":
           - say "Delivery is free."
        """,
    ),
)  # fmt: skip
