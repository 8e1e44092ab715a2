"""The patterns by which stated measures are found, in English, German and French."""

from __future__ import annotations

import re

from convagent.catalog.attributes.model import Audience
from convagent.catalog.knowing.size_charts import BodyMeasure

__all__ = [
    "AGE",
    "BETWEEN",
    "CHILD_IS",
    "CLAUSE",
    "CLOSE",
    "FEET",
    "JEANS",
    "LOOSE",
    "METRES",
    "NOT",
    "QUANTITY",
    "SHOES",
    "TRIPLE",
    "USUAL",
    "WEARER",
    "WEIGHT",
    "WITHIN",
    "WORD",
    "A",
]

BODY: dict[BodyMeasure, str] = {
    "inside_leg": r"inside[ -]leg|inseam|innenbein\w*|schrittlänge|entrejambe",
    "chest": r"chest|bust|brust\w*|oberweite|(?:tour de )?poitrine|buste",
    "waist": r"waist|taillen(?:umfang|weite)|bund(?:weite|umfang)?|tour de taille|taille",
    "hips": r"hips?|hüft\w*|gesäß|(?:tour de )?hanches?|bassin",
    "foot": r"foot length|foot|feet|fuß\w*|fuss(?:länge|laenge)?|füße|fuesse|(?:longueur d[ue]s? )?pieds?",
    "height": r"tall|height|körpergröße|groß|gross|größe|hoch|je mesure|elle mesure|il mesure|mesure|de haut|hauteur|stature",
}
WORD = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in BODY.items()), re.IGNORECASE)
UNIT = (
    r"cm|centimet\w+|zentimeter|mm|meters?|metres?|mètres?|m|inch(?:es)?|zoll|pouces?|\"|''|"
    r"in(?=\s*(?:[,.;)]|$|chest|waist|bust|hips?|tall|foot|inseam))"
)
QUANTITY = re.compile(
    rf"(?<![\w.,])(?P<low>[0-9]{{1,3}}(?:[.,][0-9]{{1,2}})?)(?:\s*(?:-|–|to|bis|à)\s*(?P<high>[0-9]{{1,3}}(?:[.,][0-9])?))?"
    rf"\s*(?P<unit>{UNIT})?(?!\w)",
    re.IGNORECASE,
)
FEET = re.compile(
    r"(?<![\w.])(?P<feet>[2-7])\s*(?:'(?!')|ft\.?(?!\w)|foot\b|feet\b)\s*(?:(?P<inches>1[01]|[0-9])(?![0-9])\s*(?:\"|''|in\b|inch(?:es)?\b)?)?",
    re.IGNORECASE,
)
METRES = re.compile(r"(?<![\w.,])(?P<m>[0-2])\s?(?:m|mètres?)\s?(?P<cm>[0-9]{2})(?!\w)", re.IGNORECASE)
WEIGHT = re.compile(
    r"(?<![\w.,])[0-9]{1,3}(?:[.,][0-9])?\s*(?:kg|kilos?|kilogram\w*|lbs?|pounds?|pfund|stone|st)\b", re.IGNORECASE
)
WITHIN = re.compile(
    r"\b(?:between|zwischen|entre)\s+(?P<low>[0-9]{2,3}(?:[.,][0-9])?)(?:\s*cm)?\s*(?:and|und|et)\s*(?P<high>[0-9]{2,3}(?:[.,][0-9])?)"
    r"(?=\s*(?:cm|in|zoll|\"))",
    re.IGNORECASE,
)
NOT_AGO = r"(?!\s*(?:ago|her\b))"
AGE = re.compile(
    rf"(?<!vor )(?<!y a )(?<![\w.,])(?P<n>[0-9]{{1,2}})(?P<half>½|[.,]5)?[\s-]*"
    r"(?:(?P<years>years?|yrs?|yo|jahre?n?|jährige?[rsnm]?|ans?)|"
    rf"(?P<months>months?|monate?n?|mois))\b{NOT_AGO}(?:[\s-]*(?:old|alt))?",
    re.IGNORECASE,
)
CHILD_IS = re.compile(
    r"\b(?:daughter|son|kid|child|girl|boy|tochter|sohn|kind|fille|fils|enfant)\s+(?:is|turns|ist|wird|a)\s+(?P<n>[0-9]{1,2})"
    r"(?![0-9.,]*\s*(?:[0-9]|cm|m\b|kg|'|ft))",
    re.IGNORECASE,
)
TRIPLE = re.compile(r"(?<![\w.,])([0-9]{2,3})\s*[-–/]\s*([0-9]{2,3})\s*[-–/]\s*([0-9]{2,3})(?![\w/-])")
JEANS = re.compile(r"\bw\s?(?P<waist>[2-5][0-9])(?:\s*[/x ]?\s*l\s?(?P<leg>[2-4][0-9]))?\b", re.IGNORECASE)
CLAUSE = re.compile(r"[;!?\n]|[.,](?![0-9])|\b(?:and|und|et|with|mit|avec|but|aber|mais)\b|&", re.IGNORECASE)

