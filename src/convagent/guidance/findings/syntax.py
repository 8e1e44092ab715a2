"""G129 to G149: lines that can't be read. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["SYNTAX_CODES"]

SYNTAX_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G129", "error", "A word of the language as a name",
        why="`from`, `order` and `is` next to each other must read in one way only. Words of the language are no names.",
        avoid="""
        1. Let none be 10% of cart.total
        1. say "One moment."
        """,
        prefer="""
        1. Let share be 10% of cart.total
        1. say "You save {{ share | money }}."
        """,
    ),
    entry(
        "G130", "error", "A quote is missing",
        why="It can't be told where the text ends.",
        avoid="""
        1. say "One moment.
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G131", "error", "Single quotes",
        why="They are apostrophes here: `don't` would end a text.",
        avoid="""
        1. say 'One moment.'
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G132", "error", "A sign for a word",
        why="Guidance is read by people who don't write programs; there is one way to write each thing.",
        avoid="""
        1. Need order: one of customer.orders
        1. If order.status == "shipped":
           - say "It is on its way."
        """,
        prefer="""
        1. Need order: one of customer.orders
        1. If order.status is "shipped":
           - say "It is on its way."
        """,
    ),
    entry(
        "G133", "error", "An amount with a currency sign",
        why="A dollar sign stands for some twenty currencies. The code of three letters stands for one.",
        avoid="""
        1. If cart.total > €60:
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G134", "error", "A comparison in other words",
        why="There is one way to write each comparison, so that everybody reads it alike.",
        avoid="""
        1. If cart.total is more than 60 EUR:
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G135", "error", "A colon is missing",
        why="The colon says that steps follow.",
        avoid="""
        1. If cart.total > 60 EUR
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G136", "error", "A step on the line of its condition",
        why="Steps stand below, one a line, so that each can be named, traced and tested.",
        avoid="""
        1. If cart.total > 60 EUR: say "Delivery is free."
           - say "It takes 2 to 4 working days."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free. It takes 2 to 4 working days."
        """,
    ),
    entry(
        "G137", "error", "`and` and `or` without parentheses",
        why="People read such a line in two ways.",
        avoid="""
        1. If cart.total > 60 EUR and channel is "chat" or channel is "email":
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR and (channel is "chat" or channel is "email"):
           - say "Delivery is free."
        """,
    ),
    entry(
        "G138", "error", "Parentheses that don't match",
        why="It can't be told what belongs together.",
        avoid="""
        1. If (cart.total > 60 EUR:
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G139", "error", "A statement begins with an unknown word",
        why="Each statement begins with its kind. A remark is a `Note:` line.",
        avoid="""
        1. Reply "One moment."
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G140", "error", "A judgement inside a `Never`",
        why="A rule for the whole shop must be certain; a judgement is only probably right.",
        avoid="""
        # What we never do

        1. Never do refund_order when it seems "the customer is lying"
        """,
        prefer="""
        # What we never do

        1. Never do refund_order when amount > 100 EUR
        """,
    ),
    entry(
        "G141", "error", "A statement where it says nothing",
        why="""`Otherwise` follows an `If`, `go on` ends a branch, and a `Never` binds the whole shop, whatever branch it would
        stand in.""",
        avoid="""
        1. say "One moment."
        1. Otherwise:
           - say "Delivery is 4.90 EUR."
        """,
        prefer="""
        1. If cart.total >= 60 EUR:
           - say "Delivery is free."
        1. Otherwise:
           - say "Delivery is 4.90 EUR."
        """,
    ),
    entry(
        "G142", "error", "A text or a figure alone is no condition",
        why="Everybody reads `is \"a\" or \"b\"` alike, except that the second text is compared with nothing.",
        avoid="""
        1. If channel is "chat" or "email":
           - say "One moment."
        """,
        prefer="""
        1. If channel is one of "chat", "email":
           - say "One moment."
        """,
    ),
    entry(
        "G144", "error", "A word of the language in capitals",
        why="Words of the language are written in small letters, so that capitals can stand for currencies.",
        avoid="""
        1. If cart.total > 60 EUR AND cart.items is not empty:
           - say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR and cart.items is not empty:
           - say "Delivery is free."
        """,
    ),
    entry(
        "G145", "error", "A letter beyond a to z in a name",
        why="Names are written with the letters a to z, so that two that look alike are alike.",
        avoid="""
        1. Let gebühr be 5 EUR
        1. say "One moment."
        """,
        prefer="""
        1. Let fee be 5 EUR
        1. say "It costs {{ fee | money }}."
        """,
    ),
)  # fmt: skip
