"""Materials with their shares and parts: "80% wool, 20% polyamide; lining 100% viscose"."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from convagent.catalog.attributes.material_words import FINISHES, MATERIALS, PARTS
from convagent.catalog.attributes.model import Material

__all__ = ["read_materials"]

_NAMES = {word: name for name, words in MATERIALS.items() for word in words.split("|")}
_BY_LENGTH = sorted(_NAMES, key=len, reverse=True)
_MATERIAL = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, _BY_LENGTH))})(?![^\W\d_])", re.IGNORECASE)
_COMPOUND = re.compile(
    r"[^\W\d_]*(baumwolle|schurwolle|wolle|leinen|seide|leder|holz|stahl|glas|kunststoff)(?![^\W\d_])", re.IGNORECASE
)
_PART_NAMES = sorted((name.replace("|", " ") for name in PARTS.split()), key=len, reverse=True)
_PART = re.compile(rf"^(?P<part>{'|'.join(map(re.escape, _PART_NAMES))})\b\s*:?\s*(?=\S)", re.IGNORECASE)
_LABEL = re.compile(r"^(?P<part>[^\W\d_][\w\s-]{0,40}?)\s*:\s*(?=\S)")
_PERCENT = re.compile(
    r"(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*(?:%|percent\b|per cent\b|prozent\b|pour cent\b)", re.IGNORECASE
)
_FINISH = re.compile(rf"(?:{FINISHES})\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:without|no|not|free of|ohne|keine?|frei von|sans|pas de)\b[^,;]*|[^\W\d_]+[- ]?(?:free|frei)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:or|oder|ou)\b", re.IGNORECASE)
_MAX_CHARACTERS = 2_000


def read_materials(text: str) -> tuple[tuple[Material, ...], tuple[str, ...]]:
    """The materials that a text names.

    A part that is named ("lining", "Obermaterial:") holds up to the next semicolon or part. What is said not to be in it
    ("without leather", "lead-free") isn't a material of it.

    Args:
        text: In English, German or French.

    Returns:
        The materials, and the pieces in which none was recognised or whose shares can't be right.
    """
    found: list[Material] = []
    unread: list[str] = []
    for clause in re.split(r"[;\n|]|\.\s", text[:_MAX_CHARACTERS]):
        part: str | None = None
        for raw in re.split(r",(?!\d)|(?<=\d%)\s*/\s*|\s\+\s", clause):
            piece = raw.strip()
            named = _PART.match(piece) or _LABEL.match(piece)
            if named:
                part, piece = named["part"].casefold(), piece[named.end() :]
            materials = _piece(piece, part)
            if materials:
                found += materials
            elif piece and not _FINISH.search(piece) and not _NOT.search(piece):
                unread.append(piece)
    shares: dict[str | None, Decimal] = defaultdict(Decimal)
    for material in found:
        shares[material.part] += material.percent or 0
    if any(share > 101 for part, share in shares.items() if part is not None) or (
        shares[None] > 101 and not re.search(r"[;\n]", text)
    ):
        unread.append(text[:200])
    return tuple(found), tuple(unread)


def _piece(piece: str, part: str | None) -> list[Material]:
    percents = list(_PERCENT.finditer(piece))
    cleaned = _NOT.sub(lambda match: " " * len(match[0]), piece)
    words = [(match.start(), _NAMES[match[0].casefold()]) for match in _MATERIAL.finditer(cleaned)]
    if not words:
        words = [(match.start(), _NAMES[match[1].casefold()]) for match in _COMPOUND.finditer(cleaned)]
    choice = bool(_CHOICE.search(piece)) and len(words) > 1
    names = dict.fromkeys(name for _, name in words)
    found: list[Material] = []
    for name in names:
        at = next(start for start, each in words if each == name)
        percent = _percent_for(at, [start for start, _ in words], percents)
        found.append(Material(name=name, text=piece.strip(), percent=percent, part=part, choice=choice))
    return found


def _percent_for(at: int, starts: list[int], percents: list[re.Match[str]]) -> Decimal | None:
    """The share that belongs to the word at a place: the last before it, no other word between; else one right behind it."""
    before = [each for each in percents if each.end() <= at]
    if before and not any(before[-1].end() <= start < at for start in starts):
        return _share(before[-1])
    following = [start for start in starts if start > at]
    behind = [each for each in percents if each.start() > at and (not following or each.start() < following[0])]
    return _share(behind[0]) if behind and not before else None


def _share(match: re.Match[str]) -> Decimal | None:
    share = Decimal(match["number"].replace(",", "."))
    return share if share <= 100 else None
