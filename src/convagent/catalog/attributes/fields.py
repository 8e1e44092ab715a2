"""Which of a product's fields holds what: names in English, German and French, and units that stand in a name."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

__all__ = ["Field", "field_of", "text_of"]

_KINDS = {
    "colours": "color colour colours colors farbe farben couleur couleurs",
    "sizes": "size sizes grosse grossen taille tailles",
    "materials": "material materials fabric composition materialien zusammensetzung stoff matiere matieres materiau",
    "undertones": "undertone undertones unterton sous_ton skin_undertone",
    "depths": "depth shade_depth skin_depth skin_tone",
    "dimensions": "dimensions dimension size_dimensions product_dimensions measurements abmessungen masse produktmasse mesures",
    "width": "width breite largeur product_width", "height": "height hohe hauteur product_height",
    "depth": "tiefe profondeur product_depth", "length": "length lange longueur product_length",
    "thickness": "thickness dicke epaisseur", "diameter": "diameter durchmesser diametre",
    "weight": "weight product_weight gewicht poids net_weight nettogewicht",
    "loads": "max_load maximum_load max_weight load_capacity belastbarkeit maximale_belastung charge_maximale",
    "volume": "volume capacity inhalt volumen fullmenge fassungsvermogen contenance capacite",
    "contents": "contents content contenu",
    "ingredients": "ingredients zutaten inci ingredient_list inhaltsstoffe",
    "allergens": "allergens allergen allergene allergenes allergen_information allergenhinweise",
    "ages": "age ages age_group age_range recommended_age minimum_age altersempfehlung alter tranche_d_age",
    "audience": "audience gender target_gender zielgruppe geschlecht genre public",
    "uses": "occasion occasions use uses activity activities anlass verwendung einsatz usage utilisation",
    "size_system": "size_system",
}  # fmt: skip
_FIELDS = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_UNIT = re.compile(
    r"_(?:in_)?(?P<unit>mm|cm|m|inch|inches|ft|kg|g|grams|lb|lbs|oz|ml|cl|l|litres|liters|years|months|jahre|monate|ans|mois)$"
)


@dataclass(frozen=True, slots=True)
class Field:
    """What a field holds.

    Args:
        kind: Such as "dimensions" or "width".
        unit: The unit that stands in its name ("width_mm"); None without one.
    """

    kind: str
    unit: str | None = None


def field_of(name: str) -> Field | None:
    """What a field of this name holds; None for fields that are no attribute which is read.

    Args:
        name: Such as "dimensions", "custom.max_load", "Breite (cm)".
    """
    plain = unicodedata.normalize("NFKD", name.rpartition(".")[2].casefold().replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if plain in _FIELDS:
        return Field(_FIELDS[plain])
    unit = _UNIT.search(plain)
    kind = _FIELDS.get(plain[: unit.start()]) if unit else None
    return Field(kind, unit["unit"]) if kind and unit else None


def text_of(value: Any) -> str:
    """The value of a field as text; also lists and measures as shops export them (`{"value": 25, "unit": "CENTIMETERS"}`).

    Args:
        value: What the product has.
    """
    if isinstance(value, str) and value[:1] in {"{", "["} and len(value) < 10_000:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return str(value)
    if isinstance(value, dict):
        number, unit = value.get("value"), value.get("unit")
        if isinstance(number, int | float | str) and isinstance(unit, str):
            shown = f"{number:g}" if isinstance(number, float) and number == int(number) else str(number)
            return f"{shown} {unit.replace('_', '-')}"
        return "; ".join(f"{key} {each}" for key, each in value.items() if isinstance(each, str | int | float))
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(str(each) for each in value if isinstance(each, str | int | float))
    return "" if value is None else str(value)
