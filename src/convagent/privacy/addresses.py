"""Postal addresses in English, German and French: a street with its number, and the postcode and town behind it.

A town alone, a country alone and a postcode of figures that nothing announces are none: replies about delivery need them, and
figures may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["address_places"]

_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_UNIT = (
    r"(?:,? (?:(?:apt|apartment|flat|unit|suite|ste|room|floor|etage|stock|wohnung|whg|top|appartement|appt|bâtiment|"
    r"bat|étage|"
    r"esc(?:alier)?)\.? ?#?(?:\d{1,5} ?[a-z]?|[A-Z])\b|#\d{1,5}[a-z]?))?"
)
_UK = r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})"
_EIRCODE = r"(?:[AC-FHKNPRTV-Y]\d[\dW] ?[0-9AC-FHKNPRTV-Y]{4})"
_FIGURES = r"(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{4})?"
_PLACE = r"(?:St\.? ?)?[A-ZÀ-ÖØ-Þ][\w'’-]*"
_TOWN = rf"{_PLACE}(?:[ -](?:(?:am|an der|a\.|im|in|sur|sous|lès|en|de|la|le|les|upon|on)[ -])?{_PLACE}){{0,2}}"
_CITIES = "Dublin|Cork|Galway|Limerick|London|Berlin|Hamburg|München|Wien|Zürich|Paris|Lyon|Marseille|Bruxelles"
_COUNTRIES = (
    "Ireland|UK|United Kingdom|England|Scotland|Wales|USA|Germany|Deutschland|Austria|Österreich|Schweiz|France|"
    "Belgique|"
    "Suisse"
)
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
_REST = (
    rf"(?:{_UNIT}(?:,? ?\n?(?:"
    rf"{_FIGURES} {_TOWN}"
    rf"|(?:(?:Co\.? |County )?{_TOWN}(?: \d{{1,2}})?,? ?\n?){{0,4}}(?:[A-Z]{{2}} )?(?:{_UK}|{_EIRCODE}|"
    rf"\d{{5}}(?:-\d{{4}})?)"
    rf"|(?:{_PLACE}, )?(?i:{_CITIES})(?: \d{{1,2}})?"
    rf")\b(?:,? (?:{_COUNTRIES})\b)?)?)"
)
_ENGLISH = re.compile(
    rf"(?<![\w#€$£.,])(?:(?i:flat|apt|apartment|unit) ?#?\d{{1,4}}[a-z]?, ?)?\d{{1,5}}[a-zA-Z]?,? (?:(?:[NSEW]|North|"
    rf"South|East|West|Upper|Lower|Old|New|St\.?) )?"
    rf"(?:(?:the )?{_NAME} ){{1,4}}"
    r"(?:Street|Str|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Place|Pl|Terrace|Tce|Way|Close|"
    r"Crescent|Cres|Boulevard|Blvd|"
    r"Park|Quay|Row|Gardens|Grove|Hill|Mews|Parade|Highway|Hwy|Walk|Green|Heights|Villas|Circle|Parkway|Pkwy|"
    r"street|road|avenue|lane|drive|court|terrace|crescent|boulevard)\b\.?"
    rf"{_REST}"
)
_BY_POSTCODE = re.compile(
    rf"(?<![\w#€$£.,])(?:{_NAME} )?\d{{1,4}}[a-zA-Z]?,? (?:{_NAME} ){{0,3}}{_NAME},? (?:(?:Co\.? |"
    rf"County )?{_TOWN}(?: \d{{1,2}})?,? ){{0,3}}"
    rf"(?:{_UK}|{_EIRCODE})(?!\w)"
)
_ANNOUNCED = re.compile(
    r"(?i:\bi(?: now)? live (?:at|in)|\bi['’]m at|\baddress(?: is| was|:)|\badresse(?: ist| lautet| est|:)|"
    r"\banschrift(?: ist| lautet|:)) "
    rf"((?:{_NAME}|\d{{1,5}}[a-z]?)(?: {_NAME}| \d{{1,5}}[a-z]?)*,(?: (?:{_NAME}|\d{{1,5}}[a-z]?),?)+)"
)
_ENGLISH_SMALL = re.compile(
    r"(?<![\w#€$£.,])\d{1,4}[a-z]? (?:(?!(?:a|an|the|of|on|in|at|to|my|your|our|for|and|days?|items?|"
    r"miles?)\b)[a-z'’]{2,20} ){1,3}"
    rf"(?:street|road|avenue|lane|boulevard|crescent|terrace)\b{_REST}"
)
_GERMAN = re.compile(
    r"(?<!\w)(?:"
    r"(?!(?:Gold|Silber|Ehe|Verlobungs|Schlüssel|Ohr|Arbeits|Sitz|Steh|Stell|Park|Flug|Bei)(?:ring|platz|ringe|weg)\b)"
    r"[A-ZÄÖÜ][\wäöüß.-]*?(?:straße|strasse|str\.?|gasse|weg|allee|platz|damm|ufer|chaussee|steig|stieg|promenade|"
    r"ring|markt|graben|twiete|zeile)"
    r"|(?:[A-ZÄÖÜ][\wäöüß.-]+(?:er|e|en|[ -][A-ZÄÖÜ][\wäöüß-]+)?[ -])(?:Straße|Strasse|Str\.?|Gasse|Weg|Allee|Platz|"
    r"Damm|Ufer|Chaussee|Ring|Markt|Graben)"
    r"|(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Unter den|Unter der|Zum|Zur|Hinter der|Vor dem|Alte|"
    r"Alter|Neue|Neuer) "
    r"[A-ZÄÖÜ][\wäöüß-]+(?: [A-ZÄÖÜ][\wäöüß-]+)?"
    rf") \d{{1,4}}(?: ?[a-z](?![\w]))?(?:[-/]\d{{1,4}}[a-z]?)?(?![\w€%])(?! ?(?:Uhr|Euro|€|%|Stück|cm|mm|kg|Tage|"
    rf"Monate?|Jahre?)\b){_REST}"
)
_NO_STREET = re.compile(
    r"(?:Im (?:Jahr|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Warenkorb|Set|"
    r"Paket|Artikel)|"
    r"Am (?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|Tag)|"
    r"Zum (?:Preis|Artikel|Beispiel)|Zur (?:Bestellung|Größe)|Neue[r]? (?:Größe|Preis|Bestellung)|Alte[r]? (?:Größe|"
    r"Preis|Bestellung)|"
    r"In der (?:Bestellung|Größe|Farbe)|In den (?:Größen)|Auf der (?:Rechnung|Bestellung|Seite)|Auf dem (?:Etikett|"
    r"Paket))\b"
)
_FRENCH = re.compile(
    r"(?<![\w#€.,])\d{1,4}(?: ?(?:bis|ter|quater)\b)?,? (?:"
    r"(?i:rue|avenue|av\.|boulevard|bd\.?|chemin|allée|impasse|quai|ruelle|faubourg|sentier)(?: (?:de la|de l['’]|du|"
    r"des|de|d['’]|à la|aux?))?[ '’]?"
    r"|(?i:place|route|cours|square|passage|résidence|villa|montée|esplanade) (?:de la |de l['’]|du |des |de |"
    r"d['’])?(?=[A-ZÀ-Ý]))"
    rf"(?:{_NAME}|[a-zà-ÿ]{{3,20}})(?:[ -](?:(?:de|du|des|la|le|les|et|l['’]|d['’])[ ]?)?{_NAME}){{0,4}}{_REST}"
)
_CODE = re.compile(
    r"\b(?:post ?code|postal code|zip(?: code)?|eircode|plz|postleitzahl|code postal|cp)\b(?:[ :=]|\b(?:is|ist|"
    r"lautet|est|le|the|mein|my|mon)\b){1,6}"
    r"([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[\dW] ?[A-Z\d]{4}|\d{4,5}(?:-\d{4})?)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"(?<![\w#-])(?:[A-Z]{{1,2}}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{{2}}|"
    rf"[AC-FHKNPRTV-Y]\d[\dW] [0-9AC-FHKNPRTV-Y]{{4}})(?![\w-])"
    rf"|{_NAME}, (?:{_STATES}) \d{{5}}(?:-\d{{4}})?(?!\w)"
)
_WITH_TOWN = re.compile(
    rf"(?:(?i:\b(?:in|nach|aus|wohne|wohnt|adresse|anschrift|address|live|to|at|à|habite|adresse|"
    rf"ville)\b)[ :,]{{1,3}}|\n|^)"
    rf"((?:[A-Z]{{1,2}}-)?\d{{5}} (?!(?:Euro|EUR|Stück|Punkte|Points|Items?)\b){_TOWN})"
)
_FIGURE = re.compile(r"\d")
_FIVE_FIGURES = re.compile(r"\d{5} ")
_SMALL_STREETS = ("street", "road", "avenue", "lane", "boulevard", "crescent", "terrace")
_FRENCH_WORDS = ("rue", "avenue", "av.", "boulevard", "bd", "chemin", "allée", "impasse", "quai", "ruelle", "faubourg", "sentier",
                 "place", "route", "cours", "square", "passage", "résidence", "villa", "montée", "esplanade")  # fmt: skip


def address_places(text: str) -> Iterator[tuple[int, int]]:
    """Where postal addresses stand; places may overlap.

    Args:
        text: Any text; without a figure only one that is announced is found.
    """
    lower = text.lower()
    if any(word in lower for word in ("address", "adresse", "anschrift", " live ", "i'm at", "i’m at")):
        for found in _ANNOUNCED.finditer(text):
            yield found.span(1)
    if not _FIGURE.search(text):
        return
    for pattern in (_ENGLISH, _BY_POSTCODE, _ALONE):
        for found in pattern.finditer(text):
            yield found.span()
    if any(word in lower for word in _SMALL_STREETS):
        for found in _ENGLISH_SMALL.finditer(text):
            yield found.span()
    for found in _GERMAN.finditer(text):
        if not _NO_STREET.match(found[0]):
            yield found.span()
    if any(word in lower for word in _FRENCH_WORDS):
        for found in _FRENCH.finditer(text):
            yield found.span()
    if any(word in lower for word in ("post", "zip", "eircode", "plz", "cp")):
        for found in _CODE.finditer(text):
            yield found.span(1)
    if _FIVE_FIGURES.search(text):
        for found in _WITH_TOWN.finditer(text):
            yield found.span(1)
