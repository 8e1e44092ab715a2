"""Which of the shop's own fields can be asked for: few values, short ones, that come again and again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from convagent.catalog.own_fields.meeting import says_anything
from convagent.catalog.own_fields.saying import said_by, said_of_variant, values_of
from convagent.catalog.own_fields.vocabulary import OwnVocabulary
from convagent.catalog.own_fields.words import alternatives_of, canonical
from convagent.facts import Product

__all__ = ["AskableField", "askable_fields"]

_MOST_VALUES = 8
_LONGEST = 3
_REPEATED = 1.5
"""Products to a value, at least: where each says something else there is nothing to choose by."""


@dataclass(frozen=True, slots=True)
class AskableField:
    """A field whose values shoppers can choose among.

    Args:
        name: As it is shown, such as "roast".
        values: Its values in the shop's spelling.
    """

    name: str
    values: tuple[str, ...]

    def said_by(self, product: Product) -> Collection[str]:
        """What a product says of it, in the commonest spelling; nothing where it says something else.

        Args:
            product: The product.
        """
        shown = {canonical(value): value for value in self.values}
        said = (
            text
            for name, value in (
                *said_by(product),
                *(pair for variant in product.variants for pair in said_of_variant(variant)),
            )
            if name == self.name
            for text in values_of(value)
        )
        told = (part for text in said for part in (alternatives_of(text)[1:] or alternatives_of(text)))
        return tuple(dict.fromkeys(shown[part] for part in told if part in shown))


def askable_fields(vocabulary: OwnVocabulary) -> tuple[AskableField, ...]:
    """The fields that a question may be about, by their names.

    Args:
        vocabulary: What the catalog calls its fields.
    """
    found = []
    for field in vocabulary.fields.values():
        # "sun to half shade" is asked for as sun, or as half shade
        values = tuple(
            value for phrase, value in field.values.items()
            if len(alternatives_of(value)) == 1 and len(phrase) <= _LONGEST and not says_anything(value)
        )  # fmt: skip
        if (
            2 <= len(values) <= _MOST_VALUES
            and not field.is_yes_or_no
            and field.unit is None
            and field.total >= _REPEATED * len(values)
        ):
            found.append(AskableField(field.name, values))
    return tuple(found)
