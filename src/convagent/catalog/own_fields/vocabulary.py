"""What a catalog calls its own fields and their values, ready to be met in a shopper's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["NO", "NOTHING", "YES", "FieldWords", "OwnVocabulary", "Phrase"]

Phrase = tuple[str, ...]

YES = frozenset("yes true ja oui y".split())
NO = frozenset("no false nein non n".split())
NOTHING = frozenset("none no 0 free zero nil without keine kein ohne nein aucun aucune sans non".split())
"""Values that say that there is nothing of what the field is about."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field with its words.

    Args:
        name: As it is shown.
        words: Its name's words as they are compared.
        values: Its values as they are compared, each with the shop's own spelling, the commonest one.
        times: How many products say each value.
        said: How many products say it, by their kind.
        is_yes_or_no: Whether every value is a yes or a no.
        unit: The unit of its figures, "" for bare ones; None where it isn't counted.
        has_ranges: Whether a figure of it is a range.
        nothing: Its values that say there is none, in the shop's spelling.
    """

    name: str
    words: Phrase
    values: Mapping[Phrase, str]
    times: Mapping[Phrase, int]
    said: Mapping[str | None, int]
    is_yes_or_no: bool
    unit: str | None
    has_ranges: bool
    nothing: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many products say it."""
        return sum(self.said.values())


@dataclass(frozen=True, slots=True)
class OwnVocabulary:
    """All fields of a catalog.

    Args:
        fields: By their name.
        phrases: The values as they are compared, with the names of the fields that have them.
        parts: Single words of longer values, likewise, with those values.
        kinds: The shop's kinds as they are compared, with their spellings.
        products: How many products there are of each kind.
        words: Every word of a name, a value or a kind.
        language: Of the products' texts.
        measured: Typed measures that products say, such as "weight".
        coloured: Kinds with products of which a colour can be chosen, or is said.
    """

    fields: Mapping[str, FieldWords] = field(default_factory=dict)
    phrases: Mapping[Phrase, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[tuple[str, Phrase], ...]] = field(default_factory=dict)
    kinds: Mapping[Phrase, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[str | None, int] = field(default_factory=dict)
    coloured: frozenset[str | None] = frozenset()
    words: frozenset[str] = frozenset()
    language: str = "en"
    measured: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many products there are."""
        return sum(self.products.values())
