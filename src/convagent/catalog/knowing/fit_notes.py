"""What a shop says of how a piece fits: "runs small", "size down if you are between two", "oversized"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from convagent.catalog.knowing.facts_read import said_facts
from convagent.facts import Product

__all__ = ["FitNote", "read_fit"]

_SHIFTS: tuple[tuple[str, int], ...] = (
    (r"runs? (?:very )?small|fällt (?:sehr )?klein aus|taille petit|(?:order|choose|take) (?:one|a) size up", 1),
    (
        r"runs? (?:very )?large|runs? big|fällt (?:sehr )?groß aus|taille grand|(?:order|choose|take) (?:one|a) size down",
        -1,
    ),
)
_TRUE = r"true to size|(?:take|order) your usual size|fällt normal aus|taille normalement|usual size"
_BETWEEN = re.compile(
    r"(?:size (?P<way>up|down)[^.;]*\bif (?:you are |you're )?(?:in )?between|"
    r"\bbetween two[^.;]*\b(?:take|choose) the (?P<one>smaller|larger|bigger)|"
    r"(?:choose|take) the (?P<two>smaller|larger|bigger) of two)",
    re.IGNORECASE,
)
_GIVES = r"gives (?:half|up to one|a) (?:a )?size|gives up to|stretches|stretchy|dehnbar|extensible|compressive"
_LOOSE = r"for a loose(?:r)? look[^.;]*(?:one size )?up|size up (?:to wear|for wearing) over"
_CLOSE = r"one (?:size )?down for a closer|size down for"
_TALLER = re.compile(r"taller than (?P<cm>[0-9]{3}) ?cm[^.;]*size up", re.IGNORECASE)
_WIDE = r"oversized|roomy|relaxed|loose|boxy|wide|easy|weit|ample|lässig"
_NARROW = r"\b(?:close|close-fitting|fitted|slim|snug|firm|compressive|eng|ajustée?)\b"


@dataclass(frozen=True, slots=True)
class FitNote:
    """How a piece fits, read from the shop's words.

    Args:
        text: The shop's words.
        always: Sizes to go up (1) or down (-1) in any case: it runs small, or large.
        between: Which of two sizes to take: 1 for the larger, -1 for the smaller, 0 where that isn't said.
        loose: Sizes to go up for somebody who likes it loose.
        close: Sizes to go down (as -1) for somebody who likes it close.
        taller_than: From more than this height, in centimetres, a size up.
        true: Whether it is said to be true to size.
        wide: Whether it is cut wide.
        narrow: Whether it is cut close.
        gives: Whether it stretches or gives with wear.
    """

    text: str
    always: int = 0
    between: int = 0
    loose: int = 0
    close: int = 0
    taller_than: Decimal | None = None
    true: bool = False
    wide: bool = False
    narrow: bool = False
    gives: bool = False

    @property
    def about_size(self) -> bool:
        """Whether it bears on which size to take."""
        return bool(self.always or self.between or self.loose or self.close or self.taller_than or self.true)


def read_fit(product: Product) -> FitNote | None:
    """What a product's field `fit` says; None where it has none.

    Args:
        product: The product.
    """
    text = next((text for name, text in said_facts(product) if name in {"fit", "passform", "coupe", "fit_type"}), None)
    if text is None:
        return None
    text = text[:500]
    plain = text.lower()
    match = _BETWEEN.search(text)
    between = 0
    if match:
        word = (match["way"] or match["one"] or match["two"]).casefold()
        between = 1 if word in {"up", "larger", "bigger"} else -1
    taller = _TALLER.search(text)
    # "Size up if between two" and "for a loose look take one size up" are conditions, no rule.
    bare = re.sub(rf"{_LOOSE}|{_CLOSE}|{_TALLER.pattern}", " ", _BETWEEN.sub(" ", text), flags=re.IGNORECASE).lower()
    return FitNote(
        text=text,
        always=next((shift for words, shift in _SHIFTS if re.search(words, bare)), 0)
        if not between or _runs(plain)
        else 0,
        between=between,
        loose=int(bool(re.search(_LOOSE, plain))),
        close=-int(bool(re.search(_CLOSE, plain))),
        taller_than=Decimal(taller["cm"]) if taller else None,
        true=bool(re.search(_TRUE, plain)),
        wide=bool(re.search(rf"\b(?:{_WIDE})\b", plain)) and not re.search(r"neither tight nor wide", plain),
        narrow=bool(re.search(_NARROW, plain)),
        gives=bool(re.search(_GIVES, plain)),
    )


def _runs(text: str) -> bool:
    """Whether it runs small or large as such; "runs large, choose the smaller of two" then speaks of two sizes only."""
    return bool(re.search(r"order one size|runs? small", text))
