"""Colours in a customer's and in a shop's words: names in English, German and French, and the shades of each."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from convagent.catalog.letter_words import letter_words, words_among
from convagent.catalog.phrases import Mention, phrases_at, read_list

__all__ = ["colours_in", "named_colours_in", "plain_colours_in", "read_colours", "read_unwanted_colours"]

_NAMES = {
    "black": "black blk schwarz schwarze schwarzer schwarzes schwarzen schwarzem noir noire noirs noires",
    "white": "white wht weiß weiss weiße weißer weißes weißen weisse weisser weisses weissen blanc blanche blancs blanches",
    "grey": "grey gray grau graue grauer graues grauen gris grise grises",
    "red": "red rot rote roter rotes roten rouge rouges",
    "blue": "blue blau blaue blauer blaues blauen bleu bleue bleus bleues",
    "navy": "navy dunkelblau dunkelblaue dunkelblauer dunkelblaues dunkelblauen marineblau",
    "green": "green grün grüne grüner grünes grünen vert verte verts vertes",
    "yellow": "yellow gelb gelbe gelber gelbes gelben jaune jaunes",
    "purple": "purple lila violett violette violetter violettes",
    "pink": "pink rosa rosafarben",
    "brown": "brown braun braune brauner braunes braunen brun brune bruns brunes",
    "beige": "beige beiges",
}
_AMBIGUOUS = {
    "orange": "orange oranges",
    "cream": "cream creme crème",
    "gold": "gold golden or doré dorée",
    "silver": "silver silbern silber argenté argentée",
    "pink": "rose",
    "purple": "violet",
    "brown": "marron",
}
_SHADES = {
    "black": "onyx jet ebony ink raven",
    "grey": "charcoal graphite slate ash smoke pewter steel anthracite anthrazit",
    "white": "ivory cream snow chalk ecru écru pearl",
    "beige": "sand oat oatmeal camel tan taupe stone biscuit nude linen cream ecru khaki",
    "brown": "chocolate walnut chestnut cognac coffee mocha cinnamon umber tan camel",
    "red": "burgundy wine crimson scarlet brick cherry ruby rust maroon oxblood",
    "pink": "blush fuchsia magenta coral salmon rose peony",
    "orange": "rust terracotta apricot tangerine amber copper",
    "yellow": "mustard lemon saffron ochre butter gold",
    "green": "moss olive sage forest khaki emerald mint fern pine bottle teal",
    "blue": "navy midnight indigo cobalt denim azure teal turquoise sky petrol",
    "purple": "lavender lilac plum mauve aubergine violet heather",
    "gold": "brass",
    "silver": "steel",
}

_TRANSLATED = {
    word: shade
    for shade, words in {
        "rust": "rost rostrot rouille", "moss": "moos moosgrün", "oat": "hafer avoine", "mustard": "senf senfgelb moutarde",
        "plum": "pflaume prune", "heather": "heide bruyère", "fog": "nebel brume", "ink": "tinte encre", "chalk": "kreide craie",
        "sage": "salbei sauge", "brick": "ziegel ziegelrot brique", "slate": "schiefer ardoise", "sand": "sable",
        "sky": "himmelblau himmel ciel", "clay": "lehm argile", "olive": "oliv", "ivory": "elfenbein ivoire",
        "lavender": "lavendel lavande", "charcoal": "anthrazit anthracite", "turquoise": "türkis türkisfarben",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Shades that shops name in English, as German and French shoppers say them: "in Rost"."""

_CANONICAL = {
    word: colour for table in (_AMBIGUOUS, _NAMES) for colour, words in table.items() for word in words.split()
}
_FAMILIES: dict[str, frozenset[str]] = {
    shade: frozenset(family for family, shades in _SHADES.items() if shade in shades.split())
    for shades in _SHADES.values()
    for shade in shades.split()
}

_UNDYED = frozenset("natur naturfarben natural naturel naturelle undyed ungefärbt".split())
"""What a colour option calls the colour of undyed cloth, wood or leather; in running text it says no colour."""

_ENDING = {
    word: colour
    for colour, words in _NAMES.items()
    if colour != "navy"
    for word in words.split()
    if word.startswith(
        ("schwarz", "wei", "grau", "rot", "blau", "grün", "gelb", "violett", "lila", "rosa", "braun", "beige")
    )
}
"""German colours: those of other languages stand apart, and "covered" is no red."""

