"""More and most, less and least: adjectives in three languages, and what they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from convagent.catalog.own_fields.words import key_of, plain_of
from convagent.word_tables import read_table

__all__ = ["SCALES", "Adjective", "adjectives", "base_of", "opposite_of"]

Direction = Literal["lowest", "highest"]

SCALES: tuple[tuple[str, ...], ...] = tuple(
    tuple(each.split())
    for each in (
        "none low medium high", "none mild medium strong", "light medium dark", "small medium large", "soft medium firm",
        "soft medium hard",
        "easy medium hard", "beginner intermediate advanced", "thin medium thick", "fine medium coarse", "dry medium sweet",
        "short medium long", "slow medium fast", "keine niedrig mittel hoch", "mild mittel kraftig", "mild mittel stark",
        "hell mittel dunkel", "klein mittel gross", "weich mittel fest", "leicht mittel schwer", "fein mittel grob",
        "trocken halbtrocken lieblich suss",
        "faible moyen fort", "clair moyen fonce", "claire moyenne foncee", "petit moyen grand", "souple moyen ferme",
        "doux moyen fort",
        "facile moyen difficile", "sec demi doux",
    )
)  # fmt: skip
"""Words that shops of any trade put in an order, from the least to the most."""


@dataclass(frozen=True, slots=True)
class Adjective:
    """An adjective of quantity.

    Args:
        direction: Whether it asks for the highest figure or the lowest.
        names: Words that names of such fields have, as they are compared.
        measures: Typed measures that it is about, the likeliest first.
    """

    direction: Direction
    names: frozenset[str]
    measures: tuple[str, ...]


@cache
def adjectives() -> dict[str, tuple[Adjective, ...]]:
    """The adjectives by their words, without accents and endings; a word may mean several ("large" is wide in French)."""
    found: dict[str, tuple[Adjective, ...]] = {}
    for each in read_table(Path(__file__).parent / "adjectives.toml").values():
        made = Adjective(
            each["direction"], frozenset(map(key_of, each["names"].split())), tuple(each.get("measure", ()))
        )
        for word in each["words"].split():
            found[word] = (*found.get(word, ()), made)
    return found


_SUPERLATIVE = re.compile(r"(?P<base>\w{2,}?)(?:est|ste[nrs]?|este[nrs]?)$")
_COMPARATIVE = re.compile(r"(?P<base>\w{2,}?)(?:ere?[nrsm]?|er)$")


def base_of(word: str, *, superlative: bool) -> tuple[str, ...]:
    """What an adjective in a form of comparison may be in its plain form: "biggest" is big, "größte" gross, "heavier" heavy.

    Args:
        word: A single word.
        superlative: Whether its highest form is looked for; else the comparative.
    """
    plain = plain_of(word)
    match = (_SUPERLATIVE if superlative else _COMPARATIVE).match(plain)
    if match is None:
        return ()
    base = match["base"]
    made = [base, f"{base}e"]
    if base.endswith("i"):
        made.append(f"{base[:-1]}y")
    if len(base) > 2 and base[-1] == base[-2]:
        made.append(base[:-1])
    irregular = {
        "best": "",
        "hoch": "hoch",
        "hoh": "hoch",
        "gro": "gross",
        "gros": "gross",
        "dunkl": "dunkel",
        "nah": "nah",
    }
    if base in irregular:
        made.append(irregular[base])
    return tuple(dict.fromkeys(each for each in made if each))


def opposite_of(direction: Direction) -> Direction:
    """The other one."""
    return "lowest" if direction == "highest" else "highest"
