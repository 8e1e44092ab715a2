"""Wishes made ready for a catalog: the names in them looked up, slips of the pen mended, words grouped by meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from convagent.catalog.constraints import Vocabulary
from convagent.catalog.knowing.links import what_came_after
from convagent.catalog.segment import Segment
from convagent.catalog.titles import NamedProduct
from convagent.catalog.wishes.lexicon import LANGUAGES, Concept
from convagent.catalog.wishes.mending import Mender
from convagent.catalog.wishes.model import Wish
from convagent.catalog.wishes.reading import Group, groups_of, read_wish
from convagent.facts import Product
from convagent.search import base_language

__all__ = ["MAX_TEXT", "Asked", "Asker"]

MAX_TEXT = 1_000
"""Characters of a text that are looked at; a longer one is no search."""

_REMEMBERED = 64
"""Texts whose wishes are kept, since one message is looked at several times in a turn."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish, made ready for the segments of a catalog.

    Args:
        wish: The wish.
        groups: Its words by meaning.
        language: The language of the words.
        text: What was written, for names; empty for a wish that came without.
        meaning: What is looked for by meaning.
        names: Ids of products with what naming them is worth and by what they are named.
        variant_ids: Variants that are named.
    """

    wish: Wish
    groups: tuple[Group, ...]
    language: str
    text: str = ""
    meaning: str = ""
    names: dict[str, tuple[float, str]] = field(default_factory=dict)
    variant_ids: frozenset[str] = frozenset()

    def given_up(self, wish: Wish) -> Asked:
        """The same, with another wish of the same words."""
        return replace(self, wish=wish)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self.wish.is_empty and not self.names

    @property
    def heads(self) -> tuple[Concept, ...]:
        """The kinds of product that are looked for."""
        return tuple(each for group in self.groups if group.head for each in group.concepts if each.sort == "kind")


class Asker:
    """Makes wishes ready for a catalog as it is made of segments; built once, safe to share between threads.

    Args:
        segments: The products.
        vocabulary: What the catalog calls its sizes and colours.
        language: Language of the products' texts, without its country.
    """

    def __init__(self, segments: Sequence[Segment], *, vocabulary: Vocabulary, language: str) -> None:
        self._segments = tuple(segments)
        self._vocabulary = vocabulary
        self._language = language
        self._mender = Mender(self._segments[-1].index, language=self._language)
        self._recent: dict[tuple[str, str | None], Asked] = {}

    def asked(self, wish: Wish | str, *, language: str | None = None) -> Asked:
        """A wish made ready.

        Args:
            wish: What is wished for, or a shopper's words; their first 1,000 characters are looked at.
            language: Language of the words; None to find out.
        """
        if not isinstance(wish, str):
            return self._given(wish, language)
        key = wish[:MAX_TEXT], language
        found = self._recent.get(key)
        if found is None:
            found = self._read(*key)
            if len(self._recent) >= _REMEMBERED:
                self._recent = {}
            self._recent[key] = found
        return found

    def _read(self, text: str, language: str | None) -> Asked:
        found = [(segment, name) for segment in self._segments for name in segment.names.find(text)]
        spans = tuple(dict.fromkeys((name.start, name.end) for _, name in found))
        read = read_wish(
            text, self._vocabulary, language=_spoken(language), usual_language=self._language, spare=spans, mend=self._mender.mend
        )  # fmt: skip
        like_spans = {span for span, is_like in zip(spans, read.like, strict=True) if is_like}
        names: dict[str, tuple[float, str]] = {}
        like: dict[str, None] = {}
        for segment, name in found:
            if not segment.alive[name.number]:
                continue
            if (name.start, name.end) in like_spans:
                like[segment.store[name.number].id] = None
            else:
                self._note(names, segment, name, whole=3.0, within=2.0)
        rest = _without(text, spans)
        for segment in self._segments:
            guess = segment.index.mended_names(rest)
            if guess != rest:
                for name in segment.names.find(guess):
                    if (name.whole or name.words > 1) and segment.alive[name.number]:
                        self._note(names, segment, name, whole=1.5, within=1.5)
        variant_ids = frozenset(name.variant_id for _, name in found if name.variant_id)
        wish = replace(read.wish, named=tuple(names), like=tuple(like))
        return self._with_like(Asked(wish, read.groups, read.language, text, wish.text, names, variant_ids))

    def _note(
        self, names: dict[str, tuple[float, str]], segment: Segment, name: NamedProduct, *, whole: float, within: float
    ) -> None:
        """Notes a product that is named; of one that is sold no longer the one that came after it, too."""
        product = segment.store[name.number]
        worth, by = whole if name.whole else within, name.by
        if product.id not in names or names[product.id][0] < worth:
            names[product.id] = worth, by
        if product.status is not None and product.status != "active":
            for after in what_came_after(product, self._product):
                if after.id not in names or names[after.id][0] < worth - 0.05:
                    names[after.id] = worth - 0.05, "title"

    def _product(self, key: str) -> Product | None:
        for segment in reversed(self._segments):
            found = segment.by_key(key)
            if found is not None and segment.alive[found[0]]:
                return segment.store[found[0]]
        return None

    def _given(self, wish: Wish, language: str | None) -> Asked:
        spoken = _spoken(language or wish.language) or self._language
        names: dict[str, tuple[float, str]] = {}
        for key in wish.named:
            product = self._product(key)
            if product is not None:
                names[product.id] = 2.0, "title"
        meaning = " ".join((wish.text, *(kind for kind in wish.kinds if kind not in wish.text))).strip()
        groups = groups_of(wish, spoken)
        return self._with_like(Asked(wish, groups, spoken, "", meaning, names))

    def _with_like(self, asked: Asked) -> Asked:
        """With the words of the products that it should be like."""
        if not asked.wish.like:
            return asked
        groups, meaning = list(asked.groups), [asked.meaning]
        for key in asked.wish.like:
            product = self._product(key)
            if product is None:
                continue
            told = " ".join(filter(None, (product.kind, *product.tags)))
            read = read_wish(product.kind or product.title, Vocabulary(), language=self._language)
            groups += read.groups
            groups += [replace(each, weight=0.4, head=False) for each in
                       read_wish(" ".join(product.tags), Vocabulary(), language=self._language).groups]  # fmt: skip
            meaning.append(f"{told} {(product.description or '')[:200]}")
        return replace(asked, groups=tuple(groups), meaning=" ".join(filter(None, meaning)), language=self._language)


def _spoken(language: str | None) -> str | None:
    base = base_language(language) if language else None
    return base if base in LANGUAGES else None


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text
