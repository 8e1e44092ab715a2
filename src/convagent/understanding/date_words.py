"""The words of days: weekdays, months, feasts, "yesterday", in English, German and French."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from convagent.understanding.feasts import FEASTS
from convagent.understanding.number_words import NUMBER_WORDS, SPELT_NUMBERS

__all__ = [
    "ABBREVIATED", "AFTER_NEXT", "COUNT", "DAY_NAMES", "FEAST_NAMES", "LAST", "MONTHS", "MONTH_NAMES", "NAMED_DAYS", "NEXT",
    "ORDINAL_DAYS", "ORDINAL_NAMES", "THIS", "WEEKDAYS",
]  # fmt: skip


def _table(values: Mapping[int, str]) -> Mapping[str, int]:
    return MappingProxyType({word: value for value, words in values.items() for word in words.split()})


def _any_of(words: Mapping[str, object]) -> str:
    """One alternative for each word, the longest first; blanks stand for any run of them."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


_OF_DAY = "morgen vormittag mittag nachmittag abend früh".split()
_WEEKDAYS = _table(
    {
        0: "monday mondays montag montags lundi", 1: "tuesday tuesdays dienstag dienstags mardi",
        2: "wednesday wednesdays wensday mittwoch mittwochs mercredi", 3: "thursday thursdays donnerstag donnerstags jeudi",
        4: "friday fridays freitag freitags vendredi", 5: "saturday saturdays samstag samstags sonnabend samedi",
        6: "sunday sundays sonntag sonntags dimanche",
    }
)  # fmt: skip
WEEKDAYS: Mapping[str, int] = MappingProxyType(
    {
        **_WEEKDAYS,
        **{
            f"{day}{part}": number
            for day, number in _WEEKDAYS.items()
            for part in _OF_DAY
            if day.endswith(("tag", "woch", "abend"))
        },
    }
)
"""Days of the week, Monday 0; in German with the part of the day."""

ABBREVIATED = _table(
    {
        0: "mon mo", 1: "tue tues di", 2: "wed weds mi", 3: "thu thur thurs do", 4: "fri fr", 5: "sat sa", 6: "sun so",
    }
)  # fmt: skip
"""Short for days of the week; words of their own as well ("sun hat"), so good only beside words that ask for a day."""

MONTHS = _table(
    {
        1: "january januar jänner janvier jan janv", 2: "february februar feber février fevrier feb febr févr fév fev",
        3: "march märz maerz mars mar mrz", 4: "april avril apr avr", 5: "may mai", 6: "june juni juin jun",
        7: "july juli juillet jul juil", 8: "august août aout aug", 9: "september septembre sep sept",
        10: "october oktober octobre oct okt", 11: "november novembre nov", 12: "december dezember décembre decembre dec dez déc",
    }
)  # fmt: skip
"""Months and what is short for them."""

NAMED_DAYS: Mapping[str, int] = MappingProxyType(
    {
        "the day before yesterday": -2, "day before yesterday": -2, "vorgestern": -2, "avant-hier": -2, "avant hier": -2,
        "yesterday": -1, "yday": -1, "yest": -1, "gestern": -1, "hier": -1, "last night": -1, "letzte nacht": -1,
        "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "heute": 0, "aujourd'hui": 0,
        "ce matin": 0, "ce soir": 0, "cet après-midi": 0,
        "tomorrow": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1, "tmrw": 1, "tmr": 1, "tomoz": 1, "morgen": 1, "demain": 1,
        "the day after tomorrow": 2, "day after tomorrow": 2, "übermorgen": 2, "uebermorgen": 2, "après-demain": 2,
        "après demain": 2,
    }
)  # fmt: skip
"""Days named from today, and how far they are."""

_TEN_DAYS = (2, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
_ENGLISH_OR_ODD = frozenset("couple pair zwo beide beiden".split())
_TENS = ("zwanzig", "dreißig", "dreissig")
_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
_TEENS = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
ORDINAL_DAYS: Mapping[str, int] = MappingProxyType(
    {word: number for number, word in enumerate([*_UNITS, *_TEENS], start=1)}
    | {f"twenty{mark}{word}": 20 + number for mark in ("-", " ") for number, word in enumerate(_UNITS, start=1)}
    | {"thirtieth": 30, "thirty-first": 31, "thirty first": 31}
    | {"ersten": 1, "erster": 1, "dritten": 3, "siebten": 7, "achten": 8, "premier": 1}
    | {
        f"{word}ten": number
        for word, number in SPELT_NUMBERS.items()
        if number in _TEN_DAYS and word not in _ENGLISH_OR_ODD
    }
    | {f"{word}sten": number for word, number in SPELT_NUMBERS.items() if 20 <= number <= 31 and word.endswith(_TENS)}
)
"""Days of a month in words."""

COUNT = r"\d{1,3}|(?:a\s)?couple\sof|" + _any_of(NUMBER_WORDS)
DAY_NAMES, MONTH_NAMES, FEAST_NAMES, ORDINAL_NAMES = map(_any_of, (WEEKDAYS, MONTHS, FEASTS, ORDINAL_DAYS))
LAST = r"last|past|previous|letzte[mnrs]?|vorige[mnrs]?|vergangene[mnrs]?"
AFTER_NEXT = r"(?:ü|ue)bern(?:ä|ae)chste[mnrs]?"
NEXT = r"this\scoming|next|coming|nächste[mnrs]?|naechste[mnrs]?|kommende[mnrs]?"
THIS = r"this|diese[mnrs]?|ce|cette"
