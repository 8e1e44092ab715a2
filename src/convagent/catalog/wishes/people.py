"""Whom a wish is for: ages ("for a four-year-old", "ab 3 Jahren") and people ("for my sister", "für Damen")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from convagent.catalog.attributes.model import Audience

__all__ = ["People", "is_shared", "read_ages_wished", "read_people"]

_NUMBERS = {
    word: number
    for words in (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen",
        "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn",
        "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit",
    )
    for number, word in enumerate(words.split(), 1)
}
_NUMBERS |= {"eine": 1, "einem": 1, "einjährig": 1, "une": 1}
_N = rf"(?:[0-9]{{1,3}}(?:[.,]5|½)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_RANGE = rf"(?P<low>{_N})(?:\s*(?:-|–|to|and|or|bis|und|oder|à|et|ou)\s*(?P<high>{_N}))?"
_YEARS = r"(?:years?|yrs?|yr)"
_CHILD = (
    r"(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|boys?|girls?|sons?|daughters?|nephews?|nieces?|grandsons?|granddaughters?|"
    r"grandchild(?:ren)?|kind(?:er|ern)?|bab[yi]s?|jungen?|mädchen|sohn|tochter|neffe[n]?|nichte|enkel\w*|enfants?|bébés?|garçons?|"
    r"filles?|fils|neveux?|nièces?)"
)
_NO_AGE = (
    r"(?!\s*(?:[cm]?m|kg|g|ml|eur\w*|pieces|people|persons|met(?:er|re)s?|mètres?|feet|foot|ft|inch(?:es)?|zoll|pouces?|stones?|"
    r"pounds?|lbs?|kilos?|(?:sizes|größen|tailles)\s+\w+er)\b|\s*['’′″\"]\s*[0-9]|\s*[″\"′]\s*(?:tall|high|groß|grand))"
)
"""What stands behind a number that is how tall, heavy or many somebody is: "he's 2 metres tall", "she's 5'4"."""

_AGE_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # a six-year-old, 6 year olds, 18 months old; 5 to 7 year olds
        rf"(?<![\w.,]){_RANGE}[\s-]*(?:{_YEARS}|(?P<months>months?|mths?))[\s-]*olds?\b",
        rf"(?<![\w.,]){_RANGE}[\s-]*(?:jährige\w*|(?P<months>monatige\w*))",
        # aged 6, age 6 to 8, turning four, turns 4
        (
            rf"\b(?:aged?|ages|turning|turns|who\s+is|who's|(?:he|she|they)\s+(?:is|are)|(?:he|she)['’]s|(?:er|sie)\s+ist|(?:il|elle)\s+a|"
            rf"(?:son|daughter|girl|boy|child|kid|sohn|tochter|kind|fils|fille|enfant)\s+(?:is|ist|a)|"
            rf"im\s+alter\s+von|"
            rf"âgé(?:e|s|es)?\s+de|alter:?)\s+{_RANGE}(?![\w.,]*[0-9€£$%])(?:\s*(?:{_YEARS}|jahren?|ans|(?P<months>months?|monaten?|mois)))?"
            rf"{_NO_AGE}"
        ),
        # our girls are 7 and 4, die Kinder sind 3 und 5
        (
            rf"\b{_CHILD}\s+(?:are|sind|ont)\s+{_RANGE}(?![\w.,]*[0-9€£$%])(?:\s*(?:{_YEARS}|jahren?|ans|(?P<months>months?|monaten?|mois)))?"
            rf"{_NO_AGE}"
        ),
        # from 3 years, ab 3 Jahren, dès 3 ans, à partir de 3 ans; from 18 months
        (
            rf"\b(?:from|ab|dès|à\s+partir\s+de)\s+{_RANGE}\s*(?:{_YEARS}|jahren?|ans|(?P<months>months?|monaten?|mois))\b"
            r"(?!\s*(?:warranty|guarantee|garantie))"
        ),
        # enfant de 5 ans, Kind von 5 Jahren, child of five, Kinder ab 3; baby of 6 months
        (
            rf"\b{_CHILD}\s*(?:,|\()?\s*(?:of|de|von|mit|ab|from|aged?|d['’]?)?\s*{_RANGE}\s*(?:{_YEARS}|jahren?|ans|"
            r"(?P<months>months?|monaten?|mois))\b"
        ),
        rf"\b{_CHILD}\s+(?:ab|von|aged?|of|from|over)\s+{_RANGE}\b(?!\s*(?:cm|kg|g|ml|eur\w*|[€£$%]))",
        # pour 5 ans, für 5 Jahre, for 5 years old is above
        rf"\b(?:pour|für)\s+{_RANGE}\s+(?:ans|jahre)\b",
        # a 6yo, 6 y/o
        rf"(?<![\w.,]){_RANGE}\s*(?:yo|y/o)\b",
        # the over fifties, over-60s, Menschen über 50
        r"\bover[\s-]+(?P<decade>fifties|sixties|seventies|forties|eighties|[4-9]0s|[4-9]0'?s)\b",
        r"\b(?P<birth>newborns?|new-borns?|neugeborene[nsr]?|nouveaux?[- ]nés?)\b",
    )
)
_DECADES = {"forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80}

_PEOPLE: dict[Audience, str] = {
    "women": """
        women woman womens women's ladies lady ladies' lady's female wife girlfriend mother mum mom mummy sister aunt auntie
        grandmother grandma granny nan bride her she herself fiancée bridesmaid
        damen dame frauen frau mutter mama schwester tante oma freundin ehefrau
        femme femmes épouse mère maman sœur soeur tante grand-mère mamie copine dame dames
    """,
    "men": """
        men man mens men's gents gentlemen male husband boyfriend father dad daddy brother uncle grandfather grandpa grandad
        granddad groom him he himself his fiancé herren herr männer mann vater papa bruder onkel opa freund ehemann
        homme hommes mari père papa frère oncle grand-père papi copain monsieur
    """,
    "girls": """
        girl girls daughter niece granddaughter schoolgirl mädchen tochter nichte enkelin fille filles nièce petite-fille fillette
    """,
    "boys": """
        boy boys son nephew grandson schoolboy junge jungen jungs sohn neffe neffen enkel garçon garçons fils neveu petit-fils
    """,
    "children": """
        kid kids kid's child children children's child's childrens toddler toddlers grandchild grandchildren godchild goddaughter
        godson kind kinder kindes kindern kleinkind patenkind enkelkind enfant enfants filleul filleule bambin
    """,
    "babies": """
        baby babies baby's newborn newborns infant infants babys säugling neugeborene bébé bébés nourrisson nouveau-né
    """,
    "adults": "adult adults grown-up grown-ups grownup erwachsene erwachsenen adulte adultes",
}
_AUDIENCE: dict[str, Audience] = {word: audience for audience, words in _PEOPLE.items() for word in words.split()}
_PRONOUNS = frozenset("her she herself him he himself his".split())
_OTHERS = frozenset((
    "friend friends colleague colleagues boss neighbour neighbours neighbor teacher partner couple "
    "family parents guest host hostess "
    "someone somebody freunde kollege kollegin kollegen chef chefin nachbar nachbarin lehrer lehrerin "
    "partnerin paar eltern jemanden "
    "ami amie amis collègue collègues patron voisin voisine professeur maîtresse couple famille parents quelqu'un"
).split())  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PREFIX = re.compile(r"\b(?P<who>damen|herren|kinder|baby|mädchen|jungen|frauen|männer)(?=[^\W\d_]{4})", re.IGNORECASE)
_FOR = re.compile(
    r"\b(?:for|für|fürs|pour|à|gift\s+to)\s+(?:(?:a|an|the|my|our|his|her|their|your|mein\w*|unser\w*|"
    r"ein\w*|die|den|das|der|"
                  r"dem|mon|ma|mes|notre|nos|un|une|le|la|les|l['’])\s*)?$", re.IGNORECASE)  # fmt: skip
_SELF = re.compile(
    r"\b(?:i['’]?m|i am|ich bin|je suis)\s+(?:(?:a|an|the|eine?|die|der|une?|la|le)\s+)?(?:[^\W\d_]+['’]s\s+|[^\W\d_]+\s+)?$",
    re.IGNORECASE,
)
"""What stands before the word for whoever writes: "I'm the groom's sister"."""
_SHARED = re.compile(
    r"\b(?:shar(?:e|es|ed|ing)|both|together|the two of them|teilen|gemeinsam\w*|beide[nrs]?|zusammen|zu zweit|"
    r"partag\w+|ensemble|(?:les|tous|toutes les) deux|à deux)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:my|our|mein\w*|unser\w*|mon|ma|mes|notre|nos)\s+(?:[^\W\d_]+\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class People:
    """Whom a text speaks of.

    Args:
        audience: Whom the product is for.
        recipient: The words for who gets it; None where nobody is named so.
        spans: Where words for people stand.
    """

    audience: tuple[Audience, ...]
    recipient: str | None
    spans: tuple[tuple[int, int], ...]


_SAYS_YEARS = re.compile(r"years?|yrs?|jähr|jahr|\bans\b|y/?o\b|months?|monat|mois", re.IGNORECASE)


def read_ages_wished(text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """The ages, in months, that a text says a product is wanted for, and where it says them.

    "Over 50s" is 50 years; a range is its two ends. Years of something else ("5 years of warranty") aren't ages.

    Args:
        text: In English, German or French.
    """
    found: list[int] = []
    spans: list[tuple[int, int]] = []
    for pattern in _AGE_PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in spans):
                continue
            groups = match.groupdict()
            if groups.get("birth"):
                ages = [0]
            elif groups.get("decade"):
                word = groups["decade"].casefold()
                ages = [12 * (_DECADES.get(word) or int(word[:2]))]
            else:
                factor = 1 if groups.get("months") else 12
                ages = [int(_number(each) * factor) for each in (groups["low"], groups.get("high")) if each]
            # "my son is 104" wears that size
            if all(age <= (1_440 if _SAYS_YEARS.search(match[0]) else 1_188) for age in ages):
                found += ages
                spans.append(match.span())
    return tuple(dict.fromkeys(found)), tuple(spans)


def is_shared(text: str) -> bool:
    """Whether several people are to share what is looked for: "one bed for both", "sie teilen sich ein Zimmer".

    Args:
        text: In English, German or French.
    """
    return _SHARED.search(text) is not None


def _number(text: str) -> float:
    word = text.casefold()
    if word in _NUMBERS:
        return float(_NUMBERS[word])
    return float(word.replace(",", ".").replace("½", ".5"))


def read_people(text: str) -> People:
    """Whom a text speaks of as those that the product is for.

    Pronouns count only after "for" ("for him"): "she hates wool" says nothing yet of a product for women.

    Args:
        text: In English, German or French.
    """
    audience: dict[Audience, None] = {}
    myself: dict[Audience, None] = {}
    somebody = False
    recipient: str | None = None
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = match[0].casefold().replace("’", "'")
        meant = _AUDIENCE.get(word) or _AUDIENCE.get(word.removesuffix("'s"))
        if not meant and word not in _OTHERS:
            continue
        before = text[: match.start()]
        is_for = _FOR.search(before) is not None
        if meant and (word not in _PRONOUNS or is_for):
            audience[meant] = None
            spans.append(match.span())
            somebody = somebody or is_for
            if _SELF.search(before) and not word.endswith("'s"):
                myself[meant] = None
        if recipient is None and (is_for or _OWN.search(before)):
            recipient = match[0]
    for match in _PREFIX.finditer(text):
        audience[_AUDIENCE[match["who"].casefold()]] = None
    # "my brother gets married and I'm his sister": it is for whoever writes, unless it is said to be for somebody
    return People(tuple(myself if myself and not somebody else audience), recipient, tuple(spans))
