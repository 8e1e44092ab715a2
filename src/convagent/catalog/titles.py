"""Names of products in a customer's words: titles, handles and SKUs, with near-identical titles kept apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convagent.facts import Product

__all__ = ["NamedProduct", "ProductNames", "name_words"]

_WORD = re.compile(r"[^\W_]+|\+")
_CODE = re.compile(r"[^\W_][^\s,;:!?()\"'/]*")
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une"))
_COMMON = frozenset(
    ("it", "you", "this", "that", "one", "all", "more", "new", "the", "her", "his", "set", "kit", "gift", "box")
)
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product that a text names.

    Args:
        number: The product's place in the catalog, from 0.
        start: Where its name begins in the text.
        end: Where it ends.
        by: `sku`, `handle` or `title`.
        whole: Whether the text says nothing else.
        words: How many words of the text the name takes.
        variant_id: The variant, when a SKU names it.
    """

    number: int
    start: int
    end: int
    by: str
    whole: bool
    words: int = 1
    variant_id: str | None = None


def name_words(text: str) -> list[str]:
    """The words of a name for comparison: case, accents' composition and punctuation don't count, a "+" is "plus".

    Args:
        text: A title, a handle or part of a customer's message.
    """
    return [word for word, _, _ in _words(text)]


def _words(text: str) -> list[tuple[str, int, int]]:
    return [
        ("plus" if match[0] == "+" else unicodedata.normalize("NFKC", match[0]).casefold(), *match.span())
        for match in _WORD.finditer(text)
    ]


class ProductNames:
    """Finds the products that a text names.

    A longer name hides the shorter ones within it: "Pip One S" names the Pip One S alone, not the Pip One. Names are
    also found when they are written without their spaces ("PipOne S") or without the article before them.

    Args:
        products: The catalog's products in their order.
    """

    def __init__(self, products: Sequence[Product]) -> None:
        self._skus: dict[str, tuple[int, str]] = {}
        self._handles: dict[str, int] = {}
        self._titles: dict[str, list[int]] = {}
        self._run_together: dict[str, list[int]] = {}
        for number, product in enumerate(products):
            for variant in product.variants:
                if variant.sku:
                    self._skus.setdefault(variant.sku.casefold(), (number, variant.id))
            for handle in filter(None, (product.handle, product.id)):
                self._handles.setdefault(handle.casefold(), number)
            words = tuple(name_words(product.title))
            for name in {words, _without_article(words)} - {()}:
                self._titles.setdefault(" ".join(name), []).append(number)
                together = self._run_together.setdefault("".join(name), [])
                if number not in together:
                    together.append(number)
        self._longest = min(_LONGEST, max((title.count(" ") + 1 for title in self._titles), default=0) + 2)

    def find(self, text: str) -> tuple[NamedProduct, ...]:
        """The products that a text names, in its order; several products with one title are all named by it.

        Args:
            text: A customer's words.
        """
        found = [*self._codes(text), *self._titled(text)]
        return tuple(
            named
            for named in found
            if not any(
                other is not named
                and other.start <= named.start
                and named.end <= other.end
                and (other.end - other.start) > (named.end - named.start)
                for other in found
            )
        )

    def _codes(self, text: str) -> Iterable[NamedProduct]:
        """SKUs and handles; in running text only such as can't be ordinary words or small numbers."""
        whole = text.strip()
        start = text.find(whole)
        seen: set[tuple[int, int]] = set()
        for code, at, alone in [
            (whole, start, True),
            *((match[0].rstrip("."), match.start(), False) for match in _CODE.finditer(text)),
        ]:
            key, span = code.casefold(), (at, at + len(code))
            if not key or span in seen:
                continue
            seen.add(span)  # a text of one code only is met twice, alone first
            if key in self._skus and (alone or _telling(key)):
                number, variant_id = self._skus[key]
                yield NamedProduct(number, *span, by="sku", whole=alone, variant_id=variant_id)
            elif key in self._handles and (alone or "-" in key):
                yield NamedProduct(self._handles[key], *span, by="handle", whole=alone)

    def _titled(self, text: str) -> Iterable[NamedProduct]:
        words = _words(text)
        for first in range(len(words)):
            for last in range(min(first + self._longest, len(words)), first, -1):
                name = tuple(word for word, _, _ in words[first:last])
                whole = last - first == len(words)
                if len(name) == 1 and not whole and (name[0] in _COMMON or len(name[0]) < 3):
                    continue
                numbers = self._titles.get(" ".join(name)) or self._run_together.get("".join(name), [])
                for number in numbers:
                    yield NamedProduct(
                        number, words[first][1], words[last - 1][2], by="title", whole=whole, words=len(name)
                    )
                if numbers:
                    break


def _without_article(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if len(words) > 2 and words[0] in _ARTICLES else words


def _telling(code: str) -> bool:
    """Whether a code can't be an ordinary word or a small number."""
    digits = sum(character.isdigit() for character in code)
    if digits == len(code):
        return digits >= 5
    return len(code) >= 4 and (digits > 0 or "-" in code)
