"""Wishes for the case that another can't be met: "refund it, or else cancel it", "sonst stornieren Sie", "sinon annulez"."""

from __future__ import annotations

import re

__all__ = ["halves_at_otherwise", "without_otherwise"]

_OTHERWISE = (
    r"(?:(?:or|and|but)\s+)?(?:or else|otherwise|failing that|"
    r"if (?:not|that(?:'s| is) not (?:possible|an option)|(?:that|it) (?:isn't|is not) possible|you can't(?: do that)?|"
    r"(?:that|it) (?:doesn't|does not) work|(?:that|it) can't be done|(?:that's |that is )?impossible)(?: then| please)?)"
    r"|(?:und |oder |aber )?(?:sonst|ansonsten|andernfalls|falls nicht|wenn nicht|"
    r"(?:falls|wenn) (?:das|es) nicht (?:geht|möglich ist|klappt)|(?:falls|wenn) nicht möglich)"
    r"|(?:et |ou |mais )?(?:sinon|à défaut|autrement|si (?:ce n'est|cela n'est|c'est) pas possible|si ça ne marche pas)"
)
_BETWEEN = re.compile(rf"\s*[,;:–—-]\s*(?:{_OTHERWISE})\b[\s,:]+|\s+or else\s+", re.IGNORECASE)
_BEGINS = re.compile(rf"^\W*(?:{_OTHERWISE})\b[\s,:]+(?=\S)", re.IGNORECASE)
_LONGEST = 400


def halves_at_otherwise(text: str) -> tuple[str, str] | None:
    """What is wanted, and what is wanted if that can't be; None where a text puts no such case.

    Args:
        text: A message or a part of one.
    """
    found = _BETWEEN.search(text[:_LONGEST])
    if found is None:
        return None
    first, second = text[: found.start()].strip(), text[found.end() :].strip()
    return (first, second) if len(first.split()) > 1 and len(second.split()) > 1 else None


def without_otherwise(text: str) -> str:
    """A text that begins with "otherwise" or the like, without it; empty for any other text."""
    found = _BEGINS.match(text[:_LONGEST])
    return text[found.end() :] if found is not None else ""
