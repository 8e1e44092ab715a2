"""Whether words that a model quotes stand in what the customer wrote."""

from __future__ import annotations

import re

__all__ = ["MOST_QUOTED", "clause_of", "stands_in"]

MOST_QUOTED = 500
"""Characters of a quote; a longer one is none."""

_EDGES = " \t\r\n\"'“”„«»‘’.,;:!?…"
_SAME = {"'": "['’‘`´]", "’": "['’‘`´]", '"': '["“”„«»]', "“": '["“”„«»]', "”": '["“”„«»]', "-": "[-–—]", "–": "[-–—]",
         "‹": "[<‹]"}  # fmt: skip
_LIKE = 75.0
_LEAST_LETTERS = 4


def stands_in(words: str, text: str) -> str:
    """The customer's own words that a quote stands for; empty where they aren't in the text.

    Case, spacing, the kind of quotation marks and what stands at the quote's edges don't count; whole words do.

    Args:
        words: The quote.
        text: What the customer wrote.
    """
    found = _place(words, text)
    return "" if found is None else text[found[0] : found[1]]


def clause_of(words: str, text: str) -> str:
    """Like `stands_in`, but what says a request may differ by a few letters or words from what was written.

    Only the customer's own words are returned, as many as the quote covers.
    """
    if own := stands_in(words, text):
        return own
    quote = " ".join(words.split())[:MOST_QUOTED]
    if sum(char.isalpha() for char in quote) < _LEAST_LETTERS or not text.strip():
        return ""
    from rapidfuzz.fuzz import partial_ratio_alignment

    near = partial_ratio_alignment(quote.casefold(), text.casefold(), score_cutoff=_LIKE)
    if near is None or len(text.casefold()) != len(text):
        return ""
    start, end = near.dest_start, near.dest_end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end].strip(" \t\r\n,;")


def _place(words: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text."""
    quote = words.strip(_EDGES)
    if not any(char.isalnum() for char in quote) or len(quote) > MOST_QUOTED:
        return None
    pattern = r"\s+".join("".join(_SAME.get(char, re.escape(char)) for char in part) for part in quote.split())
    before = r"(?<!\w)" if quote[0].isalnum() else ""
    behind = r"(?!\w)" if quote[-1].isalnum() else ""
    found = re.search(f"{before}{pattern}{behind}", text, re.IGNORECASE)
    return None if found is None else found.span()