_COMPOUND = re.compile(
    rf"\b(?P<first>[^\W\d_]{{3,}}?)-?(?P<colour>{'|'.join(sorted(_ENDING, key=len, reverse=True))})\b", re.IGNORECASE
)
"""A German colour with what it is like before it: tannengrün, himmelblaues."""

_HOW_MUCH = frozenset("hell dunkel tief matt blass knall pastell neon zart kräftig leucht mittel".split())
_LINKS = ("", "n", "s", "en", "er", "e")

_PLAIN = frozenset(word for words in _NAMES.values() for word in words.split())  # a colour wherever they stand
_WORD = re.compile(r"[^\W\d_]+")
_SHADE_OF = r"(?:(?:dark|light|pale|bright|deep|soft|muted|dunkles?|helles?|foncée?|clair)\s+)?"
_MARKED = re.compile(
    r"\b(?:in|en|colou?rs?|shades?|farbe|couleur|teinte)(?:\s+(?:is|the|a|an|of|colou?r|shade|der farbe))*\s*:?\s+"
    + _SHADE_OF,
    re.IGNORECASE,
)
_COLOURED = re.compile(r"\b(?P<word>[^\W\d_]+)[\s-]colou?r(?:ed)?\b", re.IGNORECASE)
_COMPOUNDS = "tea|teas|pepper|wine|rice|sugar|noise|coffee|chocolate|friday|beans?|tee|thé|wein|pfeffer"
_BARE = re.compile(
    # "Green tea" and "black Friday" ask for no colour.
    rf"\b(?:{'|'.join(sorted(_PLAIN, key=len, reverse=True))})\b(?![\s-]+(?:{_COMPOUNDS})\b)",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"\b(?:(?:any|every)thing but|all but|other than|except(?: for)?|nicht|keine?[srnm]?|außer|pas(?: de)?|sauf|not|no|non|"
    r"neither|nothing|nichts|rien|"
    r"(?:do(?:es)?n['’]t|do(?:es)? not)\s+(?:want|like|wear|need)(?:\s+(?:any|anything|it|one))?)[\s-]+(?P<marked>in\s+|en\s+)?"
    + _SHADE_OF,
    re.IGNORECASE,
)


def read_colours(text: str, *, shop: Collection[str] = ()) -> list[Mention]:
    """The colours that a text asks for.

    "Black" is read wherever it stands, but in "black tea" and its like. What may mean something else ("cream", "olive",
    a shop's own "Moss") is read only after a word that says that a colour is coming: "in cream", "colour: moss", "olive
    coloured".

    Args:
        text: In English, German or French.
        shop: The shop's own names of colours and shades.

    Returns:
        The mentions in no particular order; they may overlap. Colours are in English, a shop's names in lower case.
    """
    names = _names_of(frozenset(shop))
    found: list[Mention] = []
    for match in _MARKED.finditer(text):
        colours, end = read_list(text, match.end(), lambda text, at: _one(text, at, names))
        if colours:
            found.append((match.start(), end, colours))
    for match in _COLOURED.finditer(text):
        colour = _colour_named(match["word"])
        if colour:
            found.append((*match.span(), (colour,)))
    for match in _BARE.finditer(text):
        colours, end = read_list(text, match.start(), _plain)
        found.append((match.start(), end, colours))
    for match in _COMPOUND.finditer(text):
        # adjectives are written small: "Abendrot" may be anything
        if match[0].islower() and match[0] not in _CANONICAL and (colour := _compound_colour(match[0])):
            own = next((name for name in names if match[0].startswith(name)), None)
            found.append((*match.span(), (own or colour,)))
    return found


def read_unwanted_colours(text: str, *, shop: Collection[str] = ()) -> list[Mention]:
    """The colours that a text refuses: "not black", "anything but white", "nicht in Moos".

    Args:
        text: In English, German or French.
        shop: The shop's own names of colours and shades.
    """
    names = _names_of(frozenset(shop))
    found: list[Mention] = []
    for match in _UNWANTED.finditer(text):
        read = _one if match["marked"] else _refused
        colours, end = read_list(text, match.end(), lambda text, at: read(text, at, names))  # noqa: B023
        if colours:
            found.append((match.start(), end, colours))
    return found


