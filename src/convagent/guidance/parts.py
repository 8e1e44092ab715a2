"""Where the words of a text come from: a text that knows which of its stretches are ours and which were put in.

A `Worded` is a text like any other. What is done to it as to any text gives a plain one again, which counts as our own
words throughout: a stretch is never taken for somebody else's by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["Part", "Source", "Worded", "filled", "joined", "parts_of"]

Source = Literal["own", "asked", "value", "cited", "product"]
"""`own`: guides' texts, the language's phrases, voice, handover texts, what a model words; `asked`: the same within a
question to the customer; `value`: what a mark was filled with, be it a fact, an action's result or the customer's words;
`cited`: an article's passage or title; `product`: a product's line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text.

    Attributes:
        text: Its words.
        source: Where they come from.
    """

    text: str
    source: Source = "own"


class Worded(str):
    """A text with its parts, which make it up in order."""

    __slots__ = ("parts",)
    parts: tuple[Part, ...]

    def __new__(cls, parts: Iterable[Part]) -> Worded:
        """The text of the parts; empty ones are left out."""
        kept = [part for part in parts if part.text]
        made = super().__new__(cls, "".join([part.text for part in kept]))
        made.parts = tuple(kept)
        return made

    def __reduce__(self) -> tuple[type[Worded], tuple[tuple[Part, ...]]]:
        """Copies and pickles keep the parts."""
        return Worded, (self.parts,)


def parts_of(text: str, source: Source = "own") -> tuple[Part, ...]:
    """The parts of a text; one of `source` where it doesn't know better."""
    if isinstance(text, Worded):
        return text.parts
    return (Part(text, source),) if text else ()


def joined(texts: Iterable[str], between: str = " ") -> Worded:
    """Texts one after the other, each with its parts."""
    parts: list[Part] = []
    for number, text in enumerate(texts):
        if number and between:
            parts.append(Part(between))
        parts.extend(parts_of(text))
    return Worded(parts)


def filled(words: str, values: dict[str, str]) -> Worded:
    """Own words with `{name}` marks, each filled with a value.

    Args:
        words: Ours, in the notation of `str.format` with names alone.
        values: By name; a `Worded` keeps its parts, a plain text counts as a value.
    """
    from string import Formatter

    parts: list[Part] = []
    for literal, name, _spec, _conversion in Formatter().parse(words):
        parts.append(Part(literal))
        if name is not None:
            parts.extend(parts_of(values[name], "value"))
    return Worded(parts)
