"""Small numbers in words, and amounts as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from convagent.understanding.word_lists import word_lists

__all__ = [
    "GERMAN_HUNDREDS",
    "NUMBER",
    "NUMBER_WORDS",
    "ORDINALS",
    "SPELT_NUMBERS",
    "amount",
    "holds_number",
    "said_as_a_count",
    "spelt_number",
    "whole_number",
]


def _as_typed(words: Mapping[str, int]) -> Mapping[str, int]:
    """Words with the ways in which they are typed without umlauts: "fuenf", "dreissig"."""
    typed = {word.translate(_TYPED): value for word, value in words.items()}
    return MappingProxyType({**words, **typed, **{word.replace("ß", "ss"): value for word, value in words.items()}})


_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

NUMBER_WORDS: Mapping[str, int] = _as_typed(
    {
        word: value
        for value, words in {
            1: "one a an single ein eine einen einem einer un une",
            2: "two couple pair zwei zwo beide beiden deux",
            3: "three drei trois",
            4: "four vier quatre",
            5: "five fünf cinq",
            6: "six sechs six",
            7: "seven sieben sept",
            8: "eight acht huit",
            9: "nine neun neuf",
            10: "ten zehn dix",
            11: "eleven elf onze",
            12: "twelve dozen zwölf douze",
            14: "fourteen vierzehn quatorze",
            15: "fifteen fünfzehn quinze",
            20: "twenty zwanzig vingt",
            30: "thirty dreißig trente",
        }.items()
        for word in words.split()
    }
)

ORDINALS: Mapping[str, int] = _as_typed(
    {
        word: value
        for value, words in {
            1: "first 1st erste ersten erster erstes premier première premiere 1er 1ère",
            2: "second 2nd zweite zweiten zweiter zweites deuxième deuxieme seconde 2e 2ème",
            3: "third 3rd dritte dritten dritter drittes troisième troisieme 3e 3ème",
            4: "fourth 4th vierte vierten vierter viertes quatrième quatrieme 4e 4ème",
            5: "fifth 5th fünfte fünften fünfter cinquième cinquieme 5e 5ème",
            6: "sixth 6th sechste sechsten sixième sixieme 6e 6ème",
            7: "seventh 7th siebte siebten septième septieme 7e 7ème",
            8: "eighth 8th achte achten huitième huitieme 8e 8ème",
            9: "ninth 9th neunte neunten neuvième neuvieme 9e 9ème",
            10: "tenth 10th zehnte zehnten dixième dixieme 10e 10ème",
            -1: "last letzte letzten letzter letztes dernier dernière derniere",
        }.items()
        for word in words.split()
    }
)


def _spelt() -> dict[str, int]:
    """Numbers in words up to 99, whole hundreds and a thousand, as the three languages build them."""
    english = (
        "zero one two three four five six seven eight nine ten"
        " eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    ).split()
    german = (
        "null eins zwei drei vier fünf sechs sieben acht neun zehn"
        " elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
    ).split()
    french = (
        "zéro un deux trois quatre cinq six sept huit neuf dix"
        " onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
    ).split()
    out = {word: value for words in (english, german, french) for value, word in enumerate(words)}
    for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2):
        out[word] = 10 * ten
        out |= {f"{word}{mark}{english[unit]}": 10 * ten + unit for unit in range(1, 10) for mark in ("-", " ")}
    for ten, word in enumerate("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(), start=2):
        out[word] = 10 * ten
        out |= {f"{'ein' if unit == 1 else german[unit]}und{word}": 10 * ten + unit for unit in range(1, 10)}
    out |= {"fuffzehn": 15, "fuffzig": 50, "zwo": 2}
    for ten, word in enumerate("vingt trente quarante cinquante soixante".split(), start=2):
        out[word] = 10 * ten
        out |= {f"{word}{mark}{french[unit]}": 10 * ten + unit for unit in range(2, 10) for mark in ("-", " ")}
        out[f"{word} et un"] = 10 * ten + 1
    out |= {f"soixante-{french[unit]}": 60 + unit for unit in range(10, 20)}
    out |= {f"quatre-vingt-{french[unit]}": 80 + unit for unit in range(1, 20)} | {"quatre-vingts": 80}
    for unit in range(2, 10):
        out |= {
            f"{english[unit]} hundred": 100 * unit,
            f"{german[unit]}hundert": 100 * unit,
            f"{french[unit]} cents": 100 * unit,
        }
    return out | {"a hundred": 100, "one hundred": 100, "hundred": 100, "hundert": 100, "einhundert": 100, "cent": 100,
                  "a thousand": 1000, "one thousand": 1000, "thousand": 1000, "tausend": 1000, "eintausend": 1000, "mille": 1000,
                  "dozen": 12, "a dozen": 12, "half a dozen": 6, "dutzend": 12, "ein dutzend": 12, "halbes dutzend": 6,
                  "ein halbes dutzend": 6, "douzaine": 12, "une douzaine": 12, "une demi-douzaine": 6, "a couple": 2}  # fmt: skip


SPELT_NUMBERS: Mapping[str, int] = _as_typed({**NUMBER_WORDS, **_spelt()})
"""Numbers in words, those of `NUMBER_WORDS` and larger ones; some of several words."""

_BELOW_A_HUNDRED = "|".join(
    sorted((word for word, value in SPELT_NUMBERS.items() if value < 100 and word.isalpha()), key=len, reverse=True)
)
GERMAN_HUNDREDS = (
    rf"(?:ein|zwei|zwo|drei|vier|f(?:ü|ue)nf|sechs|sieben|acht|neun)?hundert(?:und)?(?:{_BELOW_A_HUNDRED})"
)
"""German numbers from 101 to 999 in one word, for use inside other patterns: "zweihundertfünfzig"."""

_HUNDREDS = re.compile(rf"(?P<hundreds>[a-zü]*)hundert(?:und)?(?P<rest>{_BELOW_A_HUNDRED})")

NUMBER = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
"""An amount in figures, with or without groups of thousands, for use inside other patterns."""


def amount(figures: str) -> Decimal | None:
    """The value of an amount in figures: `1,234.56`, `1.234,56`, `12,50`, `1 234`.

    Args:
        figures: What `NUMBER` matched.

    Returns:
        The value; None when it is no amount. One separator before exactly three digits parts thousands.
    """
    plain = re.sub(r"[ '\u00a0\u202f]", "", figures)
    if not re.fullmatch(r"[\d.,]+", plain) or not plain[-1].isdigit() or not plain.isascii():
        return None
    marks = [char for char in plain if char in ".,"]
    if len(set(marks)) == 2:
        last = marks[-1]
        plain = plain.replace("," if last == "." else ".", "").replace(last, ".")
    elif len(marks) > 1 or (marks and len(plain) - plain.index(marks[0]) == 4):
        plain = plain.replace(marks[0], "")
    else:
        plain = plain.replace(",", ".")
    try:
        return Decimal(plain)
    except ArithmeticError:
        return None


def whole_number(word: str) -> int | None:
    """The value of a whole number in figures or words, up to 9 digits; None for anything else."""
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 9 else None
    return NUMBER_WORDS.get(word.casefold())


def spelt_number(words: str) -> int | None:
    """The value of a number in figures or words, of several words too: "25", "twenty-five", "a hundred"; else None."""
    plain = " ".join(words.split())
    if plain.isdigit():
        return whole_number(plain)
    if (value := SPELT_NUMBERS.get(plain.casefold())) is not None:
        return value
    if (found := _HUNDREDS.fullmatch(plain.casefold())) is None:
        return None
    hundreds = 1 if found["hundreds"] in ("", "ein") else SPELT_NUMBERS.get(found["hundreds"], 0)
    return 100 * hundreds + SPELT_NUMBERS[found["rest"]] if 0 < hundreds < 10 else None


def holds_number(text: str) -> bool:
    """Whether a text has figures or a number in words, articles aside: whether a search for one can find anything."""
    if any(map(str.isdigit, text)):
        return True
    plain = text.casefold()
    return "hundert" in plain or not _NUMBERS.isdisjoint(re.findall(r"[^\W\d_]+", plain))


_NUMBERS = frozenset(word for words in SPELT_NUMBERS for word in re.findall(r"[^\W\d_]+", words)) - frozenset(
    "a an et half one un une ein eine einen einem einer demi".split()
) | {"one", "eins", "half"}

_FEW_WORDS = 8


def said_as_a_count(text: str) -> int | None:
    """How many a short answer without figures says: "only one then", "für zwei Personen", "nous sommes trois".

    A one is also an article: it counts only beside words that say nothing else. What is shared out is added up, "one for me
    and two for my wife", and several numbers side by side tell none.

    Args:
        text: The answer to a question for a number; more than eight words tell none.
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not words or len(words) > _FEW_WORDS or "?" in text or not _words_of("denials_of_a_number").isdisjoint(words):
        return None
    if (shared := _shared_out(text.casefold())) is not None:
        return shared or None
    said = {word: value for word in words if (value := NUMBER_WORDS.get(word, SPELT_NUMBERS.get(word)))}
    several = {int(value) for value in said.values() if value > 1 and value == int(value)}
    if several:
        return several.pop() if len(several) == 1 else None
    ones = said.keys() - {"a", "an"}
    return 1 if ones and set(words) - ones <= _words_of("beside_a_one") else None


def _shared_out(folded: str) -> int | None:
    """How many several counts joined by "and" come to, each for somebody; 0 where they can't be added up, None for fewer."""
    counts: list[int] = []
    for_each = True
    for part in _AND.split(folded):
        words = re.findall(r"[^\W\d_]+", part)
        is_for = not _FOR.isdisjoint(words)
        said = [NUMBER_WORDS.get(word, SPELT_NUMBERS.get(word)) for word in words]
        found = [
            int(value) for word, value in zip(words, said, strict=True) if value and (is_for or word not in _ARTICLES)
        ]
        if not found:
            continue
        for_each = for_each and is_for and len(found) == 1
        counts.append(sum(found))
    if len(counts) < 2:
        return None
    return sum(counts) if for_each else 0


_AND = re.compile(r"[,;&+]|\b(?:and|plus|und|et)\b")
_FOR = frozenset({"for", "für", "fuer", "pour"})
_ARTICLES = frozenset("a an ein eine einen einem einer un une".split())


@lru_cache(maxsize=4)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(word for line in word_lists("bare_words")[name] for word in line.casefold().split("'"))
