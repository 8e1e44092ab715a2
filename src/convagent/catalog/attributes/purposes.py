"""Whom a product is for, and what for: closed vocabularies in English, German and French."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from convagent.catalog.attributes.model import Audience
from convagent.catalog.letter_words import words_among

__all__ = ["audience_named", "read_audience", "read_uses", "uses_named"]

_AUDIENCES: dict[Audience, str] = {
    "women": "women woman womens women's female ladies damen frauen frau weiblich femme femmes féminin",
    "men": "men man mens men's male gentlemen herren männer mann männlich homme hommes masculin",
    "girls": "girls girl mädchen fille filles",
    "boys": "boys boy jungen junge jungs garçon garçons",
    "children": "children child kids kid kinder kind enfant enfants toddler toddlers",
    "babies": "babies baby newborn newborns infant infants babys neugeborene bébé bébés nourrisson",
    "adults": "adults adult erwachsene adulte adultes",
    "everyone": "everyone unisex all alle mixte tous",
}
_AUDIENCE = {word: audience for audience, words in _AUDIENCES.items() for word in words.split()}
_IN_A_NAME: dict[Audience, str] = {
    "women": r"wom[ae]n(?:['’]?s)?|ladies|damen|frauen|femmes?", "men": r"(?<!wo)men(?:['’]?s)?|gents|herren|männer|hommes?",
    "girls": r"girls?['’]?s?|mädchen|filles?", "boys": r"boys?['’]?s?|jungen|garçons?",
    "children": r"child(?:ren)?(?:['’]?s)?|kids?['’]?s?|toddlers?['’]?|kinder|enfants?",
    "babies": r"bab(?:y|ies)(?:['’]s)?(?!\s(?:blue|pink|soft|leaf|spinach))|newborns?|babys|bébés?", "everyone": "unisex",
}  # fmt: skip
_NAMED = {
    audience: re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE)
    for audience, words in _IN_A_NAME.items()
}
_ANYBODY = frozenset((
    "men mens man woman women womans womens ladies gents girl girls boy boys child children childs childrens kid kids "
    "toddler toddlers baby babies newborn newborns unisex damen frauen herren männer mädchen jungen kinder babys femme femmes "
    "homme hommes "
    "fille filles garçon garçons enfant enfants bébé bébés"
).split())  # fmt: skip
"""Words of which one stands in every text that names anybody."""
_MEANT = re.compile(
    r"\b(?:(?:for|für|pour|fits)\s+(?:(?:tall|small|young|older|plus[- ]size|die|den|les|all|both)\s+)?)"
    r"(?P<who>[^\W\d_]+(?:\s+(?:and|und|et)\s+[^\W\d_]+)?)|"
    r"(?<!the )(?P<whose>\b(?:wom[ae]n['’]s|men['’]s|girls?['’]s?|boys?['’]s?|children['’]s|kids['’]|unisex))(?![^\W\d_])",
    re.IGNORECASE,
)
_USES: dict[str, str] = {
    "wedding": "wedding|hochzeit|mariage", "birthday": "birthday|geburtstag|anniversaire", "christmas": "christmas|weihnachten|noël",  # noqa: E501
    "anniversary": "anniversary|jahrestag|jubiläum", "baptism": "baptism|christening|taufe|baptême",
    "baby shower": "baby shower|babyparty", "housewarming": "housewarming|einzug|crémaillère", "retirement": "retirement|ruhestand",  # noqa: E501
    "graduation": "graduation|abschluss|remise de diplôme", "valentine": "valentine|valentines|valentinstag|saint-valentin",
    "mother's day": "mothers day|mother's day|muttertag|fête des mères", "father's day": "fathers day|father's day|vatertag",
    "gift": "gift|gifts|geschenk|cadeau", "party": "party|fest|fête|soirée", "everyday": "everyday|alltag|quotidien",
    "work": "work|office|arbeit|büro|travail|bureau", "travel": "travel|reise|reisen|voyage", "hiking": "hiking|wandern|randonnée",  # noqa: E501
    "running": "running|laufen|course à pied", "cycling": "cycling|radfahren|vélo|cyclisme", "yoga": "yoga", "swimming": "swimming|swim|"  # noqa: E501
    "schwimmen|natation", "camping": "camping", "beach": "beach|strand|plage", "school": "school|schule|école",
    "sleep": "sleep|evening|schlaf|sommeil", "sport": "sport|sports|training|fitness", "cooking": "cooking|kochen|cuisine",
    "garden": "garden|gardening|garten|jardin", "outdoor": "outdoor|outdoors|draußen|extérieur", "winter": "winter|hiver",
    "summer": "summer|sommer|été", "rain": "rain|regen|pluie",
}  # fmt: skip
_USE = {word: use for use, words in _USES.items() for word in words.split("|")}


def _pieces(text: str) -> list[str]:
    pieces = re.split(r"[;,/|&\n]|\b(?:and|or|und|oder|et|ou)\b", text[:1_000].casefold().replace("’", "'"))
    return [" ".join(re.sub(r"^\s*(?:for|für|pour)\b", "", piece).split()) for piece in pieces if piece.strip()]


def read_audience(text: str) -> tuple[frozenset[Audience], tuple[str, ...]]:
    """Whom a text names, and its words that name nobody known.

    Args:
        text: Such as "women; men", "unisex", "Herren".
    """
    words = _pieces(text)
    return frozenset(_AUDIENCE[word] for word in words if word in _AUDIENCE), tuple(
        w for w in words if w not in _AUDIENCE
    )


def audience_named(title: str, kind: str, description: str, *, words: AbstractSet[str]) -> frozenset[Audience]:
    """Whom a product is for by its name ("Rain Jacket Women", "Kids"), else by what its description says ("for men").

    Args:
        title: Its title.
        kind: Its type or category.
        description: Its description; only who it says that it is *for*, or whose it is ("men's").
        words: The words of the description, in lower case.
    """
    found: set[Audience] = set()
    if not (_ANYBODY.isdisjoint(words_among(title)) and _ANYBODY.isdisjoint(words_among(kind))):
        name = f"{title} {kind}"
        found = {audience for audience, pattern in _NAMED.items() if pattern.search(name)}
    if not found and not _ANYBODY.isdisjoint(words):
        told = " ".join(match["who"] or match["whose"] for match in _MEANT.finditer(description))
        found = {audience for audience, pattern in _NAMED.items() if told and pattern.search(told)}
    return frozenset(found)


def read_uses(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The uses and occasions that a text lists, and its words that are none of the vocabulary.

    Args:
        text: Such as "wedding; birthday".
    """
    words = _pieces(text)
    return frozenset(_USE[word] for word in words if word in _USE), tuple(word for word in words if word not in _USE)


def uses_named(tags: tuple[str, ...]) -> frozenset[str]:
    """The uses and occasions among a product's tags, most of which are something else."""
    return frozenset(_USE[word] for tag in tags if (word := " ".join(tag.casefold().replace("-", " ").split())) in _USE)
