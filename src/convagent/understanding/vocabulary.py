"""A shop's products, colours and sizes, prepared once to be found in messages."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from convagent.search.spelt_words import is_another_word
from convagent.understanding.lexicon import canonical_words, is_function_word
from convagent.understanding.normal import normalise
from convagent.understanding.number_words import NUMBER_WORDS
from convagent.understanding.slot import Slot

__all__ = ["SlotVocabulary", "Token", "is_common", "singular", "tokens_of"]

_TOKEN = re.compile(
    r"(?<![^\W_])(?P<elided>(?:[cdjlmnst]|qu)['’](?=[^\W\d_]{2}))|[^\W_]+(?:['’](?!s\b)[^\W_]+)*|\+", re.IGNORECASE
)
_JOINED = re.compile(r"^[\s\-–&'’]*$")  # what may stand between two words of one name
_FIGURES = {"1": "one", "2": "two", "3": "three", "4": "four", "plus": "+"}
_SMALL = frozenset(["the", "a", "an", "and", "of", "for", "with", "in", "on", "to", "from"])
_TIMES = frozenset(
    ["day", "days", "week", "month", "year", "time", "morning", "evening", "night", "hour", "today", "last", "first"]
)
_TRAILING = frozenset(["set", "pair", "pack", "trio", "duo", "spf"])
_MOST_CANDIDATES = 8
_MOST_CORRECTED = 40  # unknown words of one message that are looked up with typos
_SHORTEST_TYPO = 4
_SHORTEST_HALF, _LONGEST_JOINED = 3, 24


class Token(NamedTuple):
    """A word of a text: its plain form and where it stands."""

    plain: str
    start: int
    end: int


class _Window(NamedTuple):
    first: int
    last: int
    titles: frozenset[int]
    exact: bool


@dataclass(frozen=True)
class SlotVocabulary:
    """What a shop's customers may name. Make it with `SlotVocabulary.prepare`; immutable, threads may share it.

    Attributes:
        products: Titles by id.
        colours: Colours as the catalog writes them.
        sizes: Sizes as the catalog writes them.
        language: What all that is written in: a word of it is no slip for another one.
    """

    products: Mapping[str, str] = field(default_factory=dict)
    colours: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    language: str = "en"

    @classmethod
    def prepare(
        cls,
        *,
        products: Mapping[str, str],
        colours: Sequence[str] = (),
        sizes: Sequence[str] = (),
        language: str = "en",
    ) -> SlotVocabulary:
        """Prepare a vocabulary; takes about 0.1 s for 10,000 titles.

        Args:
            products: Titles by id. Several ids may share a title.
            colours: Colours as the catalog writes them.
            sizes: Sizes as the catalog writes them.
            language: What all that is written in.
        """
        made = cls(dict(products), tuple(dict.fromkeys(colours)), tuple(dict.fromkeys(sizes)), language)
        _ = made._index
        return made

    @property
    def nouns(self) -> frozenset[str]:
        """Words that products are called by, singular and plural: lamp, lamps."""
        return self._index.nouns

    def find(self, text: str) -> Iterator[Slot]:
        """The products that a message names, as slots of kind `product` (one is meant) or `products` (several fit).

        A whole title wins over part of one, and a longer one over a shorter: "Pip One S" is not "Pip One". Part of a
        title counts with its last word ("the harbour jacket"), or when two thirds of it are there, or when it is
        written in capitals as a name. Plurals and small slips of the keyboard are forgiven.
        """
        index = self._index
        if not index.titles:
            return
        tokens = self._regrouped(tokens_of(text), text)
        plain = self._corrected([token.plain for token in tokens])
        at = 0
        while at < len(tokens):
            window = self._window(text, tokens, plain, at)
            if window is None:
                at += 1
                continue
            start, end = tokens[window.first].start, tokens[window.last].end
            ids = tuple(key for title in sorted(window.titles) for key in index.ids[title])
            if len(ids) == 1:
                yield Slot("product", ids[0], text[start:end], start, end)
            elif len(ids) <= _MOST_CANDIDATES:
                yield Slot("products", ids, text[start:end], start, end)
            at = window.last + 1

    @cached_property
    def _index(self) -> _Index:
        return _Index.of(self.products)

    def _regrouped(self, tokens: list[Token], text: str) -> list[Token]:
        """Words of titles that a customer wrote in two ("tea pot") or two in one ("raincheck"), as titles have them."""
        members = self._index.members
        out: list[Token] = []
        for token in tokens:
            last = out[-1] if out else None
            if (
                last is not None
                and token.plain not in members
                and last.plain + token.plain in members
                and text[last.end : token.start] in (" ", "-")
            ):
                out[-1] = Token(last.plain + token.plain, last.start, token.end)
                continue
            at = self._seam(token.plain) if token.end - token.start == len(token.plain) else 0
            if at:
                middle = token.start + at
                out += [Token(token.plain[:at], token.start, middle), Token(token.plain[at:], middle, token.end)]
            else:
                out.append(token)
        return out

    def _seam(self, word: str) -> int:
        """Where a word falls into two that stand side by side in a title; 0 when it doesn't."""
        index = self._index
        if (
            not 2 * _SHORTEST_HALF <= len(word) <= _LONGEST_JOINED
            or word in index.members
            or singular(word) in index.members
        ):
            return 0
        seams = range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
        return next((at for at in seams if (word[:at], word[at:]) in index.pairs), 0)

    def _corrected(self, words: list[str]) -> list[str]:
        """Words with slips mended: what no title and no list of words has, becomes the one word of titles that is a slip away."""
        index, left = self._index, _MOST_CORRECTED
        out = []
        for word in words:
            known = word if word in index.members else singular(word)
            if known in index.members or len(word) < _SHORTEST_TYPO or left <= 0 or is_common(word):
                out.append(known if known in index.members else word)
                continue
            left -= 1
            slips = 1 if len(word) < 8 else 2
            near = process.extract(word, index.longer_words, scorer=OSA.distance, score_cutoff=slips, limit=2)
            single = len(near) == 1 or (len(near) == 2 and near[0][1] < near[1][1])
            is_slip = single and near[0][0][0] == word[0] and not is_another_word(word, str(near[0][0]), self.language)
            out.append(str(near[0][0]) if is_slip else word)
        return out

    def _window(self, text: str, tokens: list[Token], plain: list[str], first: int) -> _Window | None:
        """The longest run of words from `first` that names products."""
        index = self._index
        if plain[first] in _SMALL or plain[first] not in index.members:
            return None
        titles = index.members[plain[first]]
        best: _Window | None = None
        run: tuple[str, ...] = (plain[first],)
        capitals = _is_capital(text[tokens[first].start])
        last = first
        while True:
            exact = index.exact.get(run)
            if exact:
                best = _Window(first, last, frozenset(exact), exact=True)
            elif self._is_name(run, titles, capitals=capitals):
                best = _Window(first, last, frozenset(titles), exact=False)
            following = last + 1
            if following >= len(tokens) or not _JOINED.match(text[tokens[last].end : tokens[following].start]):
                break
            word = plain[following]
            if word == "and" and (*run, word) not in index.beginnings and following + 1 < len(tokens):
                # "orange peel and gossip candle" is written with an ampersand, which is no word.
                following, word = following + 1, plain[following + 1]
                if not _JOINED.match(text[tokens[following - 1].end : tokens[following].start]):
                    break
            if word in run and (*run, word) not in index.beginnings:
                break
            both = titles & index.members.get(word, frozenset())
            if not both:
                break
            titles, run, last = both, (*run, word), following
            capitals = capitals and (word in _SMALL or _is_capital(text[tokens[following].start]))
        return best

    def _is_name(self, run: tuple[str, ...], titles: frozenset[int], *, capitals: bool) -> bool:
        """Whether part of a title is enough to tell what is meant."""
        index = self._index
        solid = [word for word in run if word not in _SMALL]
        if not solid or run[-1] in _SMALL:
            return False
        if any(index.heads[title] == run[-1] for title in titles):
            alone = len(titles) <= _MOST_CANDIDATES and not is_common(run[-1]) and run[-1] not in NUMBER_WORDS
            return len(solid) > 1 or alone
        if len(solid) < 2:
            return False
        return capitals or all(3 * len(solid) > 2 * index.lengths[title] for title in titles)


