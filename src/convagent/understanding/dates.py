"""Days that a message names: "yesterday", "last Monday", "on 3 May", "in two weeks", "vorgestern", "il y a 3 jours"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from convagent.understanding.date_words import (
    ABBREVIATED,
    AFTER_NEXT,
    COUNT,
    DAY_NAMES,
    FEAST_NAMES,
    LAST,
    MONTH_NAMES,
    MONTHS,
    NAMED_DAYS,
    NEXT,
    ORDINAL_DAYS,
    ORDINAL_NAMES,
    THIS,
    WEEKDAYS,
)
from convagent.understanding.feasts import feast_in
from convagent.understanding.lazy_pattern import LazyPattern
from convagent.understanding.number_words import whole_number
from convagent.understanding.slot import Slot

__all__ = ["dates"]

_FLAGS = re.IGNORECASE
_DAYS = rf"{DAY_NAMES}|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun"
_SUFFIX = r"(?:st|nd|rd|th|er|\.)?"
_NAMED = "|".join(re.escape(name).replace(r"\ ", r"\s") for name in sorted(NAMED_DAYS, key=len, reverse=True))
_UNIT = r"days?|weeks?|fortnights?|months?|years?|tag(?:en|e)?|wochen?|monat(?:en|e)?|jahr(?:en|e)?|jours?|semaines?|mois|ans?"
_WEEK_PAST = (
    r"(?:of\s|in\sder\s|de\s)?(?:last\sweek|the\sweek\sbefore|letzte[rn]?\swoche|vorige[rn]?\swoche"
    r"|la\ssemaine\s(?:dernière|passée))"
)
_WEEK_AHEAD = (
    r"(?:of\s|in\sder\s|de\s)?(?:next\sweek|n(?:ä|ae)chste[rn]?\swoche|kommende[rn]?\swoche|la\ssemaine\sprochaine)"
)
_NUMERIC = LazyPattern(
    r"(?<![\w.,/-])(?:(?P<y>20\d\d)(?P<iso>[-/.])(?P<m>\d{1,2})(?P=iso)(?P<d>\d{1,2})|(?P<d2>\d{1,2})(?P<mark>[./-])(?P<m2>\d{1,2})(?P=mark)(?P<y2>20\d\d|\d\d))(?![\w/-]|\.\d)"
)
_SHORT = LazyPattern(r"(?<![\w.,/-])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?![\w])")
_IN_WEEK = LazyPattern(
    rf"(?<!\w)(?:(?P<day>{_DAYS})\.?\s(?:(?P<past>{_WEEK_PAST})|(?P<ahead>{_WEEK_AHEAD}))"
    rf"|(?:(?P<past2>{_WEEK_PAST})|(?P<ahead2>{_WEEK_AHEAD}))[\s,]+(?:on\s|am\s|le\s)?(?P<day2>{_DAYS}))(?!\w)",
    _FLAGS,
)
_PLUS_WEEK = LazyPattern(
    rf"(?<!\w)(?:(?P<day>{DAY_NAMES}|today|tomorrow)\sweek(?!\w)|(?:a\s)?week\s(?:from\s|on\s)?(?P<day2>{DAY_NAMES}|today|tomorrow)"
    rf"|(?P<day3>{DAY_NAMES}|heute|morgen)\sin\s(?:einer\swoche|8\stagen|acht\stagen)"
    rf"|(?P<day4>{DAY_NAMES}|demain)\sen\shuit|d'aujourd['’]hui\sen\shuit(?P<day5>))(?!\w)",
    _FLAGS,
)
_MONTH = LazyPattern(
    rf"(?<![\w.,/])(?:(?:the\s)?(?:(?P<day>\d{{1,2}}){_SUFFIX}|(?P<worded>{ORDINAL_NAMES}))(?:\sof)?(?:[\s-]|(?<=\d\.))(?P<month>{MONTH_NAMES})"
    rf"\.?(?:,?[\s-](?P<year>20\d\d))?|(?P<month2>{MONTH_NAMES})\.?\s(?:the\s)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![.,]?\d)"
    rf"(?:,?\s(?P<year2>20\d\d))?)(?![\w%€])",
    _FLAGS,
)
_SPAN_OF_DAYS = LazyPattern(
    rf"(?<![\w.,/])(?P<first>\d{{1,2}}){_SUFFIX}\s?(?:-|–|to|and|until|till|bis|und|au|et)\s?(?:zum\s|the\s)?"
    rf"\d{{1,2}}{_SUFFIX}(?:\sof)?\s(?P<month>{MONTH_NAMES})(?!\w)",
    _FLAGS,
)
_END_OF_MONTH = LazyPattern(
    r"(?<!\w)(?:(?:the\s)?end\sof\s(?:the|this)\smonth|month['’]?s?\send|(?:ende\s(?:des|dieses)\s|ende\sdiesen\s)monats|monatsende"
    r"|(?:la\s)?fin\s(?:du|de\sce)\smois|(?P<next>(?:the\s)?end\sof\snext\smonth|ende\s(?:nächsten|kommenden)\smonats"
    rf"|(?:la\s)?fin\sdu\smois\sprochain)|(?:(?:the\s)?end\sof|ende|fin)\s(?P<month>{MONTH_NAMES}))(?!\w)",
    _FLAGS,
)
_FEAST = LazyPattern(
    rf"(?<!\w)(?:before|by|for|at|on|until|till|since|after|bis|vor|zu|an|am|seit|nach|zum|avant|pour|depuis|jusqu['’]à|d['’]ici|à"
    rf"|après)\s(?P<feast>{FEAST_NAMES})(?![\w-]|\s(?!(?:please|bitte|und|and|or|oder|et|ou|da|here|ankommen|kommt|is|if|then)\b)[a-zäöü]{{3,}})",
    _FLAGS,
)
# A day without its month: English with its ending, German before a small letter, French at the end of a clause.
_DAY_OF_MONTH = LazyPattern(
    r"(?<![\w.])(?:(?:on|by|before|until|till|from|since|after|for|arrived|came|delivered|ordered)\sthe\s(?P<en>\d{1,2})(?:st|nd|rd|th)"
    r"(?=\s*(?:$|[.,;!?)]|(?:please|and|or|but|at|if|because|so|to|then|already|when)\b))"
    r"|(?:am|bis\szum|vor\sdem|seit\sdem|vom|zum|nach\sdem)\s(?P<de>\d{1,2})\.(?=\s*(?:$|[,;!?)]|[a-zäöü]))"
    r"|(?:le|du|au)\s(?P<fr>\d{1,2})(?=\s*(?:$|[.,;!?)]|(?:et|mais|ou|à|au|car|svp|pour)\b)))"
)
_WEEKDAY_AND_DAY = LazyPattern(
    rf"(?<!\w)(?P<weekday>{_DAYS}),?\s(?:(?:the\s)?(?P<en>\d{{1,2}})(?:st|nd|rd|th)(?!\sof\b|\s(?:{MONTH_NAMES})\b)"
    rf"|(?:(?:den|der|dem)\s)?(?P<de>\d{{1,2}})\.(?!\s?(?:\d|{MONTH_NAMES}))|(?:le\s)?(?P<fr>\d{{1,2}})(?=\s*(?:$|[,;!?)])))",
    _FLAGS,
)
"""A weekday and the day of its month, which say together in which month that is: "thursday the 25th"."""
_SPAN = LazyPattern(
    rf"(?<!\w)(?:in\s(?P<in>{COUNT})\s(?P<inunit>{_UNIT})(?:\stime)?|dans\s(?P<dans>{COUNT})\s(?P<dansunit>{_UNIT})"
    rf"|(?P<ago>{COUNT})\s(?P<agounit>{_UNIT})\s(?:ago|back(?=\W*$))|vor\s(?P<vor>{COUNT})\s(?P<vorunit>{_UNIT})"
    rf"|(?:il\s)?y\sa\s(?P<ilya>{COUNT})\s(?P<ilyaunit>{_UNIT}))(?!\w)",
    _FLAGS,
)
_PERIOD = LazyPattern(
    rf"(?<!\w)(?:(?:(?P<last>{LAST})|(?P<next>{NEXT}))\s(?P<unit>week|month|woche|monat)"
    r"|(?:la|le|l['’])\s?(?P<unit2>semaine|mois)\s(?:(?P<last2>dernière?|passée?)|(?P<next2>prochaine?)))(?!\w)",
    _FLAGS,
)
_NAMED_DAY = LazyPattern(rf"(?<![\w’'-])(?:{_NAMED})(?![\w-])", _FLAGS)
_WEEKDAY = LazyPattern(
    rf"(?<!\w)(?:(?P<which>{LAST}|{AFTER_NEXT}|{NEXT}|{THIS})\s)?(?P<day>{DAY_NAMES})(?:\s(?P<after>dernier|prochain|passé))?(?!\w)",
    _FLAGS,
)
_BRIEFLY = LazyPattern(
    r"(?<!\w)(?:(?P<cue>last|next|this|on|by|until|till|since|before|after|came|arrived|ordered|delivered|late|early)\s"
    r"(?P<day>[Mm]on|[Tt]ues?|[Ww]eds?|[Tt]hu(?:rs?)?|[Ff]ri|Sat|Sun|MON|TUE|WED|THU|FRI|SAT|SUN)"
    r"|(?P<cue2>[Aa]m|[Bb]is|[Aa]b|[Ss]eit|[Vv]or|[Nn]ach|[Dd]iesen|[Kk]ommenden|[Nn](?:ä|ae)chsten|[Ll]etzten|[Vv]origen)\s"
    r"(?P<day2>Mo|Di|Mi|Do|Fr|Sa|So)\.?)(?![\w'’-])"
)
_HIER_IS_GERMAN = LazyPattern(
    r"\b(?:ist|ich|der|die|das|und|bin|wo|mein|meine|bestellung|nicht|bitte|sie|es)\b", re.IGNORECASE
)
_FUTURE = LazyPattern(
    r"\b(?:will|by|until|before|till|need|want|deliver|can you|could you|going to|arriving|birthday|wedding|please"
    r"|bis|spätestens|werde|wird|kommt|brauche|jusqu|avant|livrer|besoin|sera|serai|vais|d['’]ici|vor dem)\b",
    re.IGNORECASE,
)
_PAST = LazyPattern(
    r"\b(?:ordered|bought|arrived|received|since|came|was|were|got|paid|sent|returned|delivered|had|did|bestellt|gekauft|angekommen"
    r"|erhalten|seit|bekommen|kam|war|geliefert|commandé|acheté|reçu|depuis|arrivé|étais|était|livrée?)\b",
    re.IGNORECASE,
)


_AHEAD = frozenset({"next", "kommenden", "nächsten", "naechsten", "ab"})
_BACK = frozenset({"last", "letzten", "vorigen", "seit"})


def dates(text: str, *, now: datetime) -> Iterator[Slot]:
    """The days that a message names, those of several words before those of one; they may overlap, the first counts.

    A weekday, a day of a month without a year or a bare "the 12th" is the nearest one in the direction that the words
    around it point to: "arrived on Monday" looks back, "can you deliver by Monday" ahead. When nothing points, a day with its
    month is the nearer of the two, any other the one before today. Figures
    are day before month, unless that gives no day. "A month ago" is the same day of that month, or its last.

    Args:
        text: The message.
        now: The turn's moment in the shop's zone.
    """
    today = now.date()
    readers: tuple[tuple[LazyPattern, Callable[[re.Match[str], str, date], date | None]], ...] = (
        (_NUMERIC, _numeric), (_SHORT, _short), (_IN_WEEK, _in_week), (_PLUS_WEEK, _plus_week), (_SPAN_OF_DAYS, _first_day),
        (_MONTH, _in_month), (_END_OF_MONTH, _end_of_month), (_FEAST, _feast),
        (_WEEKDAY_AND_DAY, _weekday_and_day), (_DAY_OF_MONTH, _day_of_month), (_SPAN, _span),
        (_NAMED_DAY, _named_day), (_PERIOD, _period), (_WEEKDAY, _weekday), (_BRIEFLY, _briefly),
    )  # fmt: skip
    written: list[int] = []  # where days with their month begin: a weekday before one says nothing more
    for shape, read in readers:
        for found in shape.finditer(text):
            day = read(found, text, today)
            if day is None:
                continue
            if shape in (_NUMERIC, _SHORT, _MONTH):
                written.append(found.start())
            if shape in (_WEEKDAY, _BRIEFLY) and any(0 < start - found.end() <= 6 for start in written):
                gap = text[found.end() : next(s for s in written if 0 < s - found.end() <= 6)]
                if re.fullmatch(r"[\s,.]*(?:the|den|dem|le|am)?\s*", gap):
                    continue
            name = next((name for name in ("feast", "first") if name in shape.groupindex), 0)
            yield Slot("date", day, found.group(name), *found.span(name))


def _numeric(found: re.Match[str], _text: str, _today: date) -> date | None:
    if found["y"]:
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    else:
        day, month, year = int(found["d2"]), int(found["m2"]), int(found["y2"])
        year += 2000 if year < 100 else 0
        if month > 12 >= day:
            day, month = month, day
    return _date(year, month, day)


def _short(found: re.Match[str], text: str, today: date) -> date | None:
    return _nearest(today, int(found["d"]), int(found["m"]), text, found.span())


def _in_week(found: re.Match[str], _text: str, today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    weeks = -1 if found["past"] or found["past2"] else 1
    return _shifted(monday, 7 * weeks + _weekday_number(found["day"] or found["day2"]))


def _plus_week(found: re.Match[str], _text: str, today: date) -> date | None:
    name = next((name for number in ("day", "day2", "day3", "day4") if (name := found[number])), "heute").casefold()
    days = NAMED_DAYS[name] if name in NAMED_DAYS else ((WEEKDAYS[name] - today.weekday()) % 7 or 7)
    return _shifted(today, days + 7)


def _first_day(found: re.Match[str], text: str, today: date) -> date | None:
    return _nearest(today, int(found["first"]), MONTHS[found["month"].casefold()], text, found.span())


def _in_month(found: re.Match[str], text: str, today: date) -> date | None:
    figures, month = found["day"] or found["day2"], found["month"] or found["month2"]
    day = int(figures) if figures else ORDINAL_DAYS[found["worded"].casefold()]
    if year := found["year"] or found["year2"]:
        return _date(int(year), MONTHS[month.casefold()], day)
    return _nearest(today, day, MONTHS[month.casefold()], text, found.span())


def _end_of_month(found: re.Match[str], text: str, today: date) -> date | None:
    if found["month"]:
        month = MONTHS[found["month"].casefold()]
        first = _on(today, 1, month, ahead=_looks_ahead(text, found.span()))
    else:
        first = _months_on(today.replace(day=1), 1 if found["next"] else 0)
    return first and first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _feast(found: re.Match[str], text: str, today: date) -> date | None:
    name = " ".join(found["feast"].casefold().replace("’", "'").split())
    ahead = _PAST.search(text[max(0, found.start() - 60) : found.start("feast")]) is None
    for year in (today.year, today.year + (1 if ahead else -1)):
        day = feast_in(name, year)
        if day is not None and ((day >= today) if ahead else (day <= today)):
            return day
    return None


def _weekday_and_day(found: re.Match[str], text: str, today: date) -> date | None:
    """The nearest day of the month that falls on that weekday: this month, or the next or last one where the words point."""
    day, wanted = int(found["en"] or found["de"] or found["fr"]), _weekday_number(found["weekday"])
    step = 1 if _looks_ahead(text, found.span()) else -1
    firsts = (_months_on(today.replace(day=1), months) for months in (0, step, -step))
    days = (_date(first.year, first.month, day) for first in firsts if first is not None)
    return next((made for made in days if made is not None and made.weekday() == wanted), None)


def _day_of_month(found: re.Match[str], text: str, today: date) -> date | None:
    day, step = int(found["en"] or found["de"] or found["fr"]), 1 if _looks_ahead(text, found.span()) else -1
    for months in range(3):
        first = _months_on(today.replace(day=1), step * months)
        made = first and _date(first.year, first.month, day)
        if made is not None and (made >= today if step > 0 else made <= today):
            return made
    return None


def _span(found: re.Match[str], _text: str, today: date) -> date | None:
    for direction, name in ((1, "in"), (1, "dans"), (-1, "ago"), (-1, "vor"), (-1, "ilya")):
        if count := found[name]:
            plain = count.casefold()
            number = 2 if "couple" in plain else whole_number(plain)
            return None if number is None else _away(today, direction * number, found[f"{name}unit"].casefold(), plain)
    return None


def _away(today: date, count: int, unit: str, written: str) -> date | None:
    """The day so many units away. French counts weeks as 8 and 15 days when it says the number."""
    if unit.startswith("mo"):
        return _months_on(today, count)
    if unit.startswith(("y", "a", "ja")):
        return _months_on(today, 12 * count)
    if unit.startswith("j") and written in ("huit", "quinze"):
        return _shifted(today, (7 if written == "huit" else 14) * (1 if count > 0 else -1))
    days = 14 if unit.startswith("f") else 7 if unit.startswith(("w", "s")) else 1
    return _shifted(today, days * count)


def _named_day(found: re.Match[str], text: str, today: date) -> date | None:
    word = " ".join(found.group().casefold().replace("’", "'").split())
    if word == "hier" and _HIER_IS_GERMAN.search(text):
        return None
    if word == "morgen" and re.search(r"\bguten?\s$", text[max(0, found.start() - 8) : found.start()], re.IGNORECASE):
        return None
    return _shifted(today, NAMED_DAYS[word])


def _period(found: re.Match[str], _text: str, today: date) -> date | None:
    unit = (found["unit"] or found["unit2"]).casefold()
    return _away(today, 1 if found["next"] or found["next2"] else -1, unit, "")


def _weekday(found: re.Match[str], text: str, today: date) -> date | None:
    wanted = WEEKDAYS[found["day"].casefold()]
    which = " ".join(filter(None, (found["which"], found["after"]))).casefold()
    back = (today.weekday() - wanted) % 7 or 7
    ahead = (wanted - today.weekday()) % 7 or 7
    if re.search(rf"{LAST}|dernier|passé", which):
        return _shifted(today, -back)
    if re.search(AFTER_NEXT, which):
        return _shifted(today, ahead + 7)
    if re.search(rf"{NEXT}|prochain", which):
        return _shifted(today, ahead)
    looks_ahead = _looks_ahead(text, found.span()) or (which and not _PAST.search(_around(text, found.span())))
    return _shifted(today, ahead if looks_ahead else -back)


def _briefly(found: re.Match[str], text: str, today: date) -> date | None:
    wanted, cue = _weekday_number(found["day"] or found["day2"]), (found["cue"] or found["cue2"]).casefold()
    ahead = cue in _AHEAD or (cue not in _BACK and _looks_ahead(text, found.span()))
    return _shifted(today, (wanted - today.weekday()) % 7 or 7 if ahead else -((today.weekday() - wanted) % 7 or 7))


def _weekday_number(name: str) -> int:
    plain = name.casefold()
    return WEEKDAYS[plain] if plain in WEEKDAYS else ABBREVIATED[plain]


def _on(today: date, day: int, month: int, *, ahead: bool) -> date | None:
    """The day and month nearest to today in a direction; today itself is in both."""
    for year in (today.year, today.year + (1 if ahead else -1)):
        found = _date(year, month, day)
        if found is not None and ((found >= today) if ahead else (found <= today)):
            return found
    return None


def _nearest(today: date, day: int, month: int, text: str, span: tuple[int, int]) -> date | None:
    """The day and month in the direction that the words around it point to; where nothing points, the nearer of the two."""
    around = _around(text, span)
    back, ahead = _on(today, day, month, ahead=False), _on(today, day, month, ahead=True)
    if _PAST.search(around) is not None or ahead is None:
        return back
    if _FUTURE.search(around) is not None or back is None:
        return ahead
    return ahead if ahead - today < today - back else back


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months_on(day: date, months: int) -> date | None:
    """The same day so many months on, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shifted(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def _around(text: str, span: tuple[int, int]) -> str:
    """The sentence that a day stands in."""
    start = max(text.rfind(mark, 0, span[0]) for mark in ".!?\n") + 1
    ends = [place for mark in "!?\n" if (place := text.find(mark, span[1])) >= 0]
    return text[max(start, span[0] - 120) : min([*ends, span[1] + 60])]


def _looks_ahead(text: str, span: tuple[int, int]) -> bool:
    """Whether the words around a day point to the future."""
    around = _around(text, span)
    return _FUTURE.search(around) is not None and _PAST.search(around) is None
