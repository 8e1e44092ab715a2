"""G4: safety. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["SAFETY_CODES"]

SAFETY_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G401", "error", "A write without a confirmation",
        why="""The action would refuse to run, or run on a misunderstanding. `confirm` shows the customer what will be done and
        binds the yes to exactly these arguments.""",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. do cancel_order with order = order.id
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        """,
        configure="An action that needs none says so where it is declared: `@action(kind=\"write\", confirm=False)`.",
    ),
    entry(
        "G402", "error", "A write for nobody in particular",
        why="The action demands a customer who is known. Without `Need customer` nobody asks, and the action refuses.",
        avoid="""
        1. Need order: one of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        """,
        configure="An action says what it demands where it is declared: `@action(kind=\"write\", requires=\"anonymous\")`.",
    ),
    entry(
        "G403", "warning", "A confirmation that doesn't show a choice",
        why="The customer would say yes to something they can't see: another order, another card.",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Shall I cancel it?"
        1. do cancel_order with order = order.id
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel_order with order = order.id
        """,
    ),
    entry(
        "G404", "error", "An argument that nobody could confirm",
        why="It is what an action under the same confirmation gives, so it isn't known when the customer says yes.",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Refund 20 EUR for {{ order.id }}, and send the receipt?"
        1. do refund_order with order = order.id, amount = 20 EUR as refund
        1. do send_receipt with refund = refund.id
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Refund 20 EUR for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = 20 EUR as refund
        1. confirm "Send the receipt for {{ refund.amount | money }}?"
        1. do send_receipt with refund = refund.id
        """,
    ),
    entry(
        "G405", "error", "A discount without a cap",
        why="Customers learn quickly which words bring a code.",
        avoid="""
        # Second thoughts

        When it seems "the shopper finds the price too high":
        - "that's a lot of money"
        - "too expensive for me"
        - "more than I wanted to spend"

        1. offer "SAVE10" of 10%
        """,
        prefer="""
        # Second thoughts

        When it seems "the shopper finds the price too high":
        - "that's a lot of money"
        - "too expensive for me"
        - "more than I wanted to spend"
        At most once a year

        1. offer "SAVE10" of 10%
        """,
    ),
    entry(
        "G406", "warning", "A claim that nothing backs",
        why="""The customer relies on what is promised or said to be done, and nothing happens. Say it behind the action that
        does it, hand over, or say what the customer can do. A reply is held against the same words before it is sent: there,
        what no action of the conversation, no record and no person backs goes to a person (`unbacked-claim`).""",
        avoid="""
        1. say "I'm sorry about that. We will refund you today."
        """,
        prefer="""
        1. hand over to "returns" because guidance
           - say "I'm sorry about that. A colleague looks at it today."
        """,
        configure="""The words are data, `guidance/claims.toml`: English, German and French. Questions, negations and,
        for promises, conditions claim nothing. What is said of a record, such as a cancelled order, may stand in any branch.""",
    ),
    entry(
        "G408", "error", "A `Never` about an action that doesn't exist",
        why="It would bind nothing, while everybody believes it does.",
        avoid="""
        # What we never do

        1. Never do refund_ordr when amount > 100 EUR
        """,
        prefer="""
        # What we never do

        1. Never do refund_order when amount > 100 EUR
        """,
    ),
    entry(
        "G409", "error", "A guide that a `Never` always stops",
        why="The action is blocked whenever the guide gets there: after the customer has said yes.",
        avoid="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Refund 200 EUR for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = 200 EUR

        # What we never do

        1. Never do refund_order when amount > 100 EUR
        """,
        prefer="""
        1. Need customer
        1. Need order: one of customer.orders
        1. confirm "Refund 50 EUR for {{ order.id }}?"
        1. do refund_order with order = order.id, amount = 50 EUR

        # What we never do

        1. Never do refund_order when amount > 100 EUR
        """,
        configure="Only arguments that are written out count here; `convagent guidance prove` decides the others.",
    ),
    entry(
        "G410", "error", "A text that says what a `Never say` forbids",
        why="""The reply would be stopped (`forbidden-words`), and a person would take over. All forms of a word count, and
        translations, the shop's voice, its handover texts and the engine's own sentences are looked through too.""",
        avoid="""
        1. say "It will arrive tomorrow, guaranteed."

        # What we never say

        1. Never say "guarantee"
        """,
        prefer="""
        1. say "It should arrive tomorrow."

        # What we never say

        1. Never say "guarantee"
        """,
    ),
    entry(
        "G412", "error", "A word that mixes alphabets",
        why="""A Cyrillic а looks like a Latin one and is another letter: titles, names and texts that look alike would not be
        the same.""",
        avoid="""
        1. say "Your pаrcel left yesterday."
        """,
        prefer="""
        1. say "Your parcel left yesterday."
        """,
    ),
)  # fmt: skip
