"""Days that a message names: "yesterday", "last Monday", "on 3 May", "in two weeks", "vorgestern", "il y a 3 jours"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from convagent.understanding.number_words import NUMBER_WORDS, whole_number
from convagent.understanding.slot import Slot

__all__ = ["dates"]

_WEEKDAYS: Mapping[str, int] = {
    name: day
    for day, names in enumerate(
        (
            "monday mondays montag lundi", "tuesday dienstag mardi", "wednesday mittwoch mercredi",
            "thursday donnerstag jeudi", "friday freitag vendredi", "saturday samstag sonnabend samedi",
            "sunday sonntag dimanche",
        )
    )
    for name in names.split()
}  # fmt: skip
_DAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_MONTH = (
    r"jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|févr(?:ier)?|fevrier|mar(?:ch|s)?|märz|apr(?:il)?|avr(?:il)?|may|mai|june?|juni|juin"
    r"|july?|juli|juil(?:let)?|aug(?:ust)?|août|aout|sept?(?:ember|embre)?|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?"
    r"|dec(?:ember)?|dez(?:ember)?|déc(?:embre)?|decembre"
)
_COUNT = r"\d{1,3}|" + "|".join(sorted(map(re.escape, NUMBER_WORDS), key=len, reverse=True))
_LAST = r"last|past|previous|letzte[nrs]?|vorige[nrs]?|vergangene[nrs]?"
_NEXT = r"next|coming|this coming|nächste[nrs]?|kommende[nrs]?"
_THIS = r"this|diese[nrs]?|ce|cette"
_NUMERIC = re.compile(
    r"(?<![\w.,/-])(?:(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d{1,2})(?P<mark>[./-])(?P<m2>\d{1,2})(?P=mark)(?P<y2>20\d\d|\d\d))(?![\w/-]|\.\d)"
)
_SHORT = re.compile(r"(?<![\w.,/-])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?![\w])")
_WORDS = re.compile(
    rf"(?<!\w)(?:(?P<named>the day before yesterday|the day after tomorrow|yesterday|today|tomorrow|tonight|vorgestern|gestern"
    rf"|heute|übermorgen|morgen(?!s)|avant-hier|hier(?=\W|$)|aujourd['’]hui|après-demain|demain)"
    rf"|(?:(?P<which>{_LAST}|{_NEXT}|{_THIS})[ ])?(?P<weekday>{_DAY})(?:[ ](?P<after>dernier|prochain|passé))?"
    rf"|(?:the[ ])?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:[ ]of)?[ ](?P<month>{_MONTH})\.?(?:,?[ ](?P<year>20\d\d))?"
    rf"|(?P<month2>{_MONTH})\.?[ ](?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?[ ](?P<year2>20\d\d))?"
    rf"|in[ ](?P<in>{_COUNT})[ ](?P<inunit>days?|weeks?|months?|tag(?:en)?|wochen?|monat(?:en)?)"
    rf"|dans[ ](?P<dans>{_COUNT})[ ](?P<dansunit>jours?|semaines?|mois)"
    rf"|(?P<ago>{_COUNT})[ ](?P<agounit>days?|weeks?|months?|years?)[ ]ago"
    rf"|vor[ ](?P<vor>{_COUNT})[ ](?P<vorunit>tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)"
    rf"|il y a[ ](?P<ilya>{_COUNT})[ ](?P<ilyaunit>jours?|semaines?|mois|ans?)"
    rf"|(?P<period>(?:{_LAST}|{_NEXT})[ ](?:week|month|woche|monat)|(?:la semaine|le mois)[ ]"
    r"(?:dernière|dernier|prochaine|prochain)))(?!\w)",
    re.IGNORECASE,
)
_NAMED_DAYS: Mapping[str, int] = {
    "the day before yesterday": -2, "vorgestern": -2, "avant-hier": -2, "yesterday": -1, "gestern": -1, "hier": -1,
    "today": 0, "tonight": 0, "heute": 0, "aujourd'hui": 0, "tomorrow": 1, "morgen": 1, "demain": 1,
    "the day after tomorrow": 2, "übermorgen": 2, "après-demain": 2,
}  # fmt: skip
_SPAN_DAYS: Mapping[str, int] = {"d": 1, "t": 1, "j": 1, "w": 7, "s": 7}
_FUTURE = re.compile(
    r"\b(?:will|by|until|before|till|need|want|deliver|can you|could you|going to|arriving|birthday|wedding"
    r"|bis|spätestens|werde|wird|kommt|brauche|jusqu|avant|livrer|besoin|sera|serai|vais)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:ordered|bought|arrived|received|since|came|was|were|got|paid|sent|returned|delivered|had|did|bestellt|gekauft|angekommen"
    r"|erhalten|seit|bekommen|kam|war|commandé|acheté|reçu|depuis|arrivé|étais|était)\b",
    re.IGNORECASE,
)
_HIER_IS_GERMAN = re.compile(
    r"\b(?:ist|ich|der|die|das|und|bin|wo|mein|meine|bestellung|nicht|bitte|sie|es)\b", re.IGNORECASE
)


def dates(text: str, *, now: datetime) -> Iterator[Slot]:
    """The days that a message names.

    A weekday or a day of a month without a year is the nearest one in the direction that the words around it point to:
    "arrived on Monday" looks back, "can you deliver by Monday" ahead; back when nothing points. Bare numbers are never
    dates. A month's name is read by dateparser.

    Args:
        text: The message.
        now: The turn's moment in the shop's zone.
    """
    today = now.date()
    for found in _NUMERIC.finditer(text):
        if (day := _numeric(found)) is not None:
            yield Slot("date", day, found.group(), *found.span())
    for found in _SHORT.finditer(text):
        if (day := _on(today, int(found["d"]), int(found["m"]), ahead=_looks_ahead(text, found.span()))) is not None:
            yield Slot("date", day, found.group(), *found.span())
    for found in _WORDS.finditer(text):
        if (day := _worded(found, text, now)) is not None:
            yield Slot("date", day, found.group(), *found.span())


def _numeric(found: re.Match[str]) -> date | None:
    if found["y"]:
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    else:
        day, month, year = int(found["d2"]), int(found["m2"]), int(found["y2"])
        year += 2000 if year < 100 else 0
        if month > 12 >= day:
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _worded(found: re.Match[str], text: str, now: datetime) -> date | None:
    today = now.date()
    if name := found["named"]:
        word = name.casefold().replace("’", "'")
        if word == "hier" and _HIER_IS_GERMAN.search(text):
            return None
        return _shifted(today, _NAMED_DAYS[word])
    if found["weekday"]:
        return _weekday(found, text, today)
    for direction, count, unit in (
        (1, "in", "inunit"),
        (1, "dans", "dansunit"),
        (-1, "ago", "agounit"),
        (-1, "vor", "vorunit"),
        (-1, "ilya", "ilyaunit"),
    ):
        if found[count]:
            return _span(today, direction, found[count], found[unit])
    if found["period"]:
        ahead = re.match(rf"(?:{_NEXT})\b|.*prochain", found["period"], re.IGNORECASE) is not None
        month = re.search(r"mon|mois", found["period"], re.IGNORECASE) is not None
        return _shifted(today, (30 if month else 7) * (1 if ahead else -1))
    return _in_month(found, text, now)


def _weekday(found: re.Match[str], text: str, today: date) -> date | None:
    wanted = _WEEKDAYS[found["weekday"].casefold()]
    which = " ".join(filter(None, (found["which"], found["after"]))).casefold()
    back = (today.weekday() - wanted) % 7 or 7
    ahead = (wanted - today.weekday()) % 7 or 7
    if re.search(rf"{_LAST}|dernier|passé", which):
        return _shifted(today, -back)
    if re.search(rf"{_NEXT}|prochain", which):
        return _shifted(today, ahead)
    if which or _looks_ahead(text, found.span()):
        return _shifted(today, ahead)
    return _shifted(today, -back)


def _in_month(found: re.Match[str], text: str, now: datetime) -> date | None:
    import dateparser

    day, month = found["day"] or found["day2"], found["month"] or found["month2"]
    year = found["year"] or found["year2"]
    base = now.replace(tzinfo=None)
    read = dateparser.parse(
        f"{int(day)} {month.rstrip('.')} {year or base.year}",
        languages=["en", "de", "fr"],
        settings={"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "STRICT_PARSING": True},
    )
    if read is None:
        return None
    if year:
        return read.date()
    return _on(now.date(), read.day, read.month, ahead=_looks_ahead(text, found.span()))


def _on(today: date, day: int, month: int, *, ahead: bool) -> date | None:
    """The day and month nearest to today in a direction; today itself is in both."""
    for year in (today.year, today.year + (1 if ahead else -1)):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found >= today) if ahead else (found <= today):
            return found
    return None


def _span(today: date, direction: int, count: str, unit: str) -> date | None:
    number = whole_number(count)
    if number is None:
        return None
    kind = unit.casefold()
    if kind.startswith("mo"):
        days = 30 * number
    elif kind.startswith(("y", "a", "ja")):
        days = 365 * number
    else:
        days = _SPAN_DAYS[kind[0]] * number
    return _shifted(today, direction * days)


def _shifted(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _looks_ahead(text: str, span: tuple[int, int]) -> bool:
    """Whether the words around a day point to the future."""
    start = max(text.rfind(mark, 0, span[0]) for mark in ".!?\n") + 1
    ends = [place for mark in "!?\n" if (place := text.find(mark, span[1])) >= 0]
    around = text[max(start, span[0] - 120) : min([*ends, span[1] + 60])]
    return _FUTURE.search(around) is not None and _PAST.search(around) is None
