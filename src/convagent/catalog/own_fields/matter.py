"""Which of the shop's fields a shopper's word is meant of: that whose name stands beside it, else that of what is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from convagent.catalog.colours import plain_colours_in
from convagent.catalog.own_fields.abroad import at_home
from convagent.catalog.own_fields.sought import Sought, sought_kinds
from convagent.catalog.own_fields.vocabulary import FieldWords, OwnVocabulary
from convagent.catalog.own_fields.words import Token, tokens_of
from convagent.catalog.wishes.circumstances import follows_a_doer, is_owned
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon

__all__ = ["Matter"]

_NEAR = 3
"""Words between a value and the name of its field, at most."""

_COMMON = 0.25
"""A field that so many products say is one of the shop's matters, whatever is looked for."""

_OF_KIND = 0.2
"""Likewise of the kind that is looked for."""

_SCALE = frozenset(
    "yes no none all other any low medium high small large big regular normal standard full half light new old single double one "
    "two three ja nein kein alle klein gross mittel hoch niedrig leicht neu oui non petit grand moyen haut bas faible fort "
    "simple".split()
)
"""Words that mean something else beside each field: alone they tell none."""

_SIDES = {"wid": "width", "wide": "width", "breit": "breite", "high": "height", "tall": "height", "hoch": "hohe",
          "long": "length", "lang": "lange", "deep": "depth", "thick": "thickness"}  # fmt: skip


class Matter:
    """A shopper's text with the kinds that it looks for, and the fields that these have.

    Args:
        text: A shopper's words.
        vocabulary: What the catalog calls its fields.
        language: Of the words.
    """

    def __init__(self, text: str, vocabulary: OwnVocabulary, language: str) -> None:
        self.text, self.known = text, vocabulary
        self.tokens: list[Token] = at_home(text, tokens_of(text), vocabulary, language)
        self.sought: Sought = sought_kinds(text, self.tokens, vocabulary, language)
        self.language = language if language in LANGUAGES else "en"
        self.taken: set[int] = set()

    def _tells_alone(self, phrase: Sequence[str], at: int) -> bool:
        """Whether a value needs no name beside it."""
        if len(phrase) > 1:
            return not all(word in _SCALE for word in phrase)
        word = phrase[0]
        return len(word) > 1 and not word[0].isdigit() and word not in _SCALE and not self.tokens[at].says_nothing

    def _meant(self, names: Iterable[str], first: int, last: int, *, alone: bool) -> list[FieldWords]:
        """The fields that a value may be meant of: those whose names stand near; else those that are of the matter."""
        fields = [self.known.fields[name] for name in names]
        near = [field for field in fields if self._is_named(field, first, last)]
        if near:
            most = max(self._named(field, first, last) for field in near)
            return [field for field in near if self._named(field, first, last) >= most]
        if not alone:
            return []
        return [field for field in fields if self._is_of_the_matter(field, first, last)]

    def _is_named(self, field: FieldWords, first: int, last: int) -> bool:
        return self._named(field, first, last) > 0 and (not self.sought.kinds or self._share(field) > 0)

    def _named(self, field: FieldWords, first: int, last: int) -> float:
        """How much of a field's name stands beside a value; words that name the kind count, but tell nothing alone."""
        words = field.words
        around = {
            _SIDES.get(self.tokens[place].key, self.tokens[place].key)
            for place in range(max(0, first - _NEAR), min(len(self.tokens), last + _NEAR + 1))
            if not first <= place <= last and place not in self.taken
        }
        found = [word for word in words if word in around and word not in self.sought.words]
        if not found:
            return 0.0
        return (len(found) + sum(word in self.sought.words for word in words)) / len(words)

    def _share(self, field: FieldWords) -> float:
        """How many of the products that are looked for say a field."""
        kinds = self.sought.kinds or self.known.products
        total = sum(self.known.products.get(kind, 0) for kind in kinds)
        return sum(field.said.get(kind, 0) for kind in kinds) / total if total else 0.0

    def _is_of_the_matter(self, field: FieldWords, first: int, last: int) -> bool:
        words = self.text[self.tokens[first].start : self.tokens[last].end]
        if self.sought.kinds:
            least = _OF_KIND if not field.is_yes_or_no and self._is_common(first, last) else 0.0
            if self._share(field) <= least:
                return False
            return not (plain_colours_in(words) and self.sought.has_colours)
        if any(self._is_common(place, place) for place in range(first, last + 1)) or (
            first == last and (plain_colours_in(words) or self._is_of_a_phrase(first))
        ):
            return self._share(field) >= _COMMON and not plain_colours_in(words)
        return True

    def _is_common(self, first: int, last: int) -> bool:
        """Whether words together mean a kind, a quality or a material to any shopper."""
        words = self.text[self.tokens[first].start : self.tokens[last].end]
        met = the_lexicon().read(words, (self.language,))
        return all(each.concepts for each in met) and any(
            concept.sort in {"quality", "material"} or concept.name in self.sought.sold
            for each in met
            for concept in each.concepts
        )

    def _is_of_a_phrase(self, at: int) -> bool:
        """Whether a word belongs to something that any shopper may mean, such as "dry" to "dry skin"."""
        token = self.tokens[at]
        return the_lexicon().has_word(self.text[token.start : token.end], self.language)

    def _is_theirs(self, at: int) -> bool:
        """Whether a word is said of what somebody has: "I have an oak floor"."""
        before = self.text[: self.tokens[at].start]
        return is_owned(before) or follows_a_doer(before)
