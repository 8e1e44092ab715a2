"""G6: what guides and judgements are learnt from. Each entry with an example at fault and the same put right."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["TRIGGER_CODES"]

TRIGGER_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G601", "warning", "A judgement without examples",
        why="""What customers write when it is true is learnt from examples. Without any the agent stays unsure, unsure is
        unknown, and the conversation goes to a person. Plain judgements of mood ("the customer is angry") need none.""",
        avoid="""
        1. If it seems "the customer is in a hurry":
           - say "Express takes one working day."
        1. say "It takes 2 to 4 working days."
        """,
        prefer="""
        # Delivery time

        When the customer asks how long delivery takes:
        - "how long does it take"
        - "when would it be here"
        - "how many days until it comes"

        It seems "the customer is in a hurry":
        - "I need it by Friday"
        - "please hurry, I leave tomorrow"
        - "as fast as you can"
        - not "take your time"

        1. If it seems "the customer is in a hurry":
           - say "Express takes one working day."
        1. say "It takes 2 to 4 working days."
        """,
    ),
    entry(
        "G602", "warning", "A judgement with too few examples",
        why="""One or two sentences are learnt by heart rather than understood. Every guide that uses the same text shares
        the examples, wherever they stand.""",
        avoid="""
        # Delivery time

        When the customer asks how long delivery takes:
        - "how long does it take"
        - "when would it be here"
        - "how many days until it comes"

        It seems "the customer is in a hurry":
        - "I need it by Friday"

        1. If it seems "the customer is in a hurry":
           - say "Express takes one working day."
        1. say "It takes 2 to 4 working days."
        """,
        prefer="""
        # Delivery time

        When the customer asks how long delivery takes:
        - "how long does it take"
        - "when would it be here"
        - "how many days until it comes"

        It seems "the customer is in a hurry":
        - "I need it by Friday"
        - "please hurry, I leave tomorrow"
        - "as fast as you can"
        - "it's urgent"
        - not "take your time"

        1. If it seems "the customer is in a hurry":
           - say "Express takes one working day."
        1. say "It takes 2 to 4 working days."
        """,
        configure="`min_examples`, 3 by default.",
    ),
    entry(
        "G603", "error", "The same example given both ways",
        why="It can't be meant and not meant; nothing can be learnt from it. Judgements share their examples over all guides.",
        avoid="""
        # Return items

        When the customer asks to return something:
        - "I want to send it back"
        - "how do I return this?"
        - "it doesn't fit, take it back"
        - not "I want to send it back!"

        1. answer from "Returns and refunds"
        """,
        prefer="""
        # Return items

        When the customer asks to return something:
        - "I want to send it back"
        - "how do I return this?"
        - "it doesn't fit, take it back"
        - not "I want to send it to my sister"

        1. answer from "Returns and refunds"
        """,
    ),
    entry(
        "G604", "warning", "A judgement that nothing asks for",
        why="Examples are given for it, but no condition uses the same text: most likely one of the two is misspelt.",
        avoid="""
        # Delivery time

        When the customer asks how long delivery takes:
        - "how long does it take"
        - "when would it be here"
        - "how many days until it comes"

        It seems "the customer is in a hurry":
        - "I need it by Friday"
        - "please hurry, I leave tomorrow"
        - "as fast as you can"

        1. say "It takes 2 to 4 working days."
        """,
        prefer="""
        # Delivery time

        When the customer asks how long delivery takes:
        - "how long does it take"
        - "when would it be here"
        - "how many days until it comes"

        It seems "the customer is in a hurry":
        - "I need it by Friday"
        - "please hurry, I leave tomorrow"
        - "as fast as you can"

        1. If it seems "the customer is in a hurry":
           - say "Express takes one working day."
        1. say "It takes 2 to 4 working days."
        """,
    ),
)  # fmt: skip
