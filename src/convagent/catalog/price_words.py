"""Bounds of a price in a customer's words: "under 150", "between 20 and 40 euros", "ab 50 €", "moins de 30"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from convagent.catalog.amounts import amount_of, amount_pattern, currency_of
from convagent.facts import Money

__all__ = ["PriceMention", "read_prices"]


@dataclass(frozen=True, slots=True)
class PriceMention:
    """Bounds that stand somewhere in a text; both are part of what is allowed.

    Args:
        start: Where the words begin.
        end: Where they end.
        at_least: The lowest price; None for none.
        at_most: The highest price; None for none.
    """

    start: int
    end: int
    at_least: Money | None = None
    at_most: Money | None = None


_UP_TO = (
    "up to", "at most", "no more than", "not more than", "not over", "no over", "maximum of", "maximum", "max of", r"max\.?",
    "within", "my budget is", "budget is", "budget of", "a budget of", "budget:?", "<=", "≤",
    "maximal", "höchstens", "bis zu", "bis", "nicht mehr als", "nicht über",
    "jusqu['’]à", "au plus", "au maximum", "pas plus de",
)  # fmt: skip
_UNDER = (
    "under", "below", "less than", "cheaper than", "lower than", "beneath", "<",
    "unter", "weniger als", "billiger als", "günstiger als",
    "moins de", "moins cher que", "sous", "en dessous de",
)  # fmt: skip
_FROM = (
    "at least", "no less than", "not less than", "minimum of", "minimum", "min of", r"min\.?", "starting at", "from", ">=", "≥",
    "mindestens", "ab", "au moins", "à partir de",
)  # fmt: skip
_OVER = (
    "over", "above", "more than", "dearer than", "more expensive than", ">",
    "über", "mehr als", "teurer als", "plus de", "plus cher que", "au[- ]dessus de",
)  # fmt: skip


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(word.replace(" ", r"\s+") for word in sorted(words, key=len, reverse=True))


_ABOUT = (
    "about", "around", "roughly", "approximately", "approx", r"approx\.?", "circa", r"ca\.?", "something like",
    "somewhere around", "ungefähr", "etwa", "rund", "um die", "so um", "environ", "autour de", "à peu près", "dans les",
    "aux alentours de",
)  # fmt: skip
ABOUT_FROM, ABOUT_TO = Decimal("0.5"), Decimal("1.2")
"""What "about 50" takes in, as shares of the amount: half as much saves money, a fifth more is still about it. Our own choice."""

_LEAD = r"(?:(?:that\s+|which\s+)?(?:price[ds]?|costs?|costing|kostet|kosten|coûtant)\s+(?:is\s+|at\s+)?|for\s+|für\s+|pour\s+)?"
_BOUND = re.compile(
    rf"(?<!\w){_LEAD}(?:(?P<up_to>{_any_of(_UP_TO)})|(?P<from>{_any_of(_FROM)})|(?P<under>{_any_of(_UNDER)})|"
    rf"(?P<over>{_any_of(_OVER)}))\s*{amount_pattern()}",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?<!\w){_LEAD}(?:(?P<word>between|from|zwischen|von|entre|de)\s+)?{amount_pattern('low_')}"
    rf"\s*(?:and|to|und|bis|et|à|-|–|—)\s*{amount_pattern('high_')}",
    re.IGNORECASE,
)

_NEAR = re.compile(rf"(?<!\w){_LEAD}(?:{_any_of(_ABOUT)})\s*{amount_pattern()}", re.IGNORECASE)

_TAILED = re.compile(
    rf"(?<!\w){_LEAD}{amount_pattern()}\s*(?:(?P<most>(?:or|and)\s+(?:less|under|below|cheaper)|oder\s+weniger|ou\s+moins|"
    r"max(?:imum)?|at\s+(?:the\s+)?most|tops|"
    r"is\s+(?:all|what|the\s+most)\s+(?:that\s+)?(?:i|we)\s+(?:have|can|want)|höchstens|maximal|au\s+(?:plus|maximum))|"
    r"(?P<least>(?:or|and)\s+(?:more|up|over|above|upwards)|oder\s+mehr|ou\s+plus|\+))(?!\w)",
    re.IGNORECASE,
)

_REFUSED = re.compile(
    r"\b(?:not|nothing|never|without|nicht|nichts|rien|\w*n['’]t|dont|wont|cant)\b"
    r"(?:\s+(?:want|wanna|like|to|spend|spending|pay|paying|be|go|going|cost|costing|anything|something|it|für|pour))*\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*[-–]?\s*([^\W\d_]+|[%\"'′″°×])")
_BEFORE = re.compile(r"([^\W\d_]+)\s*$")
_UNITS_LIST = """
kg g gram grams gramm mg lb lbs oz cm mm m metre metres meter meters inch inches ft feet foot ml cl l
litre litres liter liters year years yr yrs jahr jahre jahren an ans month months monat monate monaten mois week weeks
woche wochen semaine semaines day days tag tage tagen jour jours hour hours hrs stunde stunden heure heures minute
minutes minuten people persons person personen personnes piece pieces stück pièces watt watts w lumen lumens lm kelvin
k degrees grad iu spf percent prozent mah v volt volts db gb mb drawers seats pockets sitzer x
"""
_UNITS = frozenset(_UNITS_LIST.split())
_PEOPLE_LIST = """
m am bin suis wear trage porte child children kid kids toddler toddlers baby babies boys girls boy girl aged age
ages people everyone kinder kind enfants enfant spf uk eu us size sizes größe taille
"""
_PEOPLE = frozenset(_PEOPLE_LIST.split())
_USUALLY = re.compile(
    r"\b(?:i['’]?m|am|wear|take|bin|trage|suis|porte)\s+(?:usually|normally|always|mostly|often|somewhere|right|meist|meistens|"
    r"normalerweise|immer|sonst|oft|d['’]habitude|toujours|souvent|entre)\s+(?:in\s+)?$",
    re.IGNORECASE,
)
"""What stands before two sizes that somebody is between."""
_FOLLOWERS_LIST = """
and or but for in with please that which who as on by at if so each per und oder aber für mit bitte die der das et ou
mais pour en avec qui svp not no ideally preferably thanks max
"""
_FOLLOWERS = frozenset(_FOLLOWERS_LIST.split())


def read_prices(text: str, *, currency: str) -> Iterator[PriceMention]:
    """Every bound of a price in a text.

    A number without a currency counts only where nothing says that it measures something else: "under 150" is a price,
    "under 5 kg", "children under 3" and "at least 3 drawers" are not.

    Args:
        text: In English, German or French.
        currency: What a number without a currency means.

    Yields:
        The mentions, ranges first, in the order of the text; mentions of both kinds may overlap.
    """
    for match in _RANGE.finditer(text):
        marks = [match[name] for name in ("low_before", "low_after", "high_before", "high_after") if match[name]]
        if not marks and (match["word"] is None or not _is_money(text, match, match.end("high_number"), strict=False)):
            continue
        code = currency_of(marks[0] if marks else None, default=currency)
        low, high = _money(match["low_number"], code), _money(match["high_number"], code)
        if low and high and low <= high:
            yield PriceMention(match.start(), match.end(), at_least=low, at_most=high)
    for match in _BOUND.finditer(text):
        mark = match["before"] or match["after"]
        strict = bool(match["over"] or match["from"])
        if mark is None and not _is_money(text, match, match.end("number"), strict=strict):
            continue
        amount = _money(match["number"], currency_of(mark, default=currency))
        if amount is None:
            continue
        smallest = Money(minor=1, currency=amount.currency)
        refused = _REFUSED.search(text, 0, match.start()) if match["under"] or match["over"] else None
        start = refused.start() if refused else match.start()
        if refused:
            # "Nothing over 100" is up to 100, "I don't want anything under 50" is from 50.
            bounds = (amount, None) if match["under"] else (None, amount)
        elif match["up_to"] or match["under"]:
            bounds = (None, amount if match["up_to"] else amount - smallest)
        else:
            bounds = (amount if match["from"] else amount + smallest, None)
        yield PriceMention(start, match.end(), at_least=bounds[0], at_most=bounds[1])
    for match in _NEAR.finditer(text):
        mark = match["before"] or match["after"]
        amount = _money(match["number"], currency_of(mark, default=currency)) if mark is not None else None
        if amount is not None:
            low, high = (_share(amount, share) for share in (ABOUT_FROM, ABOUT_TO))
            yield PriceMention(match.start(), match.end(), at_least=low, at_most=high)
    for match in _TAILED.finditer(text):
        amount = _money(match["number"], currency_of(match["before"] or match["after"], default=currency))
        if amount and match["most"]:
            yield PriceMention(match.start(), match.end(), at_most=amount)
        elif amount and (match["before"] or match["after"]):
            yield PriceMention(match.start(), match.end(), at_least=amount)


def _share(amount: Money, share: Decimal) -> Money:
    return Money(minor=int(amount.minor * share), currency=amount.currency)


def _money(number: str, currency: str) -> Money | None:
    try:
        return Money.of(amount_of(number), currency)
    except ValueError:
        return None  # finer than the currency's smallest unit, or no such currency


def _is_money(text: str, match: re.Match[str], end: int, *, strict: bool) -> bool:
    """Whether a number without a currency may be a price, from the words beside it."""
    before = _BEFORE.search(text, 0, match.start())
    if (before and before[1].casefold() in _PEOPLE) or _USUALLY.search(text, 0, match.start()):
        return False
    after = _AFTER.match(text, end)
    if after is None:
        return True
    word = after[1].casefold()
    return word in _FOLLOWERS if strict else word not in _UNITS and not re.fullmatch(r"[%\"'′″°×]", word)