@dataclass(frozen=True, slots=True)
class _Index:
    titles: tuple[tuple[str, ...], ...]
    ids: tuple[tuple[str, ...], ...]
    exact: Mapping[tuple[str, ...], tuple[int, ...]]
    beginnings: frozenset[tuple[str, ...]]
    pairs: frozenset[tuple[str, str]]
    members: Mapping[str, frozenset[int]]
    heads: tuple[str, ...]
    lengths: tuple[int, ...]
    longer_words: tuple[str, ...]
    nouns: frozenset[str]

    @classmethod
    def of(cls, products: Mapping[str, str]) -> _Index:
        grouped: dict[tuple[str, ...], list[str]] = {}
        for key, title in products.items():
            run = tuple(token.plain for token in tokens_of(title[:200]))
            while len(run) > 1 and run[0] in _SMALL:
                run = run[1:]
            if run:
                grouped.setdefault(run, []).append(key)
        titles = tuple(grouped)
        members: dict[str, set[int]] = {}
        beginnings: set[tuple[str, ...]] = set()
        for number, run in enumerate(titles):
            for length, word in enumerate(run, start=1):
                members.setdefault(word, set()).add(number)
                beginnings.add(run[:length])
        heads = tuple(_head(run) for run in titles)
        return cls(
            titles=titles,
            ids=tuple(tuple(keys) for keys in grouped.values()),
            exact={run: (number,) for number, run in enumerate(titles)},
            beginnings=frozenset(beginnings),
            pairs=frozenset(pair for run in titles for pair in itertools.pairwise(run)),
            members={word: frozenset(numbers) for word, numbers in members.items()},
            heads=heads,
            lengths=tuple(sum(word not in _SMALL for word in run) for run in titles),
            longer_words=tuple(word for word in members if len(word) >= _SHORTEST_TYPO),
            nouns=frozenset(form for head in heads if len(head) > 2 for form in (head, f"{head}s", f"{head}es")),
        )


