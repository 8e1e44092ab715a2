"""G106 to G124, of how statements are laid out. Each with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["LAYOUT_CODES"]

LAYOUT_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G106", "error", "A bullet where a numbered statement is meant",
        why="""Numbers are what runs in order, bullets belong to the statement above them. A bullet that isn't indented could
        be either.""",
        avoid="""
        1. Need order_number
        - say "I've found {{ order_number }}."
        """,
        prefer="""
        1. Need order_number
        1. say "I've found {{ order_number }}."
        """,
    ),
    entry(
        "G107", "error", "A > block that belongs to no statement",
        why="Only what says something to the customer takes a text, and only a text below it.",
        avoid="""
        1. say "One moment."

        > Your parcel left yesterday.
        """,
        prefer="""
        1. say
           > One moment.
           > Your parcel left yesterday.
        """,
    ),
    entry(
        "G108", "error", "An empty item",
        why="A number without words is mostly a statement that was lost while editing.",
        avoid="""
        1. say "One moment."
        2.
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G109", "error", "A line that is no statement",
        why="It looks like an instruction, and nothing would follow it.",
        avoid="""
        1. say "One moment."

        Stay calm whatever they write.
        """,
        prefer="""
        1. say "One moment."

        Note: stay calm whatever they write.
        """,
    ),
    entry(
        "G111", "error", "Nested too deep",
        why="Nobody can tell at a glance under which conditions such a step runs.",
        avoid="\n".join(
            [
                "1. If cart.total > 1 EUR:",
                *(f'{"   " * n}- If cart.total > {n + 1} EUR:' for n in range(1, 12)),
                f'{"   " * 12}- say "One moment."',
                f'{"   " * 13}- say "Another one."',
            ]
        ),
        prefer="""
        1. If cart.total > 14 EUR and cart.items is not empty:
           - say "14"
        """,
    ),
    entry(
        "G116", "error", "A value that can't be",
        why="A day that the calendar doesn't have, or an amount finer than a cent, would be unknown in every conversation.",
        avoid="""
        1. If today > 2026-02-30:
           - say "The sale is over."
        """,
        prefer="""
        1. If today > 2026-02-28:
           - say "The sale is over."
        """,
    ),
    entry(
        "G117", "error", "Something that can't stand here",
        why="`must`, `else`, `within` and `ask` are properties of the `Need` or `Ask` above them.",
        avoid="""
        1. Need order: one of customer.orders
        1. must its status is "pending", else say "That one has left already."
        1. say "{{ order.id }} has not left yet."
        """,
        prefer="""
        1. Need order: one of customer.orders
           - must its status is "pending", else say "That one has left already."
        1. say "{{ order.id }} has not left yet."
        """,
    ),
    entry(
        "G118", "error", "A statement without its text, or with two",
        why="The customer would read nothing, or it would be unclear which.",
        avoid="""
        1. say
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G119", "error", "A line that isn't understood",
        why="The language takes few forms, so that each line means one thing only. The message says what could stand there.",
        avoid="""
        1. say "One moment." twice
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G123", "error", "A condition without steps",
        why="Nothing would happen when it holds, and the guide would end there.",
        avoid="""
        1. If cart.total > 60 EUR:
        1. say "Delivery is 4.90 EUR."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
        1. say "Delivery is 4.90 EUR."
        """,
    ),
    entry(
        "G124", "error", "A reason that doesn't exist",
        why="Reasons are a closed set: they decide who takes over, and reports count them.",
        avoid="""
        1. hand over because angry_customer
        """,
        prefer="""
        1. hand over because upset_customer
        """,
    ),
)  # fmt: skip
