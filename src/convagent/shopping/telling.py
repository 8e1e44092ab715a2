"""What tells a question that no field is made for: how long a candle burns, whether sandals bear water, what is vegan."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from convagent.catalog.knowing.facts_read import said_facts
from convagent.facts import Product
from convagent.shopping.speaking import units_of
from convagent.word_tables import any_of, read_table

__all__ = ["fields_bearing_on", "is_told_otherwise", "told_by"]

_NEVER = (r"(?!)",)


def told_by(text: str, product: Product, language: str) -> tuple[str, ...]:
    """What a product says, in its fields and sentences, that tells a question which no field is made for; in their order.

    Args:
        text: The question.
        product: What it is about.
        language: In which the names of fields are told.
    """
    for asked, said, unless, fields in _tellings():
        if asked.search(text):
            own = {name for name, _ in said_facts(product)} if fields else set()
            units = units_of(product, language, left_out=own - fields, sentences=not fields)
            return tuple(told for told, read in units if said.search(unless.sub(" ", read)))
    return ()


def fields_bearing_on(text: str) -> tuple[str, ...]:
    """The fields, by plain names, that bear on a question which none of them answers outright; empty for none such.

    Args:
        text: The question.
    """
    return next((fields for asked, fields in _bearings() if asked.search(text)), ())


def is_told_otherwise(text: str) -> bool:
    """Whether a question is one that no field is made for, and that something else tells or bears on.

    Args:
        text: The question.
    """
    asked = (*(each[0] for each in _tellings()), *(each[0] for each in _bearings()))
    return any(each.search(text) for each in asked)


@cache
def _tellings() -> tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], frozenset[str]], ...]:
    """How it is asked, what tells it, what is no telling, and the fields that may; none for all that a product says."""
    table = read_table(Path(__file__).parent / "telling.toml")["told_by"]
    return tuple(
        (
            any_of(each["asked"]),
            any_of(each["said"]),
            any_of(each.get("unless", _NEVER)),
            frozenset(each.get("fields", ())),
        )
        for each in table.values()
    )


@cache
def _bearings() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    table = read_table(Path(__file__).parent / "telling.toml")["bearing"]
    return tuple((any_of(each["asked"]), tuple(each["fields"])) for each in table.values())
