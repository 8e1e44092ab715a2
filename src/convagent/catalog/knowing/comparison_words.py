"""What the rows of a comparison are called, and what their figures count, in English, German and French."""

from __future__ import annotations

import re
from decimal import Decimal

from convagent.catalog.knowing.facts_read import yes_or_no
from convagent.facts import Money

__all__ = ["DECISIVE", "label_of", "language_of", "price_text", "value_text"]

_LABELS: dict[str, tuple[str, str, str]] = {
    "price": ("Price", "Preis", "Prix"),
    "battery_hours": ("Battery", "Akku", "Autonomie"),
    "speaker_watts": ("Speaker", "Lautsprecher", "Haut-parleur"),
    "brightness_lumens": ("Light", "Licht", "Lumière"),
    "sleep_light": ("Sleep light", "Schlaflicht", "Lumière de sommeil"),
    "ip_rating": ("Water", "Wasser", "Eau"),
    "charging": ("Charging", "Laden", "Recharge"),
    "charge_hours": ("Time until full", "Ladezeit", "Temps de charge"),
    "in_the_box": ("In the box", "Lieferumfang", "Dans la boîte"),
    "works_with": ("Works with", "Passt zu", "Compatible avec"),
    "power_watts": ("Power", "Leistung", "Puissance"),
    "persons": ("For how many", "Für wie viele", "Pour combien"),
    "temperature": ("Temperature", "Temperatur", "Température"),
    "water_column_mm": ("Water column", "Wassersäule", "Colonne d’eau"),
    "volume": ("Holds", "Fasst", "Contenance"),
    "weight": ("Weight", "Gewicht", "Poids"),
    "height": ("Height", "Höhe", "Hauteur"),
    "dimensions": ("Dimensions", "Maße", "Dimensions"),
    "material": ("Material", "Material", "Matière"),
    "care": ("Care", "Pflege", "Entretien"),
    "fit": ("Fit", "Passform", "Coupe"),
    "finish": ("Finish", "Finish", "Fini"),
    "skin_type": ("Skin type", "Hauttyp", "Type de peau"),
    "undertone": ("Undertone", "Unterton", "Sous-ton"),
    "depth": ("Depth", "Helligkeit", "Intensité"),
    "spf": ("SPF", "LSF", "SPF"),
    "contents": ("Contents", "Inhalt", "Contenu"),
    "servings": ("Servings", "Portionen", "Portions"),
    "ingredients": ("Ingredients", "Inhaltsstoffe", "Ingrédients"),
    "allergens": ("Allergens", "Allergene", "Allergènes"),
    "directions": ("Directions", "Anwendung", "Mode d’emploi"),
    "age": ("Age", "Alter", "Âge"),
    "safety_standard": ("Safety standard", "Sicherheitsnorm", "Norme de sécurité"),
    "max_load": ("Maximum load", "Belastbarkeit", "Charge maximale"),
    "assembly": ("Assembly", "Aufbau", "Montage"),
    "delivery": ("Delivery", "Lieferung", "Livraison"),
    "engraving": ("Engraving", "Gravur", "Gravure"),
    "made_in": ("Made in", "Hergestellt in", "Fabriqué en"),
    "audience": ("For", "Für", "Pour"),
    "warranty": ("Warranty", "Garantie", "Garantie"),
    "subscription": ("Subscription", "Abo", "Abonnement"),
    "rating": ("Rating", "Bewertung", "Note"),
    "final_sale": ("Final sale", "Vom Umtausch ausgeschlossen", "Vente définitive"),
    "colour": ("Colours", "Farben", "Couleurs"),
    "color": ("Colours", "Farben", "Couleurs"),
    "size": ("Sizes", "Größen", "Tailles"),
    "shade": ("Shades", "Farbtöne", "Teintes"),
    "scent": ("Scents", "Düfte", "Parfums"),
    "flavour": ("Flavours", "Geschmack", "Goûts"),
    "wood": ("Wood", "Holz", "Bois"),
    "metal": ("Metal", "Metall", "Métal"),
    "pack": ("Pack", "Packung", "Conditionnement"),
    "length": ("Length", "Länge", "Longueur"),
    "form": ("Form", "Form", "Forme"),
    "set": ("Set", "Set", "Lot"),
}  # fmt: skip
_UNITS: dict[str, tuple[str, str, str]] = {
    "hours": ("hours", "Stunden", "heures"), "watts": ("W", "W", "W"), "lumens": ("lm", "lm", "lm"),
    "minutes": ("min", "min", "min"),
    "kg": ("kg", "kg", "kg"), "grams": ("g", "g", "g"), "g": ("g", "g", "g"), "ml": ("ml", "ml", "ml"), "cm": ("cm", "cm", "cm"),
    "mm": ("mm", "mm", "mm"), "litres": ("litres", "Liter", "litres"), "years": ("years", "Jahre", "ans"),
}  # fmt: skip
_YES_NO = {True: ("yes", "ja", "oui"), False: ("no", "nein", "non")}
_WORDS: dict[str, tuple[str, str, str]] = {
    "women": ("women", "Damen", "femmes"), "men": ("men", "Herren", "hommes"), "children": ("children", "Kinder", "enfants"),
    "all": ("all", "alle", "tous"), "cool": ("cool", "kühl", "froid"), "warm": ("warm", "warm", "chaud"),
    "neutral": ("neutral", "neutral", "neutre"), "fair": ("fair", "sehr hell", "très clair"), "light": ("light", "hell", "clair"),
    "medium": ("medium", "mittel", "moyen"), "tan": ("tan", "gebräunt", "hâlé"), "deep": ("deep", "dunkel", "foncé"),
}  # fmt: skip
_NAME_WORD = re.compile(r"[^\W_]+(?:[-’'/&.]+[^\W_]+)*")
_LOCALES = {"en": "en_IE", "de": "de_DE", "fr": "fr_FR"}

