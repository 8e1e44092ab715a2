"""Colours in a message: the shop's own, and those that every shop has, with their shades and usual misspellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from convagent.understanding.slot import Slot

__all__ = ["COLOURS", "colours"]

COLOURS: Mapping[str, str] = {
    word: name
    for name, words in {
        "black": "black blak blck balck schwarz schwarze schwarzen schwarzer schwarzes noir noire noirs noires",
        "white": "white whte wite weiß weiss weiße weißen weißer blanc blanche blancs blanches",
        "grey": "grey gray grau graue grauen grauer gris grise grises",
        "red": "red rot rote roten roter rotes rouge rouges",
        "blue": "blue blau blaue blauen blauer blaues bleu bleue bleus bleues",
        "navy": "navy marineblau",
        "green": "green gren grean grün grüne grünen grüner grünes vert verte verts vertes",
        "yellow": "yellow yelow gelb gelbe gelben gelber gelbes jaune jaunes",
        "orange": "orange orangefarben",
        "pink": "pink rosa rose",
        "purple": "purple violet lila violett violette violettes purpel pruple",
        "lilac": "lilac flieder fliederfarben lilas",
        "lavender": "lavender lavendel lavande",
        "ivory": "ivory elfenbein elfenbeinfarben ivoire",
        "off-white": "off-white offwhite cremeweiß wollweiß écru ecru",
        "mustard": "mustard senf senfgelb senffarben moutarde",
        "coral": "coral koralle korallenrot corail",
        "taupe": "taupe",
        "maroon": "maroon",
        "fuchsia": "fuchsia fuschia",
        "magenta": "magenta",
        "indigo": "indigo",
        "multicoloured": "multicoloured multicolored multicolour multicolor bunt bunte bunten bunter buntes mehrfarbig"
        " mehrfarbige multicolore"
        " multicolores",
        "brown": "brown brwon borwn braun braune braunen brauner marron brun brune",
        "beige": "beige biege beigh beigefarben",
        "cream": "cream creme cremefarben crème",
        "gold": "gold golden goldene goldenen doré dorée",
        "silver": "silver silber silberne argenté argentée",
        "turquoise": "turquoise turquise tourquoise türkis türkise türkisfarben",
        "burgundy": "burgundy burgandy bordeaux weinrot",
        "teal": "teal petrol",
        "khaki": "khaki",
        "olive": "olive oliv",
        "charcoal": "charcoal anthrazit anthracite",
    }.items()
    for word in words.split()
}
"""Colours that every shop has, by their words in English, German and French."""

_DARK = "dark|deep|dunkel|foncée?s?|sombre"
_LIGHT = "light|pale|pastel|hell|claire?s?|pâle"
_COMPOUND = re.compile(r"(?P<shade>dunkel|hell)(?P<colour>\w{3,12})", re.IGNORECASE)
_BEFORE_SHADE = re.compile(rf"(?<!\w)(?:(?P<dark>{_DARK})|(?P<light>{_LIGHT}))[ -]$", re.IGNORECASE)
_AFTER_SHADE = re.compile(r"[ -](?:(?P<dark>foncée?s?|sombre)|(?P<light>claire?s?|pâle))(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,16}(?:-[^\W\d_]{2,10})?")
_NAME_BEFORE = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|frau|herrn?|familie|family|mme|monsieur|madame|m|mlle)\.?[ ](?:[^\W\d_]+[ ])?$"
    r"|\b(?:name[ ]is|name['’]s|name:|called|named|i['’]?m|i[ ]am|this[ ]is|heiße|bin|m['’]appelle|suis"
    r"|nom[ ]est)[ ](?-i:[A-ZÄÖÜÉ])?"
    r"(?:(?<=[A-ZÄÖÜÉ])[^\W\d_]*[ ])?$",
    re.IGNORECASE,
)
# What makes of a colour's word something else: a street, a day, an oil, a figure of speech.
_ANOTHER_THING = re.compile(
    r"[ -](?:street|st\.|road|rd\.?|lane|avenue|ave\.?|square|friday|monday|cross|tape|flag|carpet|oil|oils|rule|water"
    r"|wine|tea|cabbage"
    r"|eyes?|hair|in[ ]the[ ]face|à[ ]lèvres|friday|list|market|card|cards|status|level|member|tier|light[ ]for|hours?"
    r"|paper|noise|lie)\b",
    re.IGNORECASE,
)
_CREAM_BEFORE = re.compile(
    r"(?:^|[,.;!?/(]|\b(?:in|the|a|and|or|not|but|colou?r|of|off|for|from|to|in[ ]der[ ]farbe|und|oder|statt|en|la|le"
    r"|ou|et|couleur|pale|light"
    r"|dark|also|than|is|was))[ ]*$",
    re.IGNORECASE,
)
_FIGURES_OF_SPEECH = re.compile(r"\b(?:out[ ]of[ ]the|once[ ]in[ ]a|green[ ]with|seeing|in[ ]the)[ ]$", re.IGNORECASE)
_SHORTEST_SLIP = 5


def colours(text: str, *, known: Sequence[str] = ()) -> Iterator[Slot]:
    """Colours, the shop's own in its spelling, others in English: "dark green", "hellgrau" as light grey.

    One slip of the keyboard is forgiven in the longer words of the shop's own colours, when the other words are right. Names
    ("Mrs Brown"), streets and things called by a colour ("olive oil") are none.

    Args:
        text: The message.
        known: Colours as the catalog writes them, such as "Forest Green".
    """
    spelling = {_plain(colour): colour for colour in known}
    pattern = _any_of(tuple(known))
    if pattern is not None:
        for found in pattern.finditer(text):
            yield Slot("colour", spelling.get(_plain(found.group()), found.group()), found.group(), *found.span())
        yield from _with_slips(text, spelling)
    for found in _WORD.finditer(text):
        name, shade = COLOURS.get(found.group().casefold()), ""
        if name is None and (compound := _COMPOUND.fullmatch(found.group())) is not None:
            name = COLOURS.get(compound["colour"].casefold())
            shade = "dark" if compound["shade"].casefold() == "dunkel" else "light"
        if name is None or _is_another_thing(text, found, name):
            continue
        start, end = found.span()
        if (before := _BEFORE_SHADE.search(text, max(0, start - 10), start)) is not None:
            shade, start = "dark" if before["dark"] else "light", before.start()
        elif (after := _AFTER_SHADE.match(text, end)) is not None:
            shade, end = "dark" if after["dark"] else "light", after.end()
        elif name == "blue" and (marine := re.compile(r"[ ]marine\b", re.IGNORECASE).match(text, end)) is not None:
            name, end = "navy", marine.end()
        full = f"{shade} {name}".strip()
        yield Slot("colour", spelling.get(full, full), text[start:end], start, end)


def _with_slips(text: str, spelling: Mapping[str, str]) -> Iterator[Slot]:
    """The shop's colours of several words with one slip in one of them."""
    words = list(re.finditer(r"[^\W\d_]+", text))
    plain = [word.group().casefold() for word in words]
    for colour, written in spelling.items():
        parts = colour.split()
        if len(parts) < 2:
            continue
        for at in range(len(words) - len(parts) + 1):
            here = plain[at : at + len(parts)]
            wrong = [(a, b) for a, b in zip(here, parts, strict=True) if a != b]
            if len(wrong) == 1 and len(wrong[0][1]) >= _SHORTEST_SLIP and OSA.distance(*wrong[0], score_cutoff=1) <= 1:
                start, end = words[at].start(), words[at + len(parts) - 1].end()
                yield Slot("colour", written, text[start:end], start, end)


def _is_another_thing(text: str, found: re.Match[str], name: str) -> bool:
    start, end = found.span()
    before = text[max(0, start - 30) : start]
    if found.group()[0].isupper() and _NAME_BEFORE.search(before):
        return True
    if _ANOTHER_THING.match(text, end) or _FIGURES_OF_SPEECH.search(before):
        return True
    return name == "cream" and _CREAM_BEFORE.search(before) is None


def _plain(colour: str) -> str:
    return " ".join(re.split(r"[\s-]+", colour.casefold()))


@lru_cache(maxsize=64)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    choices = "|".join(r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", name)) for name in ordered)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)
