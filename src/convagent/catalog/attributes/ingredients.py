"""Ingredients as a list: names, shares, notes in brackets, and the form that they belong to."""

from __future__ import annotations

import re
from decimal import Decimal

from convagent.catalog.attributes.model import Ingredient

__all__ = ["read_ingredients"]

_LABEL = re.compile(r"^\s*(?:ingredients?|zutaten|ingrédients?|inci)\s*:\s*", re.IGNORECASE)
_OF = re.compile(r"^\s*(?P<of>[^\W\d_][\w -]{0,30}):\s+")
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?)\s*%")
_ELSEWHERE = re.compile(r"\b(?:as listed|see (?:the )?(?:pack|label|box|product)|siehe|voir)\b", re.IGNORECASE)
_MAX_CHARACTERS = 20_000


def read_ingredients(text: str) -> tuple[tuple[Ingredient, ...], tuple[str, ...]]:
    """The ingredients that a text lists.

    Args:
        text: Names set apart by commas; commas in brackets belong to their note, semicolons and full stops begin another
            form ("Capsules: …. Drops: …").

    Returns:
        The ingredients, and the text where it only says that they stand elsewhere or is longer than 20,000 characters.
    """
    if _ELSEWHERE.search(text[:200]):
        return (), (text[:200].strip(),)
    found: list[Ingredient] = []
    for clause in _split(_LABEL.sub("", text[:_MAX_CHARACTERS]), clauses=True):
        label = _OF.match(clause)
        of = label["of"].strip() if label else None
        for raw in _split(clause[label.end() :] if label else clause, clauses=False):
            note = " ".join(each.strip() for each in re.findall(r"\(([^()]*)\)", raw)) or None
            name = re.sub(r"\([^()]*\)", " ", raw)
            percent = _PERCENT.search(raw)
            name = " ".join(_PERCENT.sub(" ", name).replace("*", " ").split()).strip(" .:()")
            share = Decimal(percent[1].replace(",", ".")) if percent else None
            note = None if note and _PERCENT.fullmatch(note.strip()) else note
            if name:
                found.append(Ingredient(name, share if share is not None and share <= 100 else None, note, of))
    long = len(text) > _MAX_CHARACTERS
    return tuple(found), ((text[_MAX_CHARACTERS : _MAX_CHARACTERS + 80],) if long else ())


def _split(text: str, *, clauses: bool) -> list[str]:
    """Pieces of a text, between marks that stand outside of brackets."""
    pieces: list[str] = []
    depth, start = 0, 0
    for at, sign in enumerate(text):
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth = max(0, depth - 1)
        following = text[at + 1 : at + 2]
        if clauses:
            ends = sign in ";\n" or (
                sign == "." and following == " " and re.match(r" [^\W\d_][\w -]{0,30}:", text[at + 1 :])
            )
        else:
            ends = sign == "," and not (following.isdigit() and text[at - 1 : at].isdigit())
        if ends and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
    return [piece for piece in (*pieces, text[start:]) if piece.strip()]