def tokens_of(text: str) -> list[Token]:
    """The words of a text in plain form: lower case, no accents, possessive s off, small figures in words."""
    return list(_tokens(text)) if len(text) <= _REMEMBERED else _read_tokens(text)


_REMEMBERED = 1_000
"""Characters of a text whose words are remembered: a turn looks at the same messages and labels again and again."""


@lru_cache(maxsize=1_024)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(_read_tokens(text))


def _read_tokens(text: str) -> list[Token]:
    out = []
    for found in _TOKEN.finditer(text):
        if found["elided"]:
            continue
        word = found.group()
        plain = word.lower() if word.isascii() else unicodedata.normalize("NFKD", word).casefold()
        if not plain.isalnum():
            plain = "".join(char for char in plain if char.isalnum() or char == "+")
        if plain and not (plain == "s" and found.start() and text[found.start() - 1] in "'’"):
            out.append(Token(_FIGURES.get(plain, plain), *found.span()))
    return out


def _is_capital(char: str) -> bool:
    return char.isupper() or char.isdigit() or char == "+"


def _head(run: tuple[str, ...]) -> str:
    """The word that says what a product is: the last that is no figure, size or count."""
    for word in reversed(run):
        if len(word) > 2 and word not in _TRAILING and not any(char.isdigit() for char in word):
            return word
    return run[-1]


def singular(word: str) -> str:
    """A word without the ending of an English plural; a guess that is only good for comparing."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def is_common(word: str) -> bool:
    """Whether a word is an everyday one of customers, which is no slip for a title's word."""
    return (
        word in _TIMES
        or is_function_word(word)
        or any(stem.startswith("=") for stem in canonical_words(normalise(word)))
    )
