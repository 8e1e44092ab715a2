"""G100 to G128: the layout of a file. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["LAYOUT_CODES"]

_EXAMPLES = """
        When the customer asks when the shop is open:
        - "when do you open?"
        - "are you there on Saturdays?"
        - "how late can I call?"
"""

LAYOUT_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G100", "error", "The file is not UTF-8",
        why="""Letters beyond plain English would come out wrong in front of customers. The example is at fault when it is
        saved in Windows-1252 or Latin-1; the same saved as UTF-8 is fine.""",
        avoid='1. say "Das Café öffnet um 9:00."',
        prefer='1. say "Das Café öffnet um 9:00."',
    ),
    entry(
        "G101", "error", "Text before the first title",
        why="It belongs to no guide, so nobody would act on it. Nothing in a guidance file is ignored silently.",
        avoid="""
        Be friendly and brief.

        # A person, please

        When the customer asks for a human:
        - "let me talk to someone"
        - "a real person please"
        - "agent!"

        1. hand over because customer_request
        """,
        prefer="""
        <!-- Be friendly and brief. -->

        # A person, please

        When the customer asks for a human:
        - "let me talk to someone"
        - "a real person please"
        - "agent!"

        1. hand over because customer_request
        """,
    ),
    entry(
        "G102", "error", "A second-level heading",
        why="""A guide is read from the top as one; parts would suggest that some of it is skipped. What needs a heading of
        its own is a guide of its own.""",
        avoid=f"""
        # Opening hours
        {_EXAMPLES}
        ## In summer

        1. say "We are open from 9:00 to 18:00."
        """,
        prefer=f"""
        # Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
    ),
    entry(
        "G103", "error", "A guide without a title",
        why="The title names the guide in traces, in `go to`, and to the customer when two guides are too close to tell apart.",
        avoid=f"""
        #
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
        prefer=f"""
        # Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
    ),
    entry(
        "G104", "warning", "A blank is missing after the #",
        why="Other readers of Markdown take the line for plain text; the guide would lose its title there.",
        avoid=f"""
        #Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
        prefer=f"""
        # Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
    ),
    entry(
        "G105", "error", "A guide without statements",
        why="A customer who is meant by it would get no reply.",
        avoid=f"""
        # Opening hours
        {_EXAMPLES}
        """,
        prefer=f"""
        # Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
    ),
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
        "G110", "warning", "Tabs in the indentation",
        why="""A tab is as wide as each editor wants it to be. Beside blanks it is an error: what looks like one level could be
        two.""",
        avoid="""
        1. If cart.total > 60 EUR:
        \t- say "Delivery is free."
        """,
        prefer="""
        1. If cart.total > 60 EUR:
           - say "Delivery is free."
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
        "G112", "error", "Front matter that can't be read",
        why="Settings of the file, such as ignored codes, would be lost.",
        avoid=f"""
        ---
        ignore: [G506
        ---
        # Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
        prefer=f"""
        ---
        ignore: [G506]
        ---
        # Opening hours
        {_EXAMPLES}
        1. say "We are open from 9:00 to 18:00."
        """,
    ),
    entry(
        "G113", "error", "A comment that is never closed",
        why="Everything behind it would be gone.",
        avoid="""
        1. say "One moment."

        <!-- ask the returns team about this
        """,
        prefer="""
        1. say "One moment."

        <!-- ask the returns team about this -->
        """,
    ),
    entry(
        "G114", "error", "A code block",
        why="It looks like an example, and what stands in it would be taken for statements.",
        avoid="""
        1. say "One moment."

        ```
        """,
        prefer="""
        1. say "One moment."

        Note: longer remarks are notes.
        """,
    ),
    entry(
        "G115", "error", "Too long",
        why="""Lines of more than 4,000 characters, more than 24 parentheses and files of more than two million characters are
        refused, so that checking takes bounded time.""",
        avoid=f"""
        1. If {"(" * 25}cart.total > 1 EUR{")" * 25}:
           - say "One moment."
        """,
        prefer="""
        1. If cart.total > 1 EUR:
           - say "One moment."
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
        "G120", "error", "An invisible mark that turns the reading direction",
        why="Text could look different from what is run: a rule that reads as harmless and isn't.",
        avoid="""
        1. say "One \u202emoment."
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G121", "error", "An invisible character",
        why="Copied from a web page mostly. Inside a name or a title it keeps it from being found.",
        avoid="""
        1. say "One\u200b moment."
        """,
        prefer="""
        1. say "One moment."
        """,
    ),
    entry(
        "G122", "error", "A control character",
        why="It has no place in a text and is often a sign of a damaged file.",
        avoid="""
        1. say "One\x07 moment."
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
    entry(
        "G125", "error", "A bullet that belongs to no `When`",
        why="Examples show what starts a guide; elsewhere in the header they would do nothing.",
        avoid="""
        # Second thoughts

        On product_viewed for 45 seconds
        - "that's more than I wanted to spend"
        At most once a day

        1. say "Can I help?"
        """,
        prefer="""
        # Second thoughts

        On product_viewed for 45 seconds
        At most once a day

        1. say "Can I help?"
        """,
    ),
    entry(
        "G126", "error", "A header line that isn't known",
        why="Between title and statements stand few kinds of lines; another one would have no effect.",
        avoid="""
        # Second thoughts

        On product_viewed for 45 seconds
        Priority: high

        1. say "Can I help?"
        """,
        prefer="""
        # Second thoughts

        On product_viewed for 45 seconds
        At most once a day

        1. say "Can I help?"
        """,
    ),
    entry(
        "G127", "error", "A header line twice",
        why="Only one of them could count.",
        avoid="""
        # Second thoughts

        On product_viewed for 45 seconds
        At most once a day
        At most twice a week

        1. say "Can I help?"
        """,
        prefer="""
        # Second thoughts

        On product_viewed for 45 seconds
        At most once a day

        1. say "Can I help?"
        """,
    ),
    entry(
        "G128", "error", "An example that is not one text in quotes",
        why="Examples are what customers write; quotes keep them apart from remarks.",
        avoid="""
        # Opening hours

        When the customer asks when the shop is open:
        - "when do you open?"
        - "are you there on Saturdays?"
        - "how late can I call?"
        - questions about holidays

        1. say "We are open from 9:00 to 18:00."
        """,
        prefer="""
        # Opening hours

        When the customer asks when the shop is open:
        - "when do you open?"
        - "are you there on Saturdays?"
        - "how late can I call?"
        - "are you open at Easter?"

        1. say "We are open from 9:00 to 18:00."
        """,
    ),
)  # fmt: skip
