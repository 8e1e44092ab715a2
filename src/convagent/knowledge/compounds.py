"""Words put together to one, as German and its neighbours do it.

A question about "Zoll" meets an article on "Zollgebühren", one about a "Kinderfahrradhelm" an article on helmets.
Nothing is split by a dictionary of compounds: a word of the articles counts for a word of the question where it begins or ends
with it and the rest is a word as well.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

from convagent.search import Tokeniser
from convagent.search.written_words import written_words

__all__ = ["COMPOUNDING", "Compounds"]

COMPOUNDING: Final = frozenset({"de", "nl", "sv", "da", "nb", "nn", "no"})
"""Languages that write compounds as one word."""

_SHORTEST, _SHORTEST_REST = 4, 3
_LINKS: Final = ("", "s", "n", "en", "es", "e", "er")
"""What stands between the parts: Rückgabe-recht, Lieferung-s-adresse, Tasche-n-lampe."""

_MOST = 4
"""Compounds that one word of a question stands for, the shortest first."""

_BESIDE, _IN_PLACE = 0.5, 0.75
"""What a compound counts beside a word that the articles have themselves, and in place of one that they don't have."""


class Compounds:
    """The compounds among the articles' words of one language.

    Args:
        vocabulary: The articles' terms, sorted; those of several words are passed over.
        tokeniser: What made them.
    """

    def __init__(self, vocabulary: Sequence[str], tokeniser: Tokeniser) -> None:
        self._vocabulary = vocabulary
        self._tokeniser = tokeniser

    def widened(self, terms: Counter[str]) -> dict[str, float]:
        """A question's terms, each with what it counts, and the articles' terms that are parts of them or have them as a part.

        Args:
            terms: As the articles' index has them.
        """
        wide: dict[str, float] = {}
        for term, times in terms.items():
            others = self._partners(term) if term.isalpha() and len(term) >= _SHORTEST else ()
            is_known = term in self._known
            if is_known or not others:
                wide[term] = wide.get(term, 0.0) + times
            for other in others:
                if other not in terms:
                    wide[other] = max(
                        wide.get(other, 0.0), times * (_BESIDE if is_known else _IN_PLACE) / len(others) ** 0.5
                    )
        return wide

    @cached_property
    def _words(self) -> list[str]:
        return [term for term in self._vocabulary if term.isalpha() and len(term) >= _SHORTEST]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._words)

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(word[::-1] for word in self._words)

    def _partners(self, term: str) -> tuple[str, ...]:
        longer = [
            *(word for word in _beginning(self._words, term) if self._is_word(word[len(term) :])),
            *(
                word
                for back in _beginning(self._reversed, term[::-1])
                if self._is_modifier((word := back[::-1])[: -len(term)])
            ),
        ]
        if term in self._known:
            return tuple(sorted(dict.fromkeys(longer), key=_shortest_first)[:_MOST])
        cuts = range(_SHORTEST_REST, len(term) - _SHORTEST_REST + 1)
        ends = [term[cut:] for cut in cuts if term[cut:] in self._known and self._is_modifier(term[:cut])]
        begins = [term[:cut] for cut in reversed(cuts) if term[:cut] in self._known and self._is_word(term[cut:])]
        # What it is, and what it is one of, each by the longest word that the articles have.
        return tuple(dict.fromkeys([*ends[:1], *begins[:1], *sorted(longer, key=_shortest_first)[:_MOST]]))

    def _is_word(self, rest: str) -> bool:
        """Whether what follows a word in a compound is a word, a link before it aside."""
        return any(
            rest.startswith(link) and len(rest) - len(link) >= _SHORTEST_REST and self._is_known(rest[len(link) :])
            for link in _LINKS
        )

    def _is_modifier(self, rest: str) -> bool:
        """Whether what stands before a word in a compound is a word or a compound itself, a link behind it aside."""
        if any(map(self._is_known, _without_link(rest))):
            return True
        return any(
            self._is_known(word[cut:]) and any(map(self._is_known, _without_link(word[:cut])))
            for word in _without_link(rest)
            for cut in range(_SHORTEST_REST, len(word) - _SHORTEST_REST + 1)
        )

    def _is_known(self, word: str) -> bool:
        return word in self._known or word in _stems(self._tokeniser.language)


def _without_link(part: str) -> list[str]:
    return [
        part.removesuffix(link) for link in _LINKS if part.endswith(link) and len(part) - len(link) >= _SHORTEST_REST
    ]


def _shortest_first(word: str) -> tuple[int, str]:
    return len(word), word


@lru_cache(maxsize=8)
def _stems(language: str) -> frozenset[str]:
    """Words of the encoders' vocabularies as terms of a language."""
    tokeniser = Tokeniser(language, stop_words=frozenset())
    return frozenset(tokeniser.terms_of([*sorted(written_words()), *_COMMON_PARTS.get(language, "").split()]))


_COMMON_PARTS: Final = {
    "de": (
        "gebühr gebühren kosten frist zeit adresse anschrift nummer karte code schein recht pflicht schutz garantie steuer preis"
        " größe maß farbe gewicht dauer versand lieferung sendung rückgabe umtausch etikett zahlung rechnung bestellung gutschein"
        " konto kunde kunden service hilfe termin werkstatt tasche schuh hose jacke rad fahrrad helm lampe möbel küche"
        " garten kinder damen herren winter sommer regen reise schule büro papier leder holz glas stahl wolle seife öl tee"
    ),
    "nl": "kosten termijn tijd adres nummer kaart code recht garantie prijs maat kleur gewicht verzending levering retour",
}
"""What shops' words are often put together of, and the vocabularies don't have."""


def _beginning(words: Sequence[str], start: str) -> list[str]:
    """The words of a sorted list that begin so and go on."""
    at, found = bisect_left(words, start), []
    while at < len(words) and words[at].startswith(start):
        if len(words[at]) >= len(start) + _SHORTEST_REST:
            found.append(words[at])
        at += 1
    return found
