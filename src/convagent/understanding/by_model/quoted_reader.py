"""The embedded reader, given the words that a model quotes where it finds nothing by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from convagent.guidance.interpreter.world import Choice, Quote, Read, Reader, Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.understanding.by_model.sources import stands_in

__all__ = ["QuotedReader"]

_PICKS = frozenset({"one", "some", "each"})
_NUMBER = re.compile(r"\d{3,}")
_NEVER = frozenset({"confirmation", "yes_no"})
"""A yes or a no is the customer's alone."""


@dataclass(frozen=True, slots=True)
class QuotedReader:
    """Reads Needs as the embedded reader does; what it doesn't find, it is shown the quoted words for, as their answer.

    The model never gives a value: the reader reads it from words that the customer wrote, or a choice that is on offer is
    named. A yes or no, to a confirmation or to any other question, is never read from a quote.

    Attributes:
        reader: The embedded one.
    """

    reader: Reader

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:
        """What an utterance gives for a Need."""
        own = self.reader.read(wanted, utterance, direct=direct)
        if not utterance.quotes or wanted.kind in _NEVER or own.value is not UNKNOWN or own.other:
            return own
        quotes = [quote for quote in utterance.quotes if quote.need == wanted.name]
        quotes = [quote for quote in quotes if stands_in(quote.words, utterance.text)]
        if not quotes:
            return own
        if wanted.kind in _PICKS:
            return self._picked(wanted, quotes, own)
        return self._from_words(wanted, quotes[0], own) if len(quotes) == 1 else own

    def _from_words(self, wanted: Wanted, quote: Quote, own: Read) -> Read:
        read = self.reader.read(wanted, Utterance(quote.words, (wanted.name,)), direct=True)
        return read if read.value is not UNKNOWN else own

    def _picked(self, wanted: Wanted, quotes: Sequence[Quote], own: Read) -> Read:
        """The choices that the quotes name, if they are on offer; where several were as likely, one of those."""
        offered = own.unclear or wanted.choices
        keys: list[str] = []
        for quote in quotes:
            named = _named(quote, offered)
            if not named:
                read = self.reader.read(wanted, Utterance(quote.words, (wanted.name,)), direct=True)
                named = tuple(read.value) if isinstance(read.value, tuple) else ()
            keys += [key for key in named if key not in keys]
        allowed = {choice.key for choice in offered}
        if not keys or not set(keys) <= allowed or (wanted.kind == "one" and len(keys) != 1):
            return own
        places = {choice.key: place for place, choice in enumerate(wanted.choices)}
        source = " … ".join(quote.words for quote in quotes)[:120]
        return Read(tuple(sorted(keys, key=lambda key: places[key])), source)


def _named(quote: Quote, choices: Sequence[Choice]) -> tuple[str, ...]:
    """The key of the one choice that is called as the quote says; nothing where none is, or several are.

    A number in the customer's words is a name of that very choice: "1099" doesn't pick #1042, whoever says so.
    """
    wanted = " ".join(quote.choice.casefold().split())
    if not wanted:
        return ()
    found = [
        choice for choice in choices
        if any(" ".join(label.casefold().split()) == wanted for label in (choice.key, *choice.labels, *choice.aliases))
    ]  # fmt: skip
    if len(found) != 1:
        return ()
    names = " ".join((found[0].key, *found[0].labels, *found[0].aliases))
    return () if set(_NUMBER.findall(quote.words)) - set(_NUMBER.findall(names)) else (found[0].key,)
