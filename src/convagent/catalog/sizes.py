"""Sizes in a customer's and in a shop's words, read and made comparable."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from convagent.catalog.phrases import Mention, phrases_at, read_list

__all__ = ["plain_size", "read_sizes", "same_size", "size_key"]

_LETTERS = {
    "extra small": "xs", "x small": "xs", "small": "s", "medium": "m", "large": "l", "extra large": "xl", "x large": "xl",
    "xx small": "xxs", "xx large": "xxl", "2xl": "xxl", "3xl": "xxxl", "2xs": "xxs", "sm": "s", "med": "m", "lg": "l",
    "klein": "s", "mittel": "m", "groß": "l", "gross": "l", "petit": "s", "moyen": "m", "grand": "l",
}  # fmt: skip

_SYSTEM = re.compile(r"^(?:uk|eu|us|fr|it|de)\s*(?=[0-9])")
_MARKED = re.compile(r"\b(?:in\s+|en\s+)?(?:an?\s+)?(?:sizes?|sz|größe|groesse|grösse|taille)\s*:?\s+", re.IGNORECASE)
_IN = re.compile(r"\b(?:in|en)\s+(?:an?\s+)?", re.IGNORECASE)
_VALUE = re.compile(
    r"(?:(?:uk|eu|us|fr|it)\s?)?[0-9]{1,3}(?:[.,]5)?(?:\s?[x×]\s?[0-9]{1,3})?(?![\w%€£$])"
    r"|(?:xxs|xs|s|m|l|xl|xxl|xxxl|[2-5]xl|2xs|(?:extra[- ])?(?:small|large)|medium|one size)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?:(?:uk|eu|us)\s?[0-9]{1,2}(?:[.,]5)?|xxs|xs|xl|xxl|xxxl|[2-5]xl)\b(?![%€£$])", re.IGNORECASE)

_LETTER = re.compile(r"(?<![\w.,'’&+/-])(?<![0-9.]\s)[SML](?![\w'’&+/-]|\.\s?[A-Z])")
"""A capital that stands alone: "the navy one, L". Not "2 L", "L'Oréal", "H&M" or an initial."""


@lru_cache(maxsize=20_000)
def size_key(size: str) -> str:
    """A size for comparison: "Medium", "medium" and "M" are one; so are "EU38" and "eu 38"; units lose their spaces.

    Args:
        size: As written.
    """
    key = " ".join(re.sub(r"[-_]", " ", size.casefold()).split())
    key = _LETTERS.get(key, key)
    key = re.sub(r"^(uk|eu|us|fr|it|de)\s*(?=[0-9])", r"\1 ", key)
    key = re.sub(r"\s*[×x]\s*(?=[0-9])", "x", key)
    return re.sub(r"(?<=[0-9])\s+(?=(?:ml|cl|l|g|kg|cm|mm|m|years?|y)\b)", "", key)


@lru_cache(maxsize=20_000)
def plain_size(size: str) -> str:
    """A size for comparison without its system: "EU 38" and "38" are one.

    Args:
        size: As written.
    """
    return _SYSTEM.sub("", size_key(size))


def same_size(wanted: str, offered: str) -> bool:
    """Whether a shop's size is the one that was asked for.

    A number without a system ("38") meets the same number of any system ("EU 38"); two systems ("UK 8", "EU 8") never
    meet.

    Args:
        wanted: What the customer wrote.
        offered: The value of the option.
    """
    asked, had = size_key(wanted), size_key(offered)
    if asked == had:
        return True
    if _SYSTEM.match(asked) and _SYSTEM.match(had):
        return False
    return _SYSTEM.sub("", asked) == _SYSTEM.sub("", had) and asked[-1:].isdigit()


@lru_cache(maxsize=100)
def _keys(shop: frozenset[str]) -> frozenset[str]:
    """A shop's sizes for comparison: the same thousands in every search."""
    return frozenset(map(size_key, shop))


def read_sizes(text: str, *, shop: Collection[str] = ()) -> list[Mention]:
    """The sizes that a text asks for.

    After the word "size" any size is read; after an "in" only one that the shop has ("in medium"); elsewhere only what
    can't be anything else ("XL", "UK 12"), and a capital S, M or L by itself where the shop has that size.

    Args:
        text: In English, German or French.
        shop: The shop's sizes.

    Returns:
        The mentions in no particular order; they may overlap. Sizes are as the customer wrote them.
    """
    known = _keys_of(frozenset(shop))
    found: list[Mention] = []
    for pattern, sure in ((_MARKED, True), (_IN, False)):
        for match in pattern.finditer(text):
            read = _any if sure else _known
            sizes, end = read_list(text, match.end(), lambda text, at: read(text, at, known))  # noqa: B023
            if sizes:
                found.append((match.start(), end, sizes))
    found += [(*match.span(), (match[0],)) for match in _BARE.finditer(text)]
    if not text.isupper():
        found += [(*match.span(), (match[0],)) for match in _LETTER.finditer(text) if size_key(match[0]) in known]
    return found


@lru_cache(maxsize=20)
def _keys_of(sizes: frozenset[str]) -> frozenset[str]:
    """A shop's sizes as they are compared."""
    return frozenset(map(size_key, sizes))


def _known(text: str, at: int, known: frozenset[str]) -> tuple[str, int] | None:
    return next(((phrase, end) for phrase, end in phrases_at(text, at) if size_key(phrase) in known), None)


def _any(text: str, at: int, known: frozenset[str]) -> tuple[str, int] | None:
    listed, match = _known(text, at, known), _VALUE.match(text, at)
    if match and (listed is None or match.end() > listed[1]):
        return match[0], match.end()
    return listed
