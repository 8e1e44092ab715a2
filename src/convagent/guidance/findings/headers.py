"""G101 to G128, of titles, headers and front matter. Each with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["HEADER_CODES"]

_EXAMPLES = """
        When the customer asks when the shop is open:
        - "when do you open?"
        - "are you there on Saturdays?"
        - "how late can I call?"
"""

HEADER_CODES: tuple[CodeEntry, ...] = (
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
