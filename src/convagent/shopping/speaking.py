"""What a product itself says of what a question asks by its meaning, so that a German question meets an English text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from convagent.catalog.knowing.comparison_words import label_of, value_text
from convagent.catalog.knowing.facts_read import own_spelling, said_facts
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.facts import Product

__all__ = ["meant_by_words", "said_of", "units_of"]

_SORTS = frozenset({"quality", "material"})
_OF_ITS_USE = frozenset("care directions size_chart complements rating made_in delivery audience final_sale".split())
"""Fields whose words say how it is kept, sold or worn: "wash cold" is nothing for the winter."""


@lru_cache(maxsize=500)
def meant_by_words(text: str, language: str) -> frozenset[str]:
    """The qualities, uses and materials that words mean, by their English names.

    Args:
        text: A shopper's words, or a product's.
        language: Theirs; any other than `LANGUAGES` is read as English.
    """
    own = language if language in LANGUAGES else LANGUAGES[0]
    return frozenset(
        concept.name for met in the_lexicon().read(text, (own,)) for concept in met.concepts if concept.sort in _SORTS
    )


def said_of(product: Product, meant: frozenset[str], *, language: str, home: str) -> tuple[str, ...]:
    """What a product says that speaks of something that is meant, in its own words: most of it first, else in their order.

    Args:
        product: The product.
        meant: As `meant_by_words` gives it.
        language: In which the names of fields are told.
        home: Language of the product's texts.
    """
    found = []
    tags = ((plain, plain) for tag in product.tags if (plain := tag.replace("-", " ")))
    for place, (told, said) in enumerate((*units_of(product, language, left_out=_OF_ITS_USE), *tags)):
        if shared := meant & meant_by_words(said, home):
            found.append((-len(shared), place, told))
    return tuple(told for _, _, told in sorted(found))


def units_of(
    product: Product, language: str, *, left_out: Collection[str] = (), sentences: bool = True
) -> Iterator[tuple[str, str]]:
    """What a product says, field by field and then sentence by sentence: as it is told, and as it is read.

    Args:
        product: The product.
        language: In which the names of fields are told.
        left_out: Plain names of fields that are left out.
        sentences: Whether the description counts.
    """
    for name, value in said_facts(product):
        if name != "description" and name not in left_out:
            label = label_of(name, language, own=own_spelling((product,), name))
            yield f"{label}: {value_text(name, value, language)}", f"{name.replace('_', ' ')}: {value}"
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", (product.description or "") if sentences else ""):
        if sentence.strip():
            yield sentence.strip(), sentence
