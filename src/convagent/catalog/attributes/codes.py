"""What can be wrong with the attributes of a product, and what would be understood."""

from __future__ import annotations

from convagent.catalog.attributes.model import AttributeProblem

__all__ = ["ATTRIBUTE_CODES", "problem"]

ATTRIBUTE_CODES: dict[str, tuple[str, str]] = {
    "colour-unread": (
        "names of colours that tell no colour; they are found by their names alone",
        "Add the plain colour, such as “Fog grey” or “Fog (grey)”.",
    ),
    "size-unread": ("a size of no known kind", "Write M, EU 38, 104/110, 2–4 years, W32 L34 or a measure such as 50 ml."),
    "material-unread": ("a piece of a list of materials that names none", "Write such as “80% wool, 20% polyamide; lining 100% viscose”."),  # noqa: E501
    "undertone-unread": ("an undertone that is none", "Write cool, neutral or warm, several set apart by semicolons."),
    "depth-unread": ("a depth that is none", "Write fair, light, medium, tan or deep, several set apart by semicolons."),
    "dimension-unread": ("a number without a unit, or none at all", "Write such as “W 60 × D 40 × H 35 cm” or “80 cm across, 48 cm high”."),  # noqa: E501
    "weight-unread": ("a weight without a unit, or none at all", "Write such as “1,450 g” or “2.5 kg”."),
    "load-unread": ("a load without a unit of weight", "Write such as “18 kg a shelf”."),
    "volume-unread": ("a volume without a unit", "Write such as “250 ml”."),
    "ingredients-unread": ("a list of ingredients that stands elsewhere or is too long", "Write the ingredients, set apart by commas."),  # noqa: E501
    "allergens-unread": (
        "a clause about allergens that wasn't understood; nothing counts as not declared",
        "Write such as “Contains milk; may contain traces of nuts” or “None of the 14 declarable allergens”.",
    ),
    "allergens-contradict": (
        "ingredients name an allergen that is said not to be in it; it counts as contained",
        "Mend the allergens or the ingredients.",
    ),
    "age-unread": ("an age that wasn't understood", "Write such as “from 18 months” or “3 to 6 years”."),
    "audience-unread": ("an audience that is none", "Write women, men, girls, boys, children, babies, adults or unisex."),
    "use-unread": ("a use or an occasion that isn't known", "Write one of the plain words, such as travel, wedding or everyday."),
}  # fmt: skip
"""Every code an `AttributeProblem` can carry, with what it means and what would be understood."""

_GRAVE = frozenset({"load-unread", "allergens-unread", "allergens-contradict", "age-unread"})


def problem(product_id: str, field: str, code: str, text: str) -> AttributeProblem:
    """A problem with a code's words.

    Args:
        product_id: The product.
        field: The field's name, as the catalog has it.
        code: One of `ATTRIBUTE_CODES`.
        text: What couldn't be read; 200 characters of it are kept.
    """
    meaning, remedy = ATTRIBUTE_CODES[code]
    shown = " ".join(text.split())[:200]
    severity = "warning" if code in _GRAVE else "note"
    return AttributeProblem(product_id, field, code, shown, f"{shown!r}: {meaning}", remedy, severity)  # type: ignore[arg-type]