SIZE = (
    r"(?:(?P<system>uk|eu|us|fr|it|de)\s*)?(?P<size>xxs|xs|xxxl|xxl|xl|[2-5]xl|s|m|l|small|medium|large|extra[ -](?:small|large)|"
    r"[0-9]{1,3}(?:[.,]5|½)?(?:/[0-9]{2,3})?)(?![\w'])(?![.,][0-9])"
    r"(?!\s*(?:cm|mm|m\b|\"|in(?=\s*(?:[,.;)]|$|chest|waist|bust|hips?|tall))|inch|ft\b|feet|kg|kilo|lbs?\b|zoll|pouces|years?|jahre|ans\b|months?|monate|mois|%|€|-))"
)
USUALLY = (
    r"(?:usually|normally|always|mostly|generally|typically|mostens|meist(?:ens)?|normalerweise|gewöhnlich|sonst|immer|"
    r"d'habitude|normalement|habituellement|généralement|toujours)"
)
A = r"(?:an?|eine?n?|du|un|une|in|en)"
SIZE_WORD = "shoe size|size|sizes|sz|konfektionsgröße|schuhgröße|größe|groesse|pointure|taille"
WEAR = "wears?|wearing|takes?|buy|trage|trägt|nehme|kaufe|porte|mets|prends|fais|chausse"
OF_SIZE = r"(?:size\s+|größe\s+|taille\s+)?"
USUAL = tuple(
    re.compile(pattern + SIZE, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{SIZE_WORD})\s*:?\s*(?:(?:is|ist|est|of|an?)\s+)?",
        rf"\b(?:{WEAR})\s+(?:{USUALLY}\s+)?(?:{A}\s+)?{OF_SIZE}",
        rf"\b(?:{USUALLY}|my usual)\s+(?:i'm\s+|i am\s+|bin ich\s+|trage ich\s+|ist\s+|is\s+)?(?:{A}\s+)?{OF_SIZE}",
        rf"\b(?:i'm|i am|she's|he's|she is|he is|ich bin|je suis)\s+(?:{USUALLY}\s+)?(?:{A}\s+)(?:size\s+|größe\s+)?",
        r"\b(?=(?:uk|eu|us|fr|it)\s*[0-9])",
    )
)
BETWEEN = re.compile(
    rf"\b(?:between|zwischen|entre|sizes?|größe|taille)\s+(?:an?\s+|sizes?\s+|größe\s+|le\s+|un\s+)*{SIZE}\s*(?:and|or|und|oder|et|ou|&|/)\s*"
    r"(?:an?\s+|size\s+|le\s+|un\s+)*" + SIZE.replace("<system>", "<system2>").replace("<size>", "<size2>"),
    re.IGNORECASE,
)
SHOES = re.compile(
    r"shoe|trainer|boot|sandal|sneaker|schuh|stiefel|pointure|chauss|basket|bottes|slipper|sock", re.IGNORECASE
)
WEARER: dict[Audience, str] = {
    "women": r"\b(?:wom[ae]n|wife|girlfriend|mother|mum|mom|sister|aunt|lady|she|her|frau|freundin|mutter|"
    r"schwester|tante|femme|copine|mère|sœur)\b",
    "men": r"\b(?:man|men|husband|boyfriend|father|dad|brother|uncle|he|him|his|mann|freund|vater|bruder|onkel|"
    r"mari|copain|père|frère|homme)\b",
    "children": r"\b(?:daughter|son|kid|kids|child|children|toddler|baby|boy|girl|tochter|sohn|kind|kinder|fille|fils|"
    r"enfants?|bébé)\b",
}  # fmt: skip
LOOSE = (
    r"loose|looser|baggy|oversized|roomy|relaxed|locker\w*|weit\w*|lässig\w*|ample|bouffant|"
    r"room for (?:a )?(?:jumper|layers?|knitwear)"
)
CLOSE = r"tight|close|closer|fitted|slim|snug|eng\w*|körperbetont\w*|figurbetont\w*|anliegend\w*|ajustée?|près du corps|serrée?"
NOT = r"(?:not|n't|nicht|pas|nothing)\s+(?:(?:be|sit|too|so|very|zu|so|sehr|trop|si)\s+)*"
