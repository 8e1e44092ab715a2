"""What a catalog calls its own fields and their values, ready to be met in a shopper's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

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


@dataclass(frozen=True)
class OwnVocabulary:
    """All fields of a catalog. What is looked up for every word of a message is made at the first one.

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

    @cached_property
    def fields_of_word(self) -> Mapping[str, tuple[FieldWords, ...]]:
        """The fields with a word in their name, in the order of all fields."""
        found: dict[str, list[FieldWords]] = {}
        for each in self.fields.values():
            for word in dict.fromkeys(each.words):
                found.setdefault(word, []).append(each)
        return {word: tuple(those) for word, those in found.items()}

    @cached_property
    def counted(self) -> tuple[FieldWords, ...]:
        """The fields with figures."""
        return tuple(each for each in self.fields.values() if each.unit is not None)

    @cached_property
    def words_of_counted(self) -> frozenset[str]:
        """The words in the names of the fields with figures."""
        return frozenset(word for each in self.counted for word in each.words)

    @cached_property
    def kinds_ending_in(self) -> Mapping[str, tuple[str, ...]]:
        """The kinds of several words by the last one."""
        found: dict[str, list[str]] = {}
        for phrase, kinds in self.kinds.items():
            if len(phrase) > 1:
                found.setdefault(phrase[-1], []).extend(kinds)
        return {word: tuple(kinds) for word, kinds in found.items()}

    @cached_property
    def kinds_of_one_word(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The kinds of a single word, with that word."""
        return tuple((phrase[0], kinds) for phrase, kinds in self.kinds.items() if len(phrase) == 1)

    @cached_property
    def names_of_kinds(self) -> tuple[str, ...]:
        """The kinds of products that are sold."""
        return tuple(kind for kind in self.products if kind)
