"""G100 to G122, of a file as a text: its characters, comments and size. Each with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["FILE_CODES"]

FILE_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G100", "error", "The file is not UTF-8",
        why="""Letters beyond plain English would come out wrong in front of customers. The example is at fault when it is
        saved in Windows-1252 or Latin-1; the same saved as UTF-8 is fine.""",
        avoid='1. say "Das Café öffnet um 9:00."',
        prefer='1. say "Das Café öffnet um 9:00."',
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
)  # fmt: skip