def _one(text: str, at: int, names: frozenset[str]) -> tuple[str, int] | None:
    """The colour that begins here: the shop's longest name first, then any word for a colour."""
    for phrase, end in phrases_at(text, at):
        name = _name(phrase)
        name = name if name in names else _TRANSLATED.get(name, name)
        if name in names:
            return _colour_named(name) or name, end
    match = _WORD.match(text, at)
    if match is None:
        return None
    colour = _colour_named(match[0]) or _TRANSLATED.get(match[0].casefold())
    return (colour, match.end()) if colour else None


def _refused(text: str, at: int, names: frozenset[str]) -> tuple[str, int] | None:
    """The colour that begins here, after a bare "not": one of the shop's, or a plain one."""
    named = next(((_name(phrase), end) for phrase, end in phrases_at(text, at) if _name(phrase) in names), None)
    return (_colour_named(named[0]) or named[0], named[1]) if named else _plain(text, at)


def _plain(text: str, at: int) -> tuple[str, int] | None:
    match = _BARE.match(text, at)
    return (_CANONICAL[match[0].casefold()], match.end()) if match else None


def _colour_named(words: str) -> str | None:
    word = words.casefold()
    return _CANONICAL.get(word) or (word if word in _FAMILIES else None)


@lru_cache(maxsize=5_000)
def _compound_colour(word: str) -> str | None:
    """The colour of a German compound of a word and a colour, such as "tannengrün"; None for any other word: bread is no red."""
    match = _COMPOUND.fullmatch(word)
    if match is None:
        return None
    first = match["first"]
    sure = len(first) > 3 and match["colour"].startswith(("schwarz", "blau", "grün", "gelb", "violett", "braun"))
    if sure or first in _HOW_MUCH or first in _TRANSLATED or first in _FAMILIES:
        return _ENDING[match["colour"]]
    from convagent.search.written_words import written_words

    parts = (first.removesuffix(link) for link in _LINKS if first.endswith(link))
    is_word = any(
        len(part) > 2 and not _VOWELS.isdisjoint(part) and {part, f"{part}e"} & written_words() for part in parts
    )
    return _ENDING[match["colour"]] if is_word else None


_VOWELS = frozenset("aeiouyäöü")
_NAMED = {
    word: colour for word in (*_CANONICAL, *_FAMILIES, *_TRANSLATED) if (colour := _colour_named(word)) is not None
}
_ANY = frozenset(_NAMED)
_NONE: frozenset[str] = frozenset()


@lru_cache(maxsize=20)
def _names_of(colours: frozenset[str]) -> frozenset[str]:
    """A shop's names as they are compared."""
    return frozenset(map(_name, colours))


def _name(colour: str) -> str:
    return " ".join(colour.casefold().split())


@lru_cache(maxsize=20_000)
def colours_in(value: str) -> frozenset[str]:
    """Every colour that the value of a colour option answers to.

    "Moss" answers to moss and green; "Navy/Off-white" to navy, blue and white; the whole value, in lower case, to
    itself.

    Args:
        value: As the shop writes it.
    """
    found = {_name(value)}
    for word in letter_words(value):
        # the value of a colour option is a colour, whatever stands before it in a compound
        ending = None if word in _CANONICAL else _COMPOUND.fullmatch(word)
        if ending is not None:
            found.add(_ENDING[ending["colour"]])
        if word in _UNDYED:
            found.add("beige")
        colour = _CANONICAL.get(word) or _TRANSLATED.get(word, word)
        found.add(colour)
        found |= _FAMILIES.get(word, frozenset()) | _FAMILIES.get(colour, frozenset())
    return frozenset(found)


def _words(text: str) -> frozenset[str]:
    """The words of a text, in lower case."""
    return words_among(text if text.isascii() else text.casefold())


def plain_colours_in(text: str) -> frozenset[str]:
    """The colours that are named outright in running text, where "olive" may be a fruit and "stone" a stone."""
    found = _PLAIN & _words(text)
    return frozenset(map(_CANONICAL.__getitem__, found)) if found else _NONE


def named_colours_in(text: str) -> frozenset[str]:
    """Every word of a text that may mean a colour, also "cream" and "olive": for asking, never for refusing."""
    found = _ANY & _words(text)
    return frozenset(map(_NAMED.__getitem__, found)) if found else _NONE
