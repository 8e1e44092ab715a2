"""Slips in figures: what would parse as something else (1,000 as two numbers) or not at all, told in plain words."""

from __future__ import annotations

import re

from convagent.guidance.language.line_faults import LineError, Stop

__all__ = ["explain_figure", "look_at_figures"]

_CODES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_DESCRIBED = re.compile(r'(?<=["0-9])(\s*)\([^()"]*\)')
_SYMBOL = re.compile(r"[$€£¥]\s?[0-9][0-9.,]*|(?<![0-9.,])[0-9][0-9.,]*\s?[$€£¥]")
_DATE = re.compile(r"(?<![0-9.])([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?![0-9])")
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]{1,4})?")
_DECIMAL_COMMA = re.compile(r"(?<![0-9.,])([0-9]{1,12}),([0-9]{1,4})(\s*(?:[A-Z]{3}\b|%))")
_LONG = re.compile(r"(?<![0-9.])[0-9]{13,}")
_WRITTEN = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "fourteen": 14, "thirty": 30, "hundred": 100,
}  # fmt: skip
_UNITS = {
    "minute": "minutes", "min": "minutes", "mins": "minutes", "hour": "hours", "hrs": "hours", "hr": "hours", "h": "hours",
    "day": "days", "d": "days", "workday": "business days", "workdays": "business days", "week": "weeks",
    "wk": "weeks", "month": "months", "year": "years", "yr": "years", "yrs": "years", "percent": "%", "pct": "%",
    "per": "%", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "bucks": "USD", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "yen": "JPY", "cents": "EUR", "working": "business days",
}  # fmt: skip


def look_at_figures(bare: str) -> LineError | None:
    """The first figure that can't be meant as it would be read, in a line whose texts are blanked out."""
    if not any(char in bare for char in "0123456789"):
        return None
    plain = _DESCRIBED.sub(lambda found: " " * len(found[0]), bare)
    if found := _SYMBOL.search(plain):
        sign = next(char for char in found[0] if char in _CODES)
        remedy = f"Write `{_amount(found[0])} {_CODES[sign]}`."
        return LineError("G133", "amounts are written with their currency's code", *found.span(), remedy)
    for found in _DATE.finditer(plain):
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found[0]):
            return LineError("G133", f"`{found[0]}` is not how a day is written", *found.span(), _day(found))
    if found := _THOUSANDS.search(plain):
        remedy = f"Write `{found[0].replace(',', '')}`."
        return LineError("G133", f"`{found[0]}`: numbers are written without commas", *found.span(), remedy)
    if found := _DECIMAL_COMMA.search(plain):
        remedy = f"Write `{found[1]}.{found[2]}{found[3]}`."
        return LineError("G133", "fractions are written with a point", *found.span(), remedy)
    if found := _LONG.search(plain):
        return LineError(
            "G133",
            f"a number of {len(found[0])} digits: more than 12",
            *found.span(),
            "Put a text of digits in quotes.",
        )
    return None


def _amount(written: str) -> str:
    """The number in an amount, its decimal mark a point: `1.234,50 €` → 1234.50."""
    digits = re.sub(r"[^0-9.,]", "", written).strip(".,")
    mark = max(digits.rfind(","), digits.rfind("."))
    one_kind = ("," in digits) != ("." in digits)
    thousands = one_kind and len(digits) - mark - 1 == 3 and digits[mark] == ","
    if mark < 0 or thousands or (one_kind and digits.count(digits[mark]) > 1):
        return re.sub(r"[.,]", "", digits)
    return re.sub(r"[.,]", "", digits[:mark]) + "." + digits[mark + 1 :]


def _day(found: re.Match[str]) -> str:
    first, sign, middle, last = found[1], found[2], found[3], found[4]
    if len(first) == 4 and len(last) <= 2:
        year, month, day = first, middle, last
    elif len(last) == 4 and sign == ".":
        year, month, day = last, middle, first
    else:
        return "Write year-month-day, such as 2026-11-20."
    return f"Write `{year}-{int(month):02}-{int(day):02}`."


def explain_figure(stop: Stop) -> LineError | None:
    """Faults of a number where parsing stopped: its sign, its unit."""
    bare = stop.bare
    if (figure := _WRITTEN.get(stop.found.lower())) is not None:
        return stop.fault("G133", "numbers are written in figures", f"Write `{figure}`.")
    if re.match(r"-\s*[0-9]", bare[stop.at :]) and re.search(r"([<>=(,]|\b[a-z]+)$", stop.before):
        number = re.match(r"-\s*([0-9][0-9.]*)", bare[stop.at :])
        amount = number[1] if number else "5"
        return stop.fault(
            "G133", "numbers have no sign", f"Write `(0 - {amount})`.", end=stop.at + (number.end() if number else 1)
        )
    found = re.search(r"\b([A-Z]{3})\s*([0-9][0-9.]*)$", stop.before + bare[stop.at : stop.end])
    if found is not None and stop.at <= found.end():
        remedy = f"Write `{found[2].rstrip('.')} {found[1]}`."
        return stop.fault("G133", "the currency's code stands behind the amount", remedy, found.start(), found.end())
    number = re.search(r"(?<![A-Za-z0-9_.])([0-9][0-9.]*)\s*$", stop.before)
    word = re.match(r"working days?|[A-Za-z]+", bare[stop.at :])
    if number is None or word is None:
        return None
    unit = word[0].lower().split()[0]
    meant = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    start, end = number.start(), stop.at + word.end()
    if meant is None and re.fullmatch(r"[a-z]{3}", word[0]):
        from babel.numbers import is_currency

        meant = word[0].upper() if is_currency(word[0].upper()) else None
    if meant is not None:
        return stop.fault(
            "G133",
            f"`{bare[start:end]}` is not how that is written",
            f"Write `{number[1]}{'' if meant == '%' else ' '}{meant}`.",
            start,
            end,
        )
    if word[0].islower() and len(word[0]) > 2 and unit not in {"and", "for", "not", "descending"}:
        return stop.fault(
            "G133",
            f"`{word[0]}` is no unit",
            "Units are minutes, hours, days, business days, calendar days, weeks, months, years, %, and currencies such as EUR.",
        )
    return None
