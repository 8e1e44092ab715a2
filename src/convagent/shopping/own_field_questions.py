"""What a product page could be asked by fields that only this shop has: "How many players …", asked as any field can be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from convagent.catalog.attributes.fields import text_of
from convagent.catalog.knowing.facts_read import is_fact, plain_field, yes_or_no
from convagent.catalog.own_fields.abroad import called_in
from convagent.catalog.own_fields.saying import own_field, said_by, values_of
from convagent.facts import Product

__all__ = ["own_facts"]

_SAYS_NOTHING = frozenset("no none false n/a - nein keine non aucun aucune".split())


def own_facts(product: Product, *, language: str) -> Iterator[tuple[str, str, str, bool]]:
    """What a product says in its own fields: the field's plain name, its name in a language, its text, whether it is a plain yes.

    Fields of long texts are left out, and so is what says that there is nothing. A name that has no sure word in the language
    that is asked for stays as the shop writes it.

    Args:
        product: The product.
        language: en, de or fr.
    """
    for name, value in said_by(product):
        text = " ".join(text_of(value).split())
        if not values_of(value) or not is_fact(plain_field(name)) or text.casefold() in _SAYS_NOTHING:
            continue
        plain, said = plain_field(name), called_in(name, language)
        if said == name:
            written = _as_written(product, name)
            said = written if language == "de" else written.lower()  # German nouns have capitals
        yield plain, said, text, yes_or_no(text) is True


def _as_written(product: Product, name: str) -> str:
    """A field's name with the shop's own letters, without its namespace."""
    fields = (*product.attributes.items(), *(product.model_extra or {}).items())
    written = next((each for each, value in fields if own_field(each, value) == name), name)
    return " ".join(re.sub(r"[_-]", " ", written.rpartition(".")[2]).split())
