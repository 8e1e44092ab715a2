"""Sizes in a message: letters, numbers of several countries, waists and lengths, measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from convagent.understanding.slot import Slot

__all__ = ["sizes"]

_LETTERS = "XXXXL|XXXL|XXL|XL|XXS|XS|[SML]|[2-5]XL"
_WORDS: Mapping[str, str] = {
    "extra small": "XS", "x-small": "XS", "small": "S", "medium": "M", "large": "L", "extra large": "XL", "x-large": "XL",
    "klein": "S", "mittel": "M", "groß": "L", "petit": "S", "petite": "S", "moyen": "M", "moyenne": "M",
    "grand": "L", "grande": "L", "extra-small": "XS", "extra-large": "XL", "double xl": "XXL", "triple xl": "XXXL",
    "double extra large": "XXL",
}  # fmt: skip
_WORD = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))
_SYSTEMS: Mapping[str, str] = {
    "eu": "EU", "uk": "UK", "us": "US", "de": "DE", "fr": "FR", "it": "IT", "european": "EU", "british": "UK", "american": "US",
    "german": "DE", "french": "FR", "italian": "IT",
}  # fmt: skip
_NATION = "EU|UK|US|DE|FR|IT"
_FIGURES = r"\d{1,3}(?:[.,]5|[ ]?½|[ ]1/2)?"
_NAMED = re.compile(
    rf"(?<!\w)(?:(?P<system>{_NATION})[ ])?(?:sizes?|(?:schuh|kleider|konfektions)?größe|grösse|gr\.|taille"
    rf"|pointure)[ :=]{{1,3}}"
    r"(?:is |ist |est |in |a |an |the |eine? |en )?"
    rf"(?P<size>(?:(?:{_NATION})[ ]?)?\d{{1,3}}/\d{{2,3}}|(?:(?:{_NATION})[ ]?)?{_FIGURES}(?:-\d{{1,3}})?(?:[ ](?:EU|UK"
    r"|US)(?!\w))?"
    rf"|(?:{_LETTERS})(?:/(?:{_LETTERS}))?|{_WORD})"
    r"(?!\w|[.,]\d|[ ]?(?:cm|mm|€|euro))",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?<!\w)(?P<size>(?:EU|UK|US|FR|IT)[ ]?\d{1,2}(?:[.,]5|[ ]?½|[ ]1/2)?|(?<![.,€$£#])\d{1,2}(?:[.,]5)?[ ](?:EU|UK|US)"
    r"|(?i:european|british|american|german|french|italian)[ ](?:size[ ])?\d{1,2}(?:[.,]5)?)(?![\w%]|[.,]\d)"
)
_SURE_WORDS = re.compile(
    r"(?<!\w)(?P<size>extra[ -]small|extra[ -]large|x-small|x-large|double (?:xl|extra large)|triple xl)(?!\w)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"\W*(?:a |an |the |in |eine? |une? )?(?P<size>{_WORD})(?:[ ](?:one|size|please|pls|bitte|svp))*\W*", re.IGNORECASE
)
_ORDINARY = re.compile(
    r"(?<!\w)taille (?P<size>moyenne|petite|grande)|(?<!\w)du (?P<size2>3[4-9]|4\d)(?=\s*(?:$|[.,;!?]|en\b|svp\b|et\b))",
    re.IGNORECASE,
)
_JEANS = re.compile(
    r"(?<![\w/])(?P<waist>[2-4]\d)/(?P<length>[23]\d)[ ](?:jeans|trousers|chinos|pants|hose|pantalon)\b", re.IGNORECASE
)
_MEASURES = re.compile(
    r"(?<![\w.,])(?P<a>\d{2,3})[ ]?(?:cm)?[ ]?[x×][ ]?(?P<b>\d{2,3})(?:[ ]?[x×][ ]?(?P<c>\d{1,3}))?[ ]?cm(?!\w)",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:waist|chest|hips?|bust|inseam|inside leg|taillenumfang|brustumfang|hüftumfang|taille|tour de (?:taille"
    r"|poitrine|hanches))"
    r"[ ](?:is |of |: ?|ist |est |de )?(?P<size>\d{2,3}) ?cm\b",
    re.IGNORECASE,
)
_WAIST = re.compile(r"(?<!\w)(?P<size>W[ ]?\d{2}[ ]?[/x ]?[ ]?L[ ]?\d{2})(?!\w)", re.IGNORECASE)
_LETTER = re.compile(rf"(?<![\w'’+&/.-])(?P<size>(?:{_LETTERS})(?:/(?:{_LETTERS}))?)(?![\w'’&/-]|\.\w)")
_WORDED = re.compile(
    r"(?<!\w)(?:in|in an?|an?|the|take|need|wear|wearing|am|to|into|for|usually|normally|in the|eine?"
    rf"|en)[ ](?P<size>{_WORD})"
    r"(?=\s*(?:$|[.,;!?)]|\b(?:please|instead|one|size|and|or|in|for|from|to|not|but|if|too|is|was|bitte|und|oder|statt"
    r"|ou|et|svp)\b))",
    re.IGNORECASE,
)
_A_LETTER_ALONE = re.compile(
    r"(?:\b(?:in|an?|the|size|to|for|from|wear|wearing|take|need|want|ordered|have|am|it|of|or|and|is|got|received|as"
    r"|than|not|instead of|vs|also|nicht|statt|bekam|lieu de|pas|ou|oder|und|et|größe|gr\.|eine?|taille|du|en|un|une"
    r"|auf|von|zu|gegen)\s+|[(,/:]\s*|^\W*)$",
    re.IGNORECASE,
)

_LONGEST_ALONE = 40


def sizes(text: str, *, known: Sequence[str] = ()) -> Iterator[Slot]:
    """Sizes: "size 38", "EU 42", "XL", "a medium", "W32 L34", and those the shop knows.

    Args:
        text: The message.
        known: Sizes as the catalog writes them, such as "36/37" or "One size".
    """
    if (alone := _ALONE.fullmatch(text[:60])) is not None and len(text) <= _LONGEST_ALONE:
        yield Slot("size", _size(alone["size"]), alone["size"], *alone.span("size"))
    for found in _JEANS.finditer(text):
        end = found.end("length")
        yield Slot("size", f"W{found['waist']} L{found['length']}", text[found.start() : end], found.start(), end)
    for found in _MEASURES.finditer(text):
        numbers = [found[name] for name in ("a", "b", "c") if found[name]]
        yield Slot("size", f"{' x '.join(numbers)} cm", found.group(), *found.span())
    for found in _BODY.finditer(text):
        yield Slot(
            "size", f"{found['size']} cm", text[found.start("size") : found.end()], found.start("size"), found.end()
        )
    for found in _ORDINARY.finditer(text):
        name = "size" if found["size"] else "size2"
        yield Slot("size", _size(found[name]), found[name], *found.span(name))
    for shape in (_NAMED, _SYSTEM, _WAIST, _SURE_WORDS, _WORDED):
        for found in shape.finditer(text):
            system = found["system"].upper() + " " if shape is _NAMED and found["system"] else ""
            yield Slot(
                "size", _as_known(system + _size(found.group("size")), known), found.group("size"), *found.span("size")
            )
    for found in _LETTER.finditer(text):
        written = found.group("size")
        before = text[max(0, found.start() - 12) : found.start()]
        if len(written) == 1 and not _A_LETTER_ALONE.search(before) and text.strip() != written:
            continue
        yield Slot("size", _as_known(written, known), written, *found.span("size"))
    pattern = _any_of(tuple(size for size in known if len(size) > 2 and not size.isalpha()))
    if pattern is not None:
        spelling = {size.casefold(): size for size in known}
        for found in pattern.finditer(text):
            yield Slot("size", spelling.get(found.group().casefold(), found.group()), found.group(), *found.span())


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
    plain = re.sub(r"(?<=\d)(?: ?½| 1/2)$", ".5", plain)
    if (named := re.fullmatch(r"([a-z]+) ?(?:size )?(\d.*)", plain, re.IGNORECASE)) and named[1].casefold() in _SYSTEMS:
        plain = f"{_SYSTEMS[named[1].casefold()]} {named[2]}"
    elif (behind := re.fullmatch(r"(\d.*) (EU|UK|US)", plain, re.IGNORECASE)) is not None:
        plain = f"{behind[2]} {behind[1]}"
    return plain.upper().replace(",", ".")


def _as_known(size: str, known: Sequence[str]) -> str:
    """2XL or XXL, whichever the shop writes; XXL where it writes neither."""
    if (found := re.fullmatch(r"([2-5])XL|(X{2,5})L", size)) is None:
        return size
    count = int(found[1]) if found[1] else len(found[2])
    return next((name for name in (f"{count}XL", "X" * count + "L") if name in known), "X" * count + "L")