DECISIVE: dict[str, float] = {
    "price": 0.95, "sleep_light": 1.0, "battery_hours": 0.9, "speaker_watts": 0.85, "brightness_lumens": 0.85, "ip_rating": 0.9,
    "spf": 0.95, "max_load": 0.8, "age": 0.95, "allergens": 0.8, "skin_type": 0.9, "material": 0.75, "fit": 0.75, "finish": 0.75,
    "audience": 0.7, "contents": 0.8, "servings": 0.7, "dimensions": 0.75, "height": 0.6, "charging": 0.65, "works_with": 0.7,
    "in_the_box": 0.5, "charge_hours": 0.5, "weight": 0.5, "warranty": 0.6, "final_sale": 0.9, "engraving": 0.6,
    "safety_standard": 0.5, "assembly": 0.55, "ingredients": 0.3, "directions": 0.3, "care": 0.4, "made_in": 0.3, "rating": 0.45,
    "delivery": 0.5, "subscription": 0.4, "colour": 0.6, "color": 0.6, "shade": 0.6, "size": 0.55,
}  # fmt: skip
"""How much an attribute helps to choose, from 0 to 1; a judgement, the same for every shop. Others have 0.5, yes and no 0.9."""


def language_of(language: str) -> int:
    """The place of a language in the tables: 1 for German, 2 for French, else 0 for English."""
    return {"de": 1, "fr": 2}.get(language.split("-", maxsplit=1)[0].casefold(), 0)


def label_of(key: str, language: str, *, own: str = "") -> str:
    """What an attribute is called; an unknown one by its own name, made readable, without the unit at its end.

    Args:
        key: The attribute's plain name, such as "battery_hours".
        language: "en", "de" or "fr"; others read English.
        own: Its name as the shop writes it, whose capitals are kept: German nouns have them.
    """
    if key in _LABELS:
        return _LABELS[key][language_of(language)]
    words = _NAME_WORD.findall(own) or key.split("_")
    if len(words) > 1 and words[-1].casefold() in _UNITS:
        words.pop()
    label = " ".join(words)
    return label[:1].upper() + label[1:]


def value_text(key: str, text: str, language: str) -> str:
    """A fact as it is shown: yes and no, closed words, figures with their unit; the shop's other words as they are.

    Args:
        key: The attribute's plain name.
        text: The fact.
        language: "en", "de" or "fr".
    """
    at = language_of(language)
    said = yes_or_no(text)
    if said is not None:
        return _YES_NO[said][at]
    unit = _UNITS.get(key.rpartition("_")[2], ("", "", ""))[at] if "_" in key else ""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        number = text if at == 0 else text.replace(".", ",")
        return f"{number} {unit}".rstrip()
    times = re.fullmatch(r"([0-9]+) ?[×x] ?([0-9]+(?:\.[0-9]+)?)(, .*)?", text)
    if times and unit:
        number = times[2] if at == 0 else times[2].replace(".", ",")
        return f"{times[1]} × {number} {unit}{times[3] or ''}"
    pieces = [piece.strip() for piece in re.split(r"[;,]", text)]
    if at and all(piece.casefold() in _WORDS for piece in pieces):
        return ", ".join(_WORDS[piece.casefold()][at] for piece in pieces)
    return text.replace("; ", ", ") if all(len(piece.split()) <= 3 for piece in pieces) else text


def price_text(low: Money, high: Money, language: str) -> str:
    """A price, or from the lowest to the highest, as the language writes it."""
    from babel.numbers import format_currency

    locale = _LOCALES[("en", "de", "fr")[language_of(language)]]
    shown = [_plain(format_currency(_amount(each), each.currency, locale=locale)) for each in (low, high)]
    return shown[0] if low == high else f"{shown[0]} – {shown[1]}"


def _amount(money: Money) -> Decimal:
    return Decimal(money.amount)


def _plain(text: str) -> str:
    """Ordinary spaces, which every channel shows."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")
