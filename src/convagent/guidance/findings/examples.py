"""G6, as the matcher sees it: what examples teach it. Found by `convagent guidance triggers`, never by `check`."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["EXAMPLE_CODES"]

_STATUS = """
        # Where is my order

        When the customer asks where the order is:
        - "where is my parcel?"
        - "has my order been sent yet"
        - "when will the delivery arrive"
        - "I would like to know what became of my parcel"
        - "tracking please"
        - "my package has not come so far"
        - "is it with the courier already"
        - "how long until it is delivered"

        1. say "Your parcel is on its way."
"""

_INVOICE = """
        # Send an invoice

        When the customer asks for an invoice:
        - "can I have an invoice"
        - "send me the bill please"
        - "I need a receipt for my tax office"
        - "the invoice was not in the box"
        - "please make out an invoice to my company"
        - "where do I download my bill"
        - "a receipt for the order please"
        - "my accountant wants an invoice"

        1. say "Invoices are sent by e-mail."
"""

EXAMPLE_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G611", "warning", "Two guides that can't be told apart",
        why="""Each example is taken out in turn, and the matcher is asked for it as for a customer's message. Here it names the
        other guide: a customer who writes so gets the wrong one, or is asked which of the two is meant.""",
        avoid=_STATUS + """
        # A late parcel

        When the customer says that a parcel is late:
        - "where is my parcel"
        - "when will the delivery arrive at last"
        - "has my order not been sent yet?"

        1. hand over to "care" because outside_scope
        """,
        prefer=_STATUS + _INVOICE,
        command="triggers",
    ),
    entry(
        "G612", "warning", "A guide that its own examples don't reach",
        why="""More than half of the examples mean nothing, or another guide, when each is left out in turn. They have little in
        common, so that a customer's own words will hardly be taken for the guide.""",
        avoid=_STATUS + """
        # A late parcel

        When the customer says that a parcel is late:
        - "where is my parcel then"
        - "when will the delivery arrive at last"
        - "has my order not been sent yet?"
        - "what became of my parcel"
        - "tracking, please"

        1. hand over to "care" because outside_scope
        """,
        prefer=_STATUS + _INVOICE,
        command="triggers",
    ),
    entry(
        "G613", "info", "Fewer examples than the matcher learns well from",
        why="""From three examples on a guide is matched, eight in different words are good: `G507` tells of fewer than three,
        this of fewer than eight. Messages that customers wrote are the best examples.""",
        avoid="""
        # Send an invoice

        When the customer asks for an invoice:
        - "can I have an invoice"
        - "send me the bill please"
        - "I need a receipt for my tax office"

        1. say "Invoices are sent by e-mail."
        """,
        prefer=_INVOICE,
        command="triggers",
    ),
    entry(
        "G614", "warning", "Messages that no guide takes",
        why="""With `--tickets FILE`: past messages that no guide takes and no article answers, two or more of a kind. The
        report groups them by theme and writes a guide to start from, or
        proposes an article where most ask how things are in general.""",
        avoid=_STATUS,
        prefer=_STATUS + _INVOICE,
        command="triggers",
    ),
)  # fmt: skip
