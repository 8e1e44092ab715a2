"""G5: style. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["STYLE_CODES"]

_ENDLESS = (
    "Since your parcel was handed to the carrier on Monday and the carrier takes two to four working days within the "
    "country and a little longer to the islands it should be with you by Friday at the latest."
)
_LONG = "Our parcels leave in the afternoon of every working day. " * 13

STYLE_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G501", "warning", "A text that is too long",
        why="Customers read the first lines on a phone. What matters is lost in the rest.",
        avoid=f"""
        1. say "{_LONG.strip()}"
        """,
        prefer="""
        1. say "Our parcels leave in the afternoon of every working day."
        """,
        configure="`max_text_characters`, 700 by default.",
    ),
    entry(
        "G502", "info", "A sentence that is too long",
        why="Two short sentences are read, one long one is skimmed, the more so in a second language.",
        avoid=f"""
        1. say "{_ENDLESS}"
        """,
        prefer="""
        1. say "Your parcel was handed to the carrier on Monday. It should be with you by Friday."
        """,
        configure="`max_sentence_words`, 35 by default.",
    ),
    entry(
        "G503", "info", "Words that say nothing",
        why="Set phrases sound like a form letter, and hide what is meant.",
        avoid="""
        1. say "Unfortunately it has left already."
        """,
        prefer="""
        1. say "It has left already."
        """,
    ),
    entry(
        "G504", "warning", "Exclamation marks in a row",
        why="They read as shouting or as advertising.",
        avoid="""
        1. say "It is on its way!!"
        """,
        prefer="""
        1. say "It is on its way."
        """,
    ),
    entry(
        "G505", "warning", "A title that doesn't say the intent",
        why="When two guides are too close to tell apart, the customer chooses between their titles.",
        avoid="""
        # Returns

        When the customer asks to return something:
        - "I want to send it back"
        - "how do I return this?"
        - "it doesn't fit, take it back"

        1. answer from "Returns and refunds"
        """,
        prefer="""
        # Return items

        When the customer asks to return something:
        - "I want to send it back"
        - "how do I return this?"
        - "it doesn't fit, take it back"

        1. answer from "Returns and refunds"
        """,
    ),
    entry(
        "G506", "info", "A refusal without a next step",
        why="A bare no ends in a second message. Say what is possible instead.",
        avoid="""
        1. refuse "That order has left already."
        """,
        prefer="""
        1. refuse "That order has left already. You can send it back within 30 days."
        """,
    ),
    entry(
        "G507", "info", "Few examples",
        why="Examples teach the agent which messages are meant; three different ones are the least.",
        avoid="""
        # Opening hours

        When the customer asks when the shop is open:
        - "when do you open?"

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
        configure="`min_examples`, 3 by default.",
    ),
    entry(
        "G508", "info", "A negated name",
        why="`not not_in_stock` takes three readings.",
        avoid="""
        1. Let not_free be cart.total < 60 EUR
        1. If not_free:
           - say "Delivery is 4.90 EUR."
        """,
        prefer="""
        1. Let free be cart.total >= 60 EUR
        1. If not free:
           - say "Delivery is 4.90 EUR."
        """,
    ),
    entry(
        "G509", "warning", "Something unfinished",
        why="The customer would read it.",
        avoid="""
        1. say "TODO: ask what we say here."
        """,
        prefer="""
        1. say "It takes 2 to 4 working days."
        """,
    ),
    entry(
        "G510", "warning", "`ignore` names a code that can't be ignored",
        why="It would leave nothing out, and the author believes it does.",
        avoid="""
        ---
        ignore: [G999]
        ---
        # A person, please

        When the customer asks for a human:
        - "let me talk to someone"
        - "a real person please"
        - "agent!"

        1. hand over because customer_request
        """,
        prefer="""
        ---
        ignore: [G506]
        ---
        # A person, please

        When the customer asks for a human:
        - "let me talk to someone"
        - "a real person please"
        - "agent!"

        1. hand over because customer_request
        """,
    ),
)  # fmt: skip
