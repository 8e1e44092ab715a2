"""A question about one product: answered with what the shop says of it, word for word, or passed on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from convagent.catalog.knowing.comparison_words import label_of, value_text
from convagent.catalog.knowing.facts_read import plain_field, said_facts
from convagent.facts import Product
from convagent.search import Tokeniser
from convagent.shopping.case import ShoppingCase
from convagent.shopping.model import Advice, Pick

__all__ = ["answered_from_facts", "facts_asked_for", "options_of", "sentences_about"]

MOST_FACTS = 2
"""Facts of an answer; with more nobody finds theirs."""

LEAST_SHARED = 2
"""Words that a sentence of the description must share with the question, besides the product's name."""


def answered_from_facts(case: ShoppingCase, product: Product) -> Advice | None:
    """What the shop says of a product that answers a question; None where it says nothing to it.

    Fields that the question is about come first (`details.toml` says which words mean which field), else sentences of the
    description that share its words.

    Args:
        case: The request.
        product: What it is about.
    """
    language = case.words.language
    facts = {**dict(said_facts(product)), **options_of(product)}
    names = [name for name in facts_asked_for(case.text) if name in facts][:MOST_FACTS]
    told = [f"{label_of(name, language)}: {value_text(name, facts[name], language)}" for name in names]
    if not told:
        told = list(sentences_about(case.text, product))[:MOST_FACTS]
    if not told:
        return None
    line = case.words.say("picked", product=product.title, facts="; ".join(each.rstrip(".") for each in told))
    why = (f"of {product.id}: {', '.join(names) or 'its description'}",)
    picks = (Pick(product),) if product.in_stock else ()
    return Advice(case.shown(picks, about=product.id), (line,), picks, why=why)


def options_of(product: Product) -> dict[str, str]:
    """What a product comes as and can be bought as now, by the plain names of its options."""
    found: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for name, value in variant.options.items() if variant.available else ():
            found.setdefault(plain_field(name), {})[value] = None
    return {name: ", ".join(values) for name, values in found.items()}


def facts_asked_for(text: str) -> tuple[str, ...]:
    """Fields of products that a question is about, the first that it names first."""
    found: list[tuple[int, str]] = []
    for field, pattern in _fields().items():
        if (match := pattern.search(text)) is not None:
            found.append((match.start(), field))
    return tuple(field for _, field in sorted(found))


def sentences_about(text: str, product: Product) -> Iterable[str]:
    """Sentences of a product's description that share words with a question, those that share most first.

    Args:
        text: The question.
        product: What it is about; words of its own title don't count.
    """
    tokeniser = _tokeniser()
    own = set(tokeniser.terms(product.title))
    asked = set(tokeniser.terms(text)) - own
    ranked: list[tuple[int, int, str]] = []
    for place, sentence in enumerate(_sentences(product.description or "")):
        shared = len(asked & set(tokeniser.terms(sentence)))
        if shared >= LEAST_SHARED or (shared and shared == len(asked)):
            ranked.append((-shared, place, sentence))
    return (sentence for _, _, sentence in sorted(ranked))


def _sentences(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


@cache
def _tokeniser() -> Tokeniser:
    return Tokeniser("en")


@cache
def _fields() -> Mapping[str, re.Pattern[str]]:
    read: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "details.toml").read_text("utf-8"))
    return {
        field: re.compile("|".join(f"(?:{each})" for each in words), re.IGNORECASE) for field, words in read.items()
    }
