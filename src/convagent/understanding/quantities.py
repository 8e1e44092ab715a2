"""How many of a thing: "two of them", "3 pairs", "2x", "qty 3", "a dozen mugs", "sechs Tassen", "j'en veux deux"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from convagent.understanding.lazy_pattern import LazyPattern
from convagent.understanding.lexicon import function_words
from convagent.understanding.number_words import NUMBER_WORDS, SPELT_NUMBERS, holds_number, spelt_number
from convagent.understanding.slot import Slot
from convagent.understanding.word_lists import word_lists

__all__ = ["counted_as", "quantities"]

_THINGS = (
    r"of (?:them|these|those|each|the)|pairs?(?: of)?|pieces?(?: of)?|pcs\.?|items?|units?|copies|packs?(?: of)?|bottles?(?: of)?"
    r"|boxes|sets?(?: of)?|(?:davon|paar|stück|stücke|stk\.?|mal|packungen|flaschen)\b|d'entre (?:eux|elles)|paires?(?: de)?"
    r"|pièces?|exemplaires?|unités|fois\b"
)
_SMALL = "|".join(sorted((word for word in NUMBER_WORDS), key=len, reverse=True))
_ANY = "|".join(
    re.escape(word).replace(r"\ ", " ") for word in sorted(SPELT_NUMBERS, key=len, reverse=True) if word != "cent"
)
_COUNTED = LazyPattern(
    rf"(?<![\w.,#/-])(?:(?P<count>\d{{1,3}}|{_SMALL})[ ]?"
    rf"(?P<thing>{_THINGS})(?!\w)|(?P<times>\d{{1,3}})[ ]?[x×](?![\w])(?![ ]?\d)"
    r"|(?<!\d)(?<!\d[ ])[x×][ ]?(?P<after>\d{1,3})(?![\w]|[ ]?[x×]))",
    re.IGNORECASE,
)
_CALLED = LazyPattern(
    r"(?<!\w)(?:qty|quantity|menge|anzahl|stückzahl|quantité)\.?[ ]?(?:is|to|of|auf|von|à|de|ist|est|[:=])?[ ]?"
    rf"(?P<count>\d{{1,3}}|{_SMALL})(?![\w]|[.,]\d|[ ]?(?:€|%|eur))",
    re.IGNORECASE,
)
_WANTED = LazyPattern(
    r"(?<!\w)(?:want|need|take|order|ordered|like|get|just|only|make it|send|buy|bought|have|hätte gern|hätte gerne|möchte|nehme"
    r"|brauche|bestelle|will|nur|en veux|en voudrais|en prends|en faut|prends|seulement)[ ](?:me |us |mir |uns )?"
    rf"(?P<count>\d{{1,2}}|{_ANY})(?=\s*(?:$|[.;!?)])|[ ](?:please|bitte|svp|more|mehr|de plus|instead|stattdessen)\b)",
    re.IGNORECASE,
)
_MORE = LazyPattern(
    rf"(?<![\w.,#/-])(?P<count>\d{{1,3}}|{_ANY})[ ](?:more(?=\W*$|[ ]of)|weitere[nrs]?|de plus(?=\W*$))", re.IGNORECASE
)
# A number before a word that things are called by: a plural in English and French, a capital letter in German.
_BEFORE_THINGS = LazyPattern(
    rf"(?<![\w.,#/€$£:-])(?P<count>\d{{1,3}}|(?i:{_ANY}))[ ](?P<of>(?:of|de)[ ]|d['’])?(?P<adjective>[a-zäöüéèêß]{{3,12}}[ ])?"
    r"(?P<thing>[^\W\d_]{3,20})(?![\w-]|['’]\w)"
)
_COUNT_BEFORE = LazyPattern(
    rf"(?<![\w.,#/€$£-])(?P<count>\d{{1,3}}|{_ANY})[ ](?:of (?:the|my)[ ])?(?:the |my )?$", re.IGNORECASE
)
_ARTICLES = frozenset({"a", "an", "ein", "eine", "einen", "einem", "einer", "un", "une"})
_PAIRS = frozenset({"pair", "couple"})
_BOTH = frozenset({"beide", "beiden"})
_ALONE = frozenset({"one", "single", "mille", "thousand", "hundred"})
_LARGEST = 500
_LARGEST_ALONE = 30  # "I need 38" is a size


def quantities(text: str, *, nouns: frozenset[str], starts: Iterable[int] = ()) -> Iterator[Slot]:
    """How many: "two of them", "3 pairs", "2x", "qty 3", "I want three", and a number before what is counted.

    Counted are words that the shop's products are called by, and other plurals; not people, parcels, words of time and what
    else nobody buys (`[uncounted]` of `signals.toml`). The largest quantity is 500.

    Args:
        text: The message.
        nouns: Words that products are called by, singular and plural, in lower case.
        starts: Where products are named.
    """
    if not holds_number(text):
        return
    for found in _COUNTED.finditer(text):
        word = found["count"] or found["times"] or found["after"]
        thing = (found["thing"] or "").casefold()
        if word.casefold() in _ARTICLES or (word.casefold() == "one" and thing in ("mal", "fois", "item")):
            continue
        if word.casefold() in _PAIRS and not thing.startswith("of"):
            continue
        yield from _slot(word, found.group().rstrip(), found.start())
    for shape in (_CALLED, _WANTED, _MORE):
        for found in shape.finditer(text):
            word = found["count"].casefold()
            if word in _ARTICLES or (shape is not _CALLED and (word == "one" or word in _BOTH | _ALONE)):
                continue
            if shape is _WANTED and word.isdigit() and int(word) > _LARGEST_ALONE:
                continue
            yield from _slot(found["count"], found["count"], found.start("count"))
    named = [found.start() for found in re.finditer(r"[^\W\d_]{3,30}", text) if found.group().casefold() in nouns]
    for start in sorted({*named, *starts}):
        before = _COUNT_BEFORE.search(text, max(0, start - 24), start)
        if before is not None and before["count"].casefold() not in _ARTICLES:
            yield from _slot(before["count"], before["count"], before.start("count"))
    for found in _BEFORE_THINGS.finditer(text):
        if _is_counted(found):
            yield from _slot(found["count"], found["count"], found.start("count"))


def counted_as(text: str, name: str) -> Slot | None:
    """The number before a thing that is asked for by its name, whatever else it is: "two places" for `places`.

    Args:
        text: The message.
        name: What is counted, as a guide calls it: places, guests, number_of_seats.

    Returns:
        The first such number, from 1 to 500; None without one.
    """
    if not holds_number(text):
        return None
    thing = name.replace("_", " ").removeprefix("number of ").strip()
    stem = re.escape(thing.removesuffix("s"))
    shape = re.compile(
        rf"(?<![\w.,#/€$£-])(?P<count>\d{{1,3}}|{_ANY})[ ](?:[^\W\d_]{{3,12}}[ ])?{stem}s?(?![\w-])", re.IGNORECASE
    )
    for found in shape.finditer(text) if stem else ():
        for slot in _slot(found["count"], found["count"], found.start("count")):
            return slot
    return None


def _is_counted(found: re.Match[str]) -> bool:
    """Whether a number and the word behind it count what can be bought."""
    count, thing = found["count"].casefold(), found["thing"]
    plain = thing.casefold()
    adjective = (found["adjective"] or "").strip()
    if (
        count in _ARTICLES | _PAIRS | _BOTH
        or plain in _uncounted()
        or adjective in _uncounted()
        or plain.endswith("és")
    ):
        return False
    if any(adjective in function_words(code) for code in ("en", "de", "fr")):
        return False
    number = spelt_number(count) or 0
    if number < 2 or (count.isdigit() and number > 99):
        return False
    if count in ("a couple", "dozen", "a dozen", "half a dozen") or found["of"]:
        return plain.endswith(("s", "x"))
    german = thing[0].isupper() and not thing.isupper() and thing[-1] in "nersk" and count not in _ENGLISH
    return german or (plain.endswith(("s", "x")) and not plain.endswith(("ss", "us", "is")) and thing.islower())


@lru_cache(maxsize=1)
def _uncounted() -> frozenset[str]:
    return frozenset(word_lists("signals")["uncounted"]["words"])


def _slot(word: str, written: str, start: int) -> Iterator[Slot]:
    value = spelt_number(word)
    if value is not None and 0 < value <= _LARGEST:
        yield Slot("quantity", value, written.strip(), start, start + len(written.rstrip()))


_ENGLISH = frozenset("two three four five six seven eight nine ten eleven twelve".split())
