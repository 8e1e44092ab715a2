"""Sizes and colours in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from convagent.understanding.slot import Slot

__all__ = ["COLOURS", "colours", "sizes"]

_LETTERS = "XXXXL|XXXL|XXL|XL|XXS|XS|[SML]|[2-5]XL"
_WORDS: Mapping[str, str] = {
    "extra small": "XS", "x-small": "XS", "small": "S", "medium": "M", "large": "L", "extra large": "XL", "x-large": "XL",
    "klein": "S", "mittel": "M", "groß": "L", "petit": "S", "petite": "S", "moyen": "M", "moyenne": "M",
    "grand": "L", "grande": "L",
}  # fmt: skip
_WORD = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))
_NAMED = re.compile(
    rf"(?<!\w)(?:sizes?|größe|grösse|gr\.|taille|pointure)[ :=]{{1,3}}(?:is |ist |est |in |a |an |the |eine? |en )?"
    rf"(?P<size>(?:(?:EU|UK|US|DE|FR|IT)[ ]?)?\d{{1,3}}(?:[.,]5|½)?(?:/\d{{1,3}}|-\d{{1,3}})?"
    rf"|(?:{_LETTERS})(?:/(?:{_LETTERS}))?|{_WORD})"
    r"(?!\w|[.,]\d|[ ]?(?:cm|mm|€|euro))",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"(?<!\w)(?P<size>(?:EU|UK|US)[ ]?\d{1,2}(?:[.,]5)?)(?![\w%]|[.,]\d)")
_WAIST = re.compile(r"(?<!\w)(?P<size>W[ ]?\d{2}[ ]?[/x ]?[ ]?L[ ]?\d{2})(?!\w)", re.IGNORECASE)
_LETTER = re.compile(rf"(?<![\w'’+&/.-])(?P<size>(?:{_LETTERS})(?:/(?:{_LETTERS}))?)(?![\w'’&/-]|\.\w)")
_WORDED = re.compile(
    rf"(?<!\w)(?:in|in an?|an?|the|take|need|wear|wearing|am|to|into|for|usually|normally|in the|eine?|en)[ ](?P<size>{_WORD})"
    r"(?=\s*(?:$|[.,;!?)]|\b(?:please|instead|one|size|and|or|in|for|from|to|not|but|if|too|is|was|bitte|und|oder|statt|ou|et|svp)\b))",
    re.IGNORECASE,
)
_A_LETTER_ALONE = re.compile(
    r"(?:\b(?:in|an?|the|size|to|for|from|wear|wearing|take|need|want|ordered|have|am|it|of|or|and|is|größe|gr\.|eine?|taille|du|en|un|une|auf|von|zu|gegen)\s+|[(,/:]\s*|^\W*)$",
    re.IGNORECASE,
)

COLOURS: Mapping[str, str] = {
    word: name
    for name, words in {
        "black": "black schwarz schwarze schwarzen schwarzer schwarzes noir noire noirs noires",
        "white": "white weiß weiss weiße weißen weißer blanc blanche blancs blanches",
        "grey": "grey gray grau graue grauen grauer gris grise grises",
        "red": "red rot rote roten roter rotes rouge rouges",
        "blue": "blue blau blaue blauen blauer blaues bleu bleue bleus bleues",
        "navy": "navy marineblau",
        "green": "green grün grüne grünen grüner grünes vert verte verts vertes",
        "yellow": "yellow gelb gelbe gelben gelber gelbes jaune jaunes",
        "orange": "orange orangefarben",
        "pink": "pink rosa rose",
        "purple": "purple violet lila violett violette",
        "brown": "brown braun braune braunen brauner marron brun brune",
        "beige": "beige",
        "cream": "cream creme cremefarben crème",
        "gold": "gold golden goldene doré dorée",
        "silver": "silver silber silberne argenté argentée",
        "turquoise": "turquoise türkis",
        "burgundy": "burgundy bordeaux weinrot",
        "teal": "teal petrol",
        "khaki": "khaki",
        "olive": "olive oliv",
        "charcoal": "charcoal anthrazit anthracite",
    }.items()
    for word in words.split()
}
"""Colours that every shop has, by their words in English, German and French."""


def sizes(text: str, *, known: Sequence[str] = ()) -> Iterator[Slot]:
    """Sizes: "size 38", "EU 42", "XL", "a medium", "W32 L34", and those the shop knows.

    Args:
        text: The message.
        known: Sizes as the catalog writes them, such as "36/37" or "One size".
    """
    for shape in (_NAMED, _SYSTEM, _WAIST, _WORDED):
        for found in shape.finditer(text):
            yield Slot("size", _size(found.group("size")), found.group("size"), *found.span("size"))
    for found in _LETTER.finditer(text):
        written = found.group("size")
        before = text[max(0, found.start() - 12) : found.start()]
        if len(written) == 1 and not _A_LETTER_ALONE.search(before) and text.strip() != written:
            continue
        yield Slot("size", written, written, *found.span("size"))
    pattern = _any_of(tuple(size for size in known if len(size) > 2 and not size.isalpha()))
    if pattern is not None:
        spelling = {size.casefold(): size for size in known}
        for found in pattern.finditer(text):
            yield Slot("size", spelling.get(found.group().casefold(), found.group()), found.group(), *found.span())


def colours(text: str, *, known: Sequence[str] = ()) -> Iterator[Slot]:
    """Colours, the shop's own in its spelling, others in English.

    Args:
        text: The message.
        known: Colours as the catalog writes them, such as "Forest Green".
    """
    pattern = _any_of(tuple(known))
    if pattern is not None:
        spelling = {colour.casefold(): colour for colour in known}
        for found in pattern.finditer(text):
            yield Slot("colour", spelling.get(found.group().casefold(), found.group()), found.group(), *found.span())
    for found in re.finditer(r"[^\W\d_]{3,14}", text):
        if (name := COLOURS.get(found.group().casefold())) is not None:
            yield Slot("colour", name, found.group(), *found.span())


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    choices = "|".join(re.escape(name) for name in sorted(set(names), key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)


def _size(written: str) -> str:
    plain = " ".join(written.split())
    if (letter := _WORDS.get(plain.casefold())) is not None:
        return letter
    plain = re.sub(
        r"^(EU|UK|US|DE|FR|IT) ?(?=\d)", lambda found: f"{found.group(1).upper()} ", plain, flags=re.IGNORECASE
    )
    return plain.upper().replace(",", ".")
