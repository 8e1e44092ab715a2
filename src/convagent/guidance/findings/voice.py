"""G5, as the shop's voice has it: words, register and loudness. Found where `[voice]` says how the shop speaks."""

from __future__ import annotations

from convagent.guidance.findings.entry import CodeEntry, entry

__all__ = ["VOICE_CODES"]

VOICE_CODES: tuple[CodeEntry, ...] = (
    entry(
        "G511", "warning", "A word that the voice avoids",
        why="""The shop decided not to speak so. All forms of a word count, in guides, translations and the other texts of
        the shop; what a chat model words is held to the same list.""",
        avoid="""
        1. say "No problem, it takes 2 to 4 working days."
        """,
        prefer="""
        1. say "It takes 2 to 4 working days."
        """,
        configure="`avoid` below `[voice]`, and below `[voice.languages.de]` for one language; docs/voice.md.",
        settings="""
        [voice]
        avoid = ["no problem"]
        """,
    ),
    entry(
        "G512", "warning", "A word that the voice has another for",
        why="One thing has one name, in guides and in what a chat model words.",
        avoid="""
        1. say "Your package is on its way."
        """,
        prefer="""
        1. say "Your parcel is on its way."
        """,
        configure="`use` below `[voice]`: the shop's words by those that they replace; docs/voice.md.",
        settings="""
        [voice]
        use = { package = "parcel" }
        """,
    ),
    entry(
        "G513", "warning", "The wrong way to speak to a customer",
        why="""German Sie and du, French vous and tu: one text that says both, or the one that the voice doesn't say, reads as if
        two people had written it. In English it is a phrase that is too formal or too casual.""",
        avoid="""
        1. say "Hey, it takes 2 to 4 working days."
        """,
        prefer="""
        1. say "It takes 2 to 4 working days."
        """,
        configure="`register` below `[voice]`: `formal`, `informal` or `neutral`; docs/voice.md.",
        settings="""
        [voice]
        register = "formal"
        """,
    ),
    entry(
        "G514", "warning", "Louder than the voice",
        why="More emoji or exclamation marks than the voice has, or words in capitals.",
        avoid="""
        1. say "It takes only 2 to 4 working days!"
        """,
        prefer="""
        1. say "It takes 2 to 4 working days."
        """,
        configure="`emoji` and `exclamation_marks` below `[voice]`; docs/voice.md.",
        settings="""
        [voice]
        exclamation_marks = 0
        """,
    ),
)  # fmt: skip
